from tests.flows.fakes import FakeConversation, card


async def test_it_writes_a_note_that_the_contact_does_not_read() -> None:
    conversation = FakeConversation(variables={"count": 2})
    assert await card('{id: tell, card: note, text: "Tem {{ count }} boletos.\\n"}').play(conversation) == "done"
    assert conversation.events == [("note_added", {"text": "Tem 2 boletos."})]
    assert conversation.said == []


async def test_an_empty_note_is_not_written() -> None:
    conversation = FakeConversation(variables={"reason": None})
    await card('{id: tell, card: note, text: "{{ reason }}"}').play(conversation)
    assert conversation.events == []
