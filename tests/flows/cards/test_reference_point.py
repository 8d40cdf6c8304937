import pytest
from pydantic import ValidationError

from tests.flows.fakes import FakeConversation, card


async def test_it_writes_down_that_the_conversation_has_come_here() -> None:
    conversation = FakeConversation()
    assert await card("{id: here, card: reference_point, name: copy_delivered}").play(conversation) == "done"
    assert conversation.events == [("reference_point_reached", {"name": "copy_delivered"})]


def test_it_has_a_name_that_reports_can_count_by() -> None:
    with pytest.raises(ValidationError, match="name"):
        card("{id: here, card: reference_point, name: Segunda via entregue}")
