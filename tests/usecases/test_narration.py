from datetime import UTC, datetime
from typing import Any, get_args

from domain.event import EventKind
from domain.message import Part
from journal.conversations import JournalRow, PartRow
from prosa.conversation_view import STYLES
from runtime.wording import moment
from usecases import narration

NOW = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)


def row(seq: int, kind: Any, **data: Any) -> JournalRow:
    return JournalRow(
        id=seq,
        conversation_id="ab",
        seq=seq,
        kind=kind,
        at=NOW,
        recorded_at=NOW,
        card="ask",
        flow="hello",
        version="0123456789abcdef",
        data=data,
        fingerprint="",
    )


def part(seq: int, **facts: Any) -> PartRow:
    return PartRow(
        conversation_id="ab", seq=seq, account="site", channel="webchat", address="a", part=Part(seq=seq), **facts
    )


def test_every_kind_of_event_has_words_and_a_style() -> None:
    for line in narration.tell([row(1, kind) for kind in get_args(EventKind)], everything=True):
        assert line.text
        assert "does not know" not in line.text
        assert line.who in STYLES


def test_a_kind_that_another_version_has_written_is_named_and_the_rest_is_told() -> None:
    told = narration.tell([row(1, "robot_sang", song="la"), row(2, "tag_added", tag="vip")])
    assert [line.text for line in told] == [
        "robot_sang, an event that this version of Prosa does not know",
        "tags it 'vip'",
    ]


def test_a_call_tells_outcome_attempts_and_seconds() -> None:
    called = row(1, "erp_called", connection="billing", operation="find", outcome="ok", attempts=3, seconds=4.2)
    assert narration.tell([called])[0].text == "billing.find: ok, 3 attempts, 4.2 s"


def test_a_call_that_failed_tells_for_how_long_it_was_tried_and_why() -> None:
    called = row(1, "erp_called", connection="billing", operation="find", outcome="failed", seconds=120, reason="no")
    assert narration.tell([called])[0].text == "billing.find: failed, after 2 min of trying: no"
    called = row(1, "erp_called", connection="b", operation="f", outcome="failed", seconds=120, attempts=15, reason="")
    assert narration.tell([called])[0].text == "b.f: failed, 15 attempts, after 2 min of trying"


def test_who_tells_people_is_prosa() -> None:
    told = [row(1, "email_sent", email="team", event="handed_over", outcome="ok", seconds=0), row(2, "webhook_posted")]
    assert [line.who for line in narration.tell(told)] == ["prosa", "prosa"]


def test_a_proof_of_who_it_is_tells_means_and_result() -> None:
    place = {"connection": "billing", "customer": "C-1", "by": "code"}
    rows = [
        row(1, "identity_checked", **place, outcome="ok", result="sent", to="a•••@b•••.example"),
        row(2, "identity_checked", **place, outcome="failed", reason="no answer"),
        row(3, "identity_proved", **place),
    ]
    assert [line.text for line in narration.tell(rows)] == [
        "proof of customer C-1 of billing, by code: sent to a•••@b•••.example",
        "proof of customer C-1 of billing, by code: failed",
        "has proved to be customer C-1 of billing, by code",
    ]


def test_people_who_act_are_named() -> None:
    skipped = row(1, "wait_skipped", by="ana", reason="r", exit="no_answer")
    retried = row(2, "step_retried", by="ana", reason="")
    ended = row(3, "conversation_ended", resolution="closed", by="ana", reason="solved by phone")
    assert [line.text for line in narration.tell([skipped, retried, ended])] == [
        "ana skips the wait, by no_answer: r",
        "ana has the failed step played again",
        "ended: closed, by ana: solved by phone",
    ]


