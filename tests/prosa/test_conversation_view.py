from datetime import UTC, datetime

from rich.console import Console

from domain.contact import Known
from journal.conversations import ConversationRow
from prosa.conversation_view import show
from usecases.conversations import ConversationView

AT = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
ROW = ConversationRow(
    conversation_id="ab",
    protocol="20260302-000001",
    account="site",
    channel="webchat",
    address="visitor",
    name="Ana",
    workflow_id="conversation:site:1",
    flow="hello",
    flow_version="f" * 64,
    flow_number=1,
    card="ask",
    stage="bot",
    opened_at=AT,
    ended_at=None,
    resolution=None,
    last_seq=1,
    last_at=AT,
    turns=1,
)


def facts(row: ConversationRow = ROW, known: Known | None = None, **more: tuple[str, ...]) -> str:
    console = Console(width=120)
    with console.capture() as capture:
        show(console, ConversationView(row, [], [], known or Known(), None, "waits", **more))
    return " ".join(capture.get().split())


def test_what_keeps_a_conversation_and_what_helps_is_said() -> None:
    said = facts(keeps=("the call to billing [ERP] has failed",), mend=("look at the ERP", "then wait"))
    assert "now waits but the call to billing [ERP] has failed to do look at the ERP then wait id ab" in said


def test_of_a_contact_links_are_told_in_full_and_facts_by_name() -> None:
    said = facts(known=Known(document="52998224725", links={"billing": "7841"}))
    assert "known document, 7841 in billing account" in said
    assert "52998224725" not in said


def test_a_survey_is_told_with_its_score_or_that_there_is_none() -> None:
    assert "survey nps 9 now" in facts(ROW.model_copy(update={"survey": "nps", "score": 9}))
    assert "survey nps - now" in facts(ROW.model_copy(update={"survey": "nps"}))
