import asyncio
import json
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from domain.conversation import Snapshot
from domain.effect import Deliver
from domain.event import EventKind
from domain.people import Act
from journal import turn
from journal.conversations import ConversationRow
from journal.database import Database
from runtime.wording import moment, recent
from tests.journal.factory import ACCOUNT, ADDRESS, NOW, deliver, event, first_turn
from tests.prosa.conftest import Prosa
from usecases.store import current_user

PROTOCOL = "20260302-000001"
HANDED_OVER = 6


@dataclass
class People:
    """The workflow of one conversation that is with people: it writes down at once what they do, as the card does."""

    file: Path
    seq: int = HANDED_OVER - 2
    state: Snapshot = field(default_factory=lambda: Snapshot(conversation_id="x", handover=HANDED_OVER, queue="main"))
    heard: list[Act] = field(default_factory=list[Act])
    at: datetime = NOW
    joined: datetime = NOW
    leaves: bool = False
    """Whether the contact goes just before anybody comes."""
    quicker: str = ""
    """Who takes it just before anybody else."""

    async def happen(self, kind: EventKind, **data: Any) -> None:
        self.seq += 1
        self.state.seq = self.seq
        self.at = datetime.now(UTC)
        await self._commit(deliver(1, events=(event(self.seq, kind, at=self.at, **data),)))

    async def _commit(self, effect: Deliver) -> None:
        database = Database(f"sqlite:///{self.file}")
        async with database.write() as c:
            await turn.commit(c, effect, NOW)
        await database.close()

    async def begin(self) -> None:
        await self._commit(first_turn(1))
        await self.happen("priority_set", priority="high")
        await self.happen("handed_over", queue="main", note="sem internet desde ontem")
        await self.happen("message_received", message_id="m2", text="a luz [vermelha]\nestá piscando de novo, e agora?")

    def get_workflow_handle(self, _: str) -> "People":
        return self

    async def signal(self, _: str, act: Act) -> None:
        self.heard.append(act)
        if self.leaves:
            await self.happen("exit_taken", exit="gave_up", to="menu")
            return
        if self.quicker:
            await self.happen("agent_joined", by=self.quicker)
            return
        if act.kind == "resolve":
            await self.happen("handover_resolved", by=act.by, note=act.text)
            return
        if len(self.heard) == 1:
            await self.happen("agent_joined", by=act.by)
            self.joined = self.at
        if act.kind == "say":
            await self.happen("message_sent", by=act.by, text=act.text)


@pytest.fixture
def people(prosa: Prosa, folder: Path, monkeypatch: pytest.MonkeyPatch) -> People:
    """A conversation that waits for people, high priority."""
    assert prosa("db", "upgrade").exit_code == 0
    people = People(folder / "data" / "prosa.db")
    asyncio.run(people.begin())

    @asynccontextmanager
    async def reached(_: object) -> AsyncGenerator[People]:
        yield people

    async def state_of(_: object, __: ConversationRow) -> Snapshot:
        return people.state.model_copy()

    monkeypatch.setattr("usecases.handover.reached", reached)
    monkeypatch.setattr("usecases.interventions.state_of", state_of)
    return people


def said(prosa: Prosa, *command: str) -> tuple[int, str]:
    done = prosa("conversation", command[0], PROTOCOL, *command[1:])
    return done.exit_code, " ".join(done.output.split())


def test_nothing_is_not_said(prosa: Prosa, people: People) -> None:
    for nothing in ("", " \n"):
        assert said(prosa, "say", nothing) == (2, "✘ there is nothing to say: TEXT is empty")
    assert people.heard == []
    assert said(prosa, "say", "Oi", "--by", "bia") == (0, f"✔ {PROTOCOL}: bia: Oi")


def test_who_has_a_conversation_is_told_to_whoever_wants_it(prosa: Prosa, people: People) -> None:
    assert said(prosa, "take", "--by", "bia") == (0, f"✔ {PROTOCOL}: bia joins")
    since = moment(people.joined)
    assert said(prosa, "take", "--by", "caio") == (2, f"✘ bia has conversation {PROTOCOL} since {since}")
    assert said(prosa, "take", "--by", "bia") == (0, f"✔ {PROTOCOL}: you have it already, since {since}")
    assert [(act.by, act.handover) for act in people.heard] == [("bia", HANDED_OVER)]
    [noted] = json.loads(prosa("audit", "list", "--format", "json").stdout)
    assert (noted["action"], noted["by"], noted["subject"]) == ("conversation take", "bia", PROTOCOL)
    assert said(prosa, "say", "Oi", "--by", "bia") == (0, f"✔ {PROTOCOL}: bia: Oi")
    warned = f"✔ {PROTOCOL}: caio: Oi but bia has it since {since}: the contact hears several of you"
    assert said(prosa, "say", "Oi", "--by", "caio") == (0, warned)
    code, words = said(prosa, "resolve", "--by", "caio")
    assert (code, words.endswith(f"bia had it, since {since}"), "hears" in words) == (0, True, False), words


