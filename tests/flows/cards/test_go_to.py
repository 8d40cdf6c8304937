import pytest
from pydantic import ValidationError

from tests.flows.fakes import FakeConversation, card


@pytest.mark.parametrize("target", ["menu", "end", "flow:vendas"])
async def test_its_only_exit_leads_where_it_says(target: str) -> None:
    there = card(f"{{id: back, card: go_to, go: '{target}'}}")
    conversation = FakeConversation()
    assert await there.play(conversation) == "done"
    assert [(way.name, way.target) for way in there.ways_out()] == [("done", target)]
    assert conversation.events == []


def test_it_has_to_lead_somewhere() -> None:
    with pytest.raises(ValidationError, match="go"):
        card("{id: back, card: go_to, next: menu}")
