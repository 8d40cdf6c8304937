import pytest
from pydantic import ValidationError

from tests.flows.fakes import FakeConversation, card


async def test_it_puts_tags_on_and_takes_them_off() -> None:
    conversation = FakeConversation()
    await card("{id: mark, card: tag, add: [vip, segunda via]}").play(conversation)
    assert await card("{id: mark, card: tag, add: [pagou], remove: [vip]}").play(conversation) == "done"
    assert conversation.tags == ("segunda via", "pagou")
    assert conversation.events[2:] == [("tag_removed", {"tag": "vip"}), ("tag_added", {"tag": "pagou"})]


async def test_what_is_so_already_is_not_written_down_again() -> None:
    conversation = FakeConversation()
    marks = card("{id: mark, card: tag, add: [vip], remove: [novo]}")
    await marks.play(conversation)
    await marks.play(conversation)
    assert conversation.events == [("tag_added", {"tag": "vip"})]


async def test_a_condition_may_ask_for_a_tag() -> None:
    conversation = FakeConversation()
    await card("{id: mark, card: tag, add: [vip]}").play(conversation)
    assert conversation.evaluate("'vip' in conversation.tags") is True
    assert conversation.evaluate("'novo' in conversation.tags") is False


@pytest.mark.parametrize(
    ("written", "mistake"),
    [
        ("{id: mark, card: tag}", "expected tags under 'add' or 'remove'"),
        ("{id: mark, card: tag, add: [a, b], remove: [b]}", "'b' cannot be added and removed at once"),
        ("{id: mark, card: tag, add: ['a, b']}", "pattern"),
        ("{id: mark, card: tag, add: [' a']}", "pattern"),
        ("{id: mark, card: tag, add: ['']}", "pattern"),
    ],
)
def test_tags_that_make_no_sense_are_refused(written: str, mistake: str) -> None:
    with pytest.raises(ValidationError, match=mistake):
        card(written)