def test_who_does_not_sign_is_who_is_logged_in(prosa: Prosa, people: People) -> None:
    said(prosa, "take")
    assert [act.by for act in people.heard] == [current_user()]


def test_a_contact_who_has_gone_meanwhile_is_not_taken(prosa: Prosa, people: People) -> None:
    people.leaves = True
    left = f"✔ {PROTOCOL} has left its queue meanwhile; `prosa conversation show` says how"
    assert said(prosa, "take", "--by", "bia") == (0, left)


def test_who_comes_second_is_told_at_once(prosa: Prosa, people: People) -> None:
    people.quicker = "bia"
    code, words = said(prosa, "take", "--by", "caio")
    assert (code, f"bia has conversation {PROTOCOL} since" in words) == (2, True), words


def test_lists_and_facts_name_who_has_a_conversation(prosa: Prosa, people: People) -> None:
    waits = prosa("conversation", "list", "--stage", "queue").stdout
    assert re.search(r"high +main, for \d", waits), waits
    assert re.search(r"Ana +a luz \[vermelha\] está piscando de novo, e agora\? +sem internet desde ontem\n", waits)
    assert "bia" not in waits
    shown = " ".join(prosa("conversation", "show", PROTOCOL).stdout.split())
    assert re.search(r" queue main since [0-9-]+ ", shown), shown
    asyncio.run(people.happen("priority_set", priority="normal"))
    assert re.search(r"queue normal +main", prosa("conversation", "list").stdout)
    asyncio.run(people.happen("priority_set", priority="high"))
    said(prosa, "take", "--by", "bia")
    assert f"agent high bia, since {recent(people.joined)}" in " ".join(prosa("conversation", "list").stdout.split())
    shown = " ".join(prosa("conversation", "show", PROTOCOL).stdout.split())
    assert f"stage agent bia since {moment(people.joined)}" in shown
    [row] = json.loads(prosa("conversation", "list", "--format", "json").stdout)
    assert (row["agent"], row["note"]) == ("bia", "sem internet desde ontem")


def test_who_waits_fits_eighty_columns(prosa: Prosa, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    assert people.state.queue == "main"
    monkeypatch.setattr("prosa.terminal.piped", lambda: False)
    monkeypatch.setenv("COLUMNS", "80")
    head, row = prosa("conversation", "list", "--stage", "queue").stdout.splitlines()
    assert head.split() == ["protocol", "priority", "where", "contact", "said"]
    assert len(row.rstrip()) <= 80
    assert row.rstrip().endswith("a luz [vermelha]…"), row


def test_who_is_late_is_told_who_has_helped_and_what_to_do(prosa: Prosa, people: People) -> None:
    said(prosa, "resolve", "--by", "bia")
    resolved = f"bia has resolved it at {moment(people.at)}"
    people.state = Snapshot(conversation_id="x", stage="survey", seq=people.seq)
    late = f"✘ conversation {PROTOCOL} is not with people: its stage is survey; {resolved}"
    assert said(prosa, "resolve", "--by", "caio") == (2, late)
    asyncio.run(people.happen("conversation_ended", resolution="solved"))
    assert re.search(r" ended high +solved ", prosa("conversation", "list").stdout)
    for resolution, found in (("solved", PROTOCOL), ("message_left", "no conversation")):
        assert found in prosa("conversation", "list", "--resolution", resolution).stdout
    assert f"ended {moment(people.at)}" in " ".join(prosa("conversation", "show", PROTOCOL).stdout.split())
    code, words = said(prosa, "say", "Oi")
    assert (code, resolved in words) == (2, True)
    assert words.endswith(f"; `prosa conversation open {ACCOUNT} {ADDRESS} --flow NAME` begins another")


def test_a_text_without_quotes_is_not_said(prosa: Prosa, people: People) -> None:
    code, words = said(prosa, "say", "tudo", "bem", "--by", "bia")
    assert (code, "put the text in quotes" in words, people.heard) == (2, True, [])
