"""The doctor's judgement, on facts made up here; the planted problems try it on real processes."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.conversation import Stage
from domain.event import Event, EventKind
from journal import diagnosis, events, turn
from journal.conversations import ConversationRow
from journal.database import Database, upgrade
from runtime.mail_sections import MailSection
from runtime.sections import Account, Connection
from runtime.settings import Settings
from tests.journal.factory import deliver, first_turn, message_id
from usecases.doctor import causes, failures, open_ones, people, store
from usecases.doctor.open_ones import Seen
from usecases.pending_work import PendingWork, Trying, plain

NOW = datetime.now(UTC)
LONG_AGO = NOW - timedelta(days=8)


def row(protocol: str = "20260302-000001", last_at: datetime | None = None) -> ConversationRow:
    return ConversationRow(
        conversation_id=protocol,
        protocol=protocol,
        account="site",
        channel="webchat",
        address="a",
        name="",
        workflow_id="w",
        flow="main",
        flow_version="",
        flow_number=1,
        card="ask",
        stage="bot",
        opened_at=last_at or datetime.now(UTC),
        ended_at=None,
        resolution=None,
        last_seq=1,
        last_at=last_at or datetime.now(UTC),
        turns=1,
    )


def stands(*, attempt: int = 0, waits_since: datetime | None = None, problem: str = "") -> PendingWork:
    return PendingWork(
        workflow_id="w", run_id="r", trying=(), attempt=attempt, waits_since=waits_since, problem=problem
    )


def said(*seen: Seen) -> str:
    return " ".join(f"{finding.level} {finding.what} {' '.join(finding.mend)}" for finding in open_ones.look(seen))


def test_a_conversation_that_waits_is_fine() -> None:
    assert said(Seen(row(), stands())) == "fine 1 open conversation, none of them stuck "


def test_one_without_a_workflow_is_lost_unless_it_has_just_moved() -> None:
    assert "Temporal has no workflow" in said(Seen(row(last_at=LONG_AGO), None))
    assert "none of them stuck" in said(Seen(row(), None))


def test_one_that_knows_less_than_its_journal_is_behind_and_finds_its_way() -> None:
    assert "notice 1 conversation behind what the journal says" in said(Seen(row(), stands(), knows=0))
    assert "none of them stuck" in said(Seen(row(), stands(), knows=1))


def test_one_whose_code_fails_is_stuck_and_the_cause_is_told_apart() -> None:
    ours = Seen(row(), stands(attempt=5, problem="KeyError: 'x'"))
    foreign = Seen(row(), stands(attempt=5, problem=plain("[TMPRL1100] Nondeterminism error")))
    assert "its next step fails again and again: KeyError: 'x'" in said(ours)
    assert "a worker plays it with other code than it began with" in said(foreign)
    assert "stuck (" not in said(Seen(row(), stands(attempt=2)))


def test_one_whose_step_nobody_takes_waits_for_a_worker() -> None:
    assert "waiting for a worker" in said(
        Seen(row(), stands(attempt=1, waits_since=datetime.now(UTC) - timedelta(minutes=1)))
    )
    assert "waiting for a worker" not in said(Seen(row(), stands(attempt=1, waits_since=datetime.now(UTC))))


def test_one_that_is_quiet_for_a_week_is_worth_a_look() -> None:
    assert "notice 1 conversation without any event for a week" in said(Seen(row(last_at=LONG_AGO), stands()))


@pytest.mark.parametrize(
    ("stage", "minutes", "told"), [("queue", 61, True), ("queue", 59, False), ("agent", 61, False)]
)
def test_a_contact_who_has_waited_for_people_for_more_than_an_hour_is_told_of(
    stage: Stage, minutes: int, *, told: bool
) -> None:
    since = datetime.now(UTC) - timedelta(minutes=minutes)
    waiting = row().model_copy(update={"stage": stage, "queue": "support", "queued_at": since})
    words = said(Seen(waiting, stands()))
    assert ("notice 1 conversation waiting for people for more than an hour: 20260302-000001" in words) is told
    assert ("`prosa conversation say 20260302-000001 TEXT` answers one" in words) is told


def test_many_are_counted_and_a_few_named() -> None:
    rows = [row(f"20260302-00000{number}") for number in range(5)]
    assert failures.names(rows) == "20260302-000000, 20260302-000001, 20260302-000002 and 2 more"


def test_what_is_tried_again_tells_how_often_why_and_until_when() -> None:
    trying = Trying("call_erp", "billing", 4, "erp_unavailable", "no answer", NOW, NOW, NOW, taken=True)
    assert trying.words.startswith("the call to billing has failed 3 times: no answer; tried again at ")
    waiting = Trying("deliver", "", 1, "", "", NOW, None, None, taken=False)
    assert waiting.words.startswith("the sending of its messages waits for a worker since ")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("credential", "refuses our credential"),
        ("not_sent", "does not take messages"),
        ("operator", "cannot be worked"),
    ],
)
def test_each_error_of_a_provider_has_words(code: str, words: str) -> None:
    settings = Settings(
        accounts={"front": Account.model_validate({"channel": "http", "flow": "main", "k": "secret://x"})}
    )
    assert words in causes.of_account(settings, "front", code).what
    assert causes.named_secrets(settings.accounts["front"].options) == ["secret://x"]


def test_a_connection_that_is_not_set_up_says_where_its_secret_is_read() -> None:
    billing = Connection.model_validate({"erp": "demo", "url": "http://x", "token": "secret://billing"})
    cause = causes.of_erp(Settings(connections={"billing": billing}), "billing", "settings")
    assert "secret://billing is read from: the variable PROSA_SECRET_BILLING" in cause.mend[1]


def test_an_account_that_was_taken_out_of_the_settings_is_said_to_be_gone() -> None:
    assert "is not in prosa.toml" in causes.of_account(Settings(), "front", "not_sent").what


@pytest.fixture
async def database(tmp_path: Path) -> AsyncGenerator[Database]:
    url = f"sqlite:///{tmp_path}/prosa.db"
    await asyncio.to_thread(upgrade, url)
    opened = Database(url)
    yield opened
    await opened.close()


@pytest.mark.parametrize(
    ("at", "recorded", "words"),
    [
        (0, 0.1, "agree"),
        (20, 0, "a worker's clock is behind Temporal's, by 20.0 s"),
        (-30, 0, "the workers' clocks are ahead of Temporal's, or everything is written late, by 30.0 s"),
        (60, 60.1, "the clock here is behind those of Temporal and the workers"),
    ],
)
async def test_clocks_are_compared_by_what_each_has_written(
    at: float, recorded: float, words: str, database: Database, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    event = Event(seq=1, kind="reminder_sent", at=now + timedelta(seconds=at))
    async with database.write() as c:
        await events.record(c, "ab", [event], now + timedelta(seconds=recorded))
        found = {finding.subject: finding.what for finding in await store.look(c, tmp_path)}
    assert words in found["clocks"]


async def test_calls_that_failed_and_then_worked_are_a_notice_and_those_that_did_not_a_trouble(
    database: Database,
) -> None:
    def call(seq: int, outcome: str) -> Event:
        data = {"connection": "billing", "operation": "find", "outcome": outcome, "error": "erp_credential"}
        return Event(seq=seq, kind="erp_called", at=NOW, data={**data, "reason": "refused with status 401"})

    async with database.write() as c:
        await events.record(c, "ab", [call(1, "ok"), call(2, "failed")], NOW)
        [trouble] = await failures.look(c, Settings(), [])
        await events.record(c, "ab", [call(3, "not_found")], NOW)
        [notice] = await failures.look(c, Settings(), [])
    assert (trouble.level, notice.level) == ("trouble", "notice")
    assert "refuses our credential: 1 call given up in the last hour" in trouble.what
    assert "works again since" in notice.what


async def test_people_who_were_not_told_are_a_trouble_until_they_are(database: Database) -> None:
    def told(seq: int, outcome: str, kind: EventKind = "email_sent", **data: str) -> Event:
        data = {"email": "team", "event": "handed_over", "outcome": outcome, "error": "settings", **data}
        return Event(seq=seq, kind=kind, at=NOW, data={**data, "reason": "secret 'mail' is nowhere"})

    settings = Settings(mail=MailSection(password="secret://mail"))
    waits = Event(seq=5, kind="handed_over", at=NOW, data={"queue": "main"})
    async with database.write() as c:
        await turn.commit(c, first_turn(1), NOW)
        await turn.commit(c, deliver(1, events=(waits, told(6, "failed"))), NOW)
        [missed] = await people.look(c, settings)
        [waiting] = await diagnosis.open_rows(c, open_ones.MOST)
        fine = told(7, "ok"), told(8, "failed", "webhook_posted", webhook="crm", event="left")
        await turn.commit(c, deliver(1, events=fine), NOW)
        [past] = await people.look(c, settings)
    assert (missed.level, missed.subject, past.level, past.subject) == ("trouble", "email team", "notice", "email team")
    for words in ("1 time in vain", "secret 'mail' is nowhere", f"nobody was told so: {waiting.protocol}"):
        assert words in missed.what
    assert any("PROSA_SECRET_MAIL" in one for one in missed.mend), missed.mend
    assert "works again since" in past.what


async def test_a_receiver_that_was_not_told_who_waits_is_named(database: Database) -> None:
    failed = Event(
        seq=1,
        kind="webhook_posted",
        at=NOW,
        data={"webhook": "chat", "event": "handed_over", "outcome": "failed", "reason": "answered 500"},
    )
    async with database.write() as c:
        await events.record(c, "ab", [failed], NOW)
        [finding] = await people.look(c, Settings())
    assert (finding.level, finding.subject) == ("trouble", "webhook chat")
    assert "webhooks.chat" in finding.mend[0]


async def test_whom_to_bring_back_is_named_until_their_call_has_worked(database: Database) -> None:
    async with database.write() as c:
        for number in (1, 2):
            await turn.commit(c, first_turn(number, workflow_id=f"w{number}", address=f"contact {number}"), NOW)
        for seq, number, outcome in ((5, 1, "failed"), (5, 2, "failed"), (6, 1, "ok")):
            call = Event(seq=seq, kind="erp_called", at=NOW, data={"connection": "billing", "outcome": outcome})
            await turn.commit(c, deliver(number, events=(call,)), NOW)
        [finding] = await failures.look(c, Settings(), [])
        rows = {row.conversation_id: row.protocol for row in await diagnosis.open_rows(c, open_ones.MOST)}
    assert finding.level == "notice"
    assert finding.mend == (f"{causes.AGAIN}: {rows[message_id(2)]}",)


async def test_a_card_that_fails_is_named_with_its_flow(database: Database) -> None:
    failed = Event(
        seq=1, kind="step_failed", at=NOW, card="one", flow="main", data={"error": "loop", "message": "too many cards"}
    )
    async with database.write() as c:
        await events.record(c, "ab", [failed], NOW)
        [finding] = await failures.look(c, Settings(), [])
    assert "card 'one' of flow 'main' has failed 1 time in the last hour: too many cards (loop)" in finding.what
