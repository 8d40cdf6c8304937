import pytest
from pydantic import ValidationError

from flows.play_result import CloseConversation
from tests.flows.fakes import FakeConversation, card


async def test_it_ends_the_conversation_with_its_resolution() -> None:
    conversation = FakeConversation()
    goodbye = card("{id: bye, card: close, resolution: no_answer}")
    assert await goodbye.play(conversation) == CloseConversation("no_answer")


async def test_a_conversation_is_resolved_when_nothing_else_is_said() -> None:
    conversation = FakeConversation()
    assert await card("{id: bye, card: close}").play(conversation) == CloseConversation("resolved")


def test_its_only_exit_leads_to_the_end() -> None:
    assert [(way.name, way.target) for way in card("{id: bye, card: close, next: a}").ways_out()] == [("done", "end")]


def test_a_resolution_is_one_word() -> None:
    with pytest.raises(ValidationError, match="resolution"):
        card("{id: bye, card: close, resolution: Tudo certo}")
