from tests.flows.fakes import FakeConversation, card

EXPECT = "{id: address, card: expect_event, event: payment, save_url_as: payment_url}"


async def test_it_keeps_the_address_at_which_the_event_may_be_told() -> None:
    conversation = FakeConversation()

    assert await card(EXPECT).play(conversation) == "done"
    assert conversation.variables == {"payment_url": "https://example.com/events/payment"}


async def test_the_address_stands_in_no_journal_as_whoever_knows_it_can_tell_the_event() -> None:
    conversation = FakeConversation()

    await card(EXPECT).play(conversation)
    assert conversation.events == [("event_expected", {"event": "payment"})]


def test_a_drawing_names_the_event() -> None:
    assert card(EXPECT).summary() == "payment"