def test_delays_tags_notes_and_surveys_are_told_in_words() -> None:
    rows = [
        row(1, "delay_begun", until=NOW.isoformat(), interruptible=True),
        row(2, "tag_added", tag="vip"),
        row(3, "tag_removed", tag="vip"),
        row(4, "note_added", text="Tem 2 boletos."),
        row(5, "reference_point_reached", name="copy_delivered"),
        row(6, "survey_asked", survey="nps", lowest=0, highest=10),
        row(7, "survey_answered", survey="nps", score=9),
        row(8, "survey_commented", survey="nps", comment="Foi rápido"),
        row(9, "survey_unanswered", survey="nps", reason="declined"),
        row(10, "priority_set", priority="high"),
        row(14, "handed_over", queue="main", agent="", priority="high", skills=["fibra"], note="sem internet"),
        row(15, "agent_joined", by="bia"),
        row(16, "message_sent", by="bia", text="Oi"),
        row(17, "handover_resolved", by="bia", note=""),
        row(11, "contact_updated", fields=["email", "fields.plan"]),
        row(12, "contact_refused", field="phone", reason="area_code"),
        row(13, "contact_linked", connection="billing", customer="C-1001", by="phone"),
    ]
    assert [(line.who, line.text) for line in narration.tell(rows)] == [
        ("prosa", f"lets time pass until {moment(NOW)}, or the contact says something"),
        ("flow", "tags it 'vip'"),
        ("flow", "takes the tag 'vip' off"),
        ("note", "Tem 2 boletos."),
        ("flow", "reaches the reference point copy_delivered"),
        ("survey", "asks for nps, 0 to 10"),
        ("survey", "nps = 9"),
        ("survey", "because: Foi rápido"),
        ("survey", "no nps: declined"),
        ("flow", "gives it the priority high"),
        ("person", "passed to main, who know fibra, high priority: sem internet"),
        ("person", "bia joins"),
        ("person", "bia: Oi"),
        ("person", "bia has resolved it"),
        ("answer", "keeps of the contact: email, fields.plan"),
        ("answer", "does not keep phone: area_code"),
        ("answer", "is customer C-1001 of billing"),
    ]


def test_scores_to_be_tapped_are_told_in_one_line() -> None:
    scores = [{"id": f"csat_{n}", "label": str(n)} for n in range(1, 6)]
    assert narration.tell([row(1, "message_sent", text="De 1 a 5?", options=scores)])[0].text == (
        "De 1 a 5?\n  1 · 2 · 3 · 4 · 5"
    )


def test_links_are_told_with_where_they_lead() -> None:
    (line,) = narration.tell([row(1, "message_sent", text="Oi", links=[{"title": "Ver", "url": "https://a.example/"}])])
    assert line.text == "Oi\n  Ver: https://a.example/"


def test_places_and_contact_cards_are_told_in_words_whoever_sends_them() -> None:
    place = {"latitude": -27.1, "longitude": -52.6, "name": "Loja", "address": "Rua A, 1"}
    rows = [
        row(1, "message_received", location={"latitude": -27.1, "longitude": -52.6}),
        row(2, "message_sent", location=place),
        row(3, "message_sent", contact_card={"name": "Ana", "phones": ["123"]}),
    ]
    assert [line.text for line in narration.tell(rows)] == [
        "[location -27.100000,-52.600000]",
        "[location Loja, Rua A, 1]",
        "[contact card Ana, 123]",
    ]


def test_a_message_that_did_not_arrive_says_so() -> None:
    rows = [row(1, "message_sent", text="Olá"), row(2, "message_sent", text="Oi"), row(3, "message_sent", text="Ei")]
    parts = [part(1, state="sent"), part(2, state="unknown", reason="cut off"), part(3, state="sent", repeated=True)]
    assert [line.text for line in narration.tell(rows, parts)] == [
        "Olá",
        "Oi  (unknown: cut off)",
        "Ei  (may have arrived twice)",
    ]


def test_ordinary_exits_go_without_saying_unless_all_is_asked_for() -> None:
    exits = ("done", "when_1", "answered_yes", "failed", "no_answer")
    rows = [row(n, "exit_taken", exit=name, target="end") for n, name in enumerate(exits)]
    assert [line.text for line in narration.tell(rows)] == ["exit failed → end", "exit no_answer → end"]
    assert len(narration.tell(rows, everything=True)) == 5


def test_every_flow_version_that_was_entered_is_named_once() -> None:
    entered = [("a", 1), ("b", 2), ("a", 1)]
    rows = [row(n, "flow_entered", flow=name, number=number) for n, (name, number) in enumerate(entered)]
    assert narration.flows_entered(rows) == [("a", 1, "0123456789"), ("b", 2, "0123456789")]


def test_who_has_opened_it_for_the_company_and_why_is_said() -> None:
    def said(**outreach: str) -> str:
        (line,) = narration.tell([row(1, "conversation_initiated", outreach={"flow": "follow_up", **outreach})])
        return line.text

    assert said(by="ana", reason="pediu retorno") == "opened by ana, with flow follow_up: pediu retorno"
    assert said() == "opened by the company, with flow follow_up"
