import asyncio
import json
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.delivery import OpeningClaim
from domain.effect import Deliver
from domain.event import Event
from domain.message import Part
from journal import outbox, turn
from journal.database import Database
from prosa.up.ports import free
from tests.prosa.conftest import Prosa

NOW = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
ID = "ab" * 16


@pytest.fixture(autouse=True)
def conversation(prosa: Prosa, folder: Path) -> None:
    """One open conversation in which a message is in doubt, and no Temporal."""
    (folder / "prosa.toml").write_text(
        (folder / "prosa.toml").read_text(encoding="utf-8") + f"[temporal]\naddress = '127.0.0.1:{free()}'\n",
        encoding="utf-8",
    )
    assert prosa("db", "upgrade").exit_code == 0
    asyncio.run(write(folder / "data" / "prosa.db"))


async def write(file: Path) -> None:
    database = Database(f"sqlite:///{file}")
    facts = {"account": "site", "channel": "webchat", "address": "visitor", "name": "Ana [b]"}
    opening = OpeningClaim(
        message_id=ID, chain="run", workflow_id="conversation:site:1", flow="hello", zone="America/Sao_Paulo", **facts
    )
    events = (
        Event(seq=1, kind="conversation_opened", at=NOW, data={**facts, "flow": "hello", "workflow_id": "w"}),
        Event(seq=2, kind="message_received", at=NOW, data={"message_id": ID, "text": "oi [red]"}),
        Event(
            seq=3,
            kind="flow_entered",
            at=NOW,
            flow="hello",
            version="f" * 64,
            data={"flow": "hello", "version": "f" * 64, "number": 3},
        ),
        Event(seq=4, kind="message_sent", at=NOW, card="ask", flow="hello", version="f" * 64, data={"text": "Olá"}),
    )
    effect = Deliver(
        conversation_id=ID,
        account="site",
        channel="webchat",
        address="visitor",
        opening=opening,
        events=events,
        parts=(Part(seq=4, text="Olá, em que posso ajudar?"),),
    )
    async with database.write() as c:
        await turn.commit(c, effect, now=NOW)
        await outbox.sending(c, ID, 4, timedelta())
        await outbox.settle(c, ID, 4, state="unknown", reason="cut off while sending", now=NOW)
    await database.close()


def test_conversations_are_listed_for_people_and_programs(prosa: Prosa) -> None:
    shown = prosa("conversation", "list").stdout
    assert "20260302-000001" in shown
    assert "hello 3" in shown
    assert "Ana [b]" in shown
    [row] = json.loads(prosa("conversation", "list", "--format", "json").stdout)
    assert (row["protocol"], row["stage"], row["card"]) == ("20260302-000001", "bot", "ask")


def test_who_has_no_name_is_listed_by_address(prosa: Prosa, folder: Path) -> None:
    with sqlite3.connect(folder / "data" / "prosa.db") as c:
        c.execute("UPDATE conversation SET name = ''")
    c.close()
    assert "visitor" in prosa("conversation", "list").stdout


async def mark(file: Path, tag: str, priority: str) -> None:
    database = Database(f"sqlite:///{file}")
    added = Event(seq=5, kind="tag_added", at=NOW, data={"tag": tag})
    hurried = Event(seq=6, kind="priority_set", at=NOW, data={"priority": priority})
    async with database.write() as c:
        events = (added, hurried)
        effect = Deliver(conversation_id=ID, account="site", channel="webchat", address="visitor", events=events)
        await turn.commit(c, effect, now=NOW)
    await database.close()


def test_the_list_takes_filters(prosa: Prosa, folder: Path) -> None:
    asyncio.run(mark(folder / "data" / "prosa.db", "segunda via", "high"))
    shown = prosa("conversation", "show", ID).stdout
    assert re.search(r"tags +segunda via", shown)
    assert re.search(r"priority +high", shown)
    listed = prosa("conversation", "list").stdout
    assert re.search(r"bot +high", listed)
    assert "segunda via" in listed
    filters = (("--stage", "bot", "ended"), ("--flow", "hello", "x"), ("--account", "site", "x"))
    names = (("--protocol", "202603", "000001"), ("--contact", "ANA", "bia"), ("--contact", "isit", "%"))
    ages = (("--older", "1d", "366d"), ("--newer", "366d", "1d"), ("--quiet", "1d", "366d"))
    marks = (("--tag", "segunda via", "segunda"), ("--priority", "high", "low"))
    for option, right, wrong in (*filters, *names, *ages, *marks):
        assert "20260302-000001" in prosa("conversation", "list", option, right).stdout
        assert "no conversation" in prosa("conversation", "list", option, wrong).stdout
    assert prosa("conversation", "list", "--stage", "asleep").exit_code == 2
    assert prosa("conversation", "list", "--priority", "soon").exit_code == 2
    assert prosa("conversation", "list", "--older", "soon").exit_code == 2


def test_the_list_is_whole_at_eighty_columns(prosa: Prosa, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prosa.terminal.piped", lambda: False)
    monkeypatch.setenv("COLUMNS", "80")
    head, row = prosa("conversation", "list").stdout.splitlines()
    assert len(head.rstrip()) <= 80
    assert row.split() == ["20260302-000001", "2026-03-02", "2026-03-02", "bot", "hello", "3", "›", "ask", "Ana", "[b]"]


def test_messages_that_were_given_up_say_who_was_not_heard(prosa: Prosa, folder: Path) -> None:
    assert "no message was given up" in prosa("inbox", "dead").stdout
    with sqlite3.connect(folder / "data" / "prosa.db") as c:
        c.execute(
            "INSERT INTO inbox (message_id, account, channel, kind, provider_message_id, workflow_id, address, name,"
            " payload, state, received_at, attempts, last_error)"
            " VALUES ('a', 'site', 'webchat', 'message', 'a', 'w', 'x',"
            """ 'Bia', '{"message_id": "a", "at": "2026-03-02T14:30Z", "text": "oi"}', 'dead', 1, 1, 'too large')"""
        )
    c.close()
    shown = prosa("inbox", "dead").stdout
    for words in ("Bia x", "oi", "too large"):
        assert words in shown
    [row] = json.loads(prosa("inbox", "dead", "--format", "json").stdout)
    assert row["name"] == "Bia"


@pytest.mark.parametrize("name", [ID, ID[:6], "20260302-000001", "2026"])
def test_a_conversation_is_found_by_id_protocol_or_beginning(name: str, prosa: Prosa) -> None:
    done = prosa("conversation", "show", name)
    assert done.exit_code == 0
    for words in ("20260302-000001", "hello 3 ffffffffff", "oi [red]", "(unknown: cut off while sending)"):
        assert words in done.stdout


def test_the_journal_is_shown_also_while_temporal_is_away(prosa: Prosa) -> None:
    assert "nothing answers as Temporal" in prosa("conversation", "show", ID).stdout
    seen = json.loads(prosa("conversation", "show", ID, "--format", "json").stdout)
    assert seen["live"] is None
    assert [event["kind"] for event in seen["events"]][-1] == "message_sent"
    assert seen["flows"] == [{"flow": "hello", "number": 3, "version": "f" * 10}]


def test_a_conversation_that_is_not_there_is_named(prosa: Prosa) -> None:
    done = prosa("conversation", "show", "nothing")
    assert (done.exit_code, "'nothing'" in done.stderr) == (2, True)


@pytest.mark.parametrize("command", [["close"], ["terminate", "--reason", "x"], ["history"], ["retry"], ["skip"]])
def test_without_temporal_nothing_is_done_and_that_is_said(command: list[str], prosa: Prosa) -> None:
    done = prosa("conversation", command[0], ID, *command[1:])
    assert done.exit_code == 2
    assert "nothing answers as Temporal" in done.stderr
    assert "bot" in prosa("conversation", "list").stdout
    assert "nobody has done anything" in prosa("audit", "list").stdout


def test_the_session_of_a_visitor_is_ended_without_temporal_and_audited(prosa: Prosa) -> None:
    done = prosa("conversation", "end-session", ID, "--by", "ana", "--reason", "lost phone")
    assert (done.exit_code, "the session of 20260302-000001 has ended" in done.stdout) == (0, True)
    [entry] = json.loads(prosa("audit", "list", "--format", "json").stdout)
    assert (entry["by"], entry["action"], entry["reason"]) == ("ana", "session end", "lost phone")


def test_messages_in_doubt_are_one_command_away(prosa: Prosa) -> None:
    shown = prosa("outbox", "unknown").stdout
    for words in ("20260302-000001:4", "Olá, em que posso ajudar?", "cut off while sending", "2026-03-02"):
        assert words in shown
    [doubt] = json.loads(prosa("outbox", "unknown", "--format", "json").stdout)
    assert (doubt["protocol"], doubt["state"], doubt["since"]) == ("20260302-000001", "unknown", NOW.isoformat())


def test_a_message_in_doubt_is_given_up_and_the_audit_says_by_whom(prosa: Prosa) -> None:
    done = prosa("outbox", "give-up", "20260302-000001:4", "--by", "ana", "--reason", "too late")
    assert (done.exit_code, "counts as not delivered" in done.stdout) == (0, True)
    assert "(failed: given up by ana: too late)" in prosa("conversation", "show", ID).stdout
    assert "no message is in doubt" in prosa("outbox", "unknown").stdout
    [entry] = json.loads(prosa("audit", "list", "--format", "json").stdout)
    facts = (entry["by"], entry["action"], entry["subject"], entry["reason"])
    assert facts == ("ana", "outbox give-up", "20260302-000001:4", "too late")
    again = prosa("outbox", "give-up", "20260302-000001:4")
    assert (again.exit_code, "is failed, not in doubt" in again.stderr) == (2, True)
    assert len(json.loads(prosa("audit", "list", "--format", "json").stdout)) == 1


def test_without_temporal_a_message_stays_in_doubt(prosa: Prosa) -> None:
    done = prosa("outbox", "resend", "20260302-000001:4")
    assert (done.exit_code, "nothing answers as Temporal" in done.stderr) == (2, True)
    assert "20260302-000001:4" in prosa("outbox", "unknown").stdout


@pytest.mark.parametrize("key", ["20260302-000001", "20260302-000001:x", ":4", "nothing:4", "20260302-000001:3"])
def test_a_message_that_is_not_there_is_named(key: str, prosa: Prosa) -> None:
    done = prosa("outbox", "give-up", key)
    assert done.exit_code == 2
    assert done.stderr


def test_a_record_that_somebody_has_changed_is_found(prosa: Prosa, folder: Path) -> None:
    prosa("outbox", "give-up", "20260302-000001:4", "--by", "ana")
    whole = prosa("audit", "verify")
    assert whole.exit_code == 0
    head = whole.stdout.split()[-1]
    assert prosa("audit", "verify", "--head", head[:18]).exit_code == 0
    with sqlite3.connect(folder / "data" / "prosa.db") as c:
        c.execute("UPDATE audit SET by = 'nobody'")
    c.close()
    changed = prosa("audit", "verify")
    assert (changed.exit_code, "entry 1 is not what was written" in changed.stdout) == (1, True)


def test_a_record_that_was_cut_off_is_found_by_the_head_that_was_kept(prosa: Prosa, folder: Path) -> None:
    prosa("outbox", "give-up", "20260302-000001:4")
    head = prosa("audit", "verify").stdout.split()[-1]
    with sqlite3.connect(folder / "data" / "prosa.db") as c:
        c.execute("DELETE FROM audit")
    c.close()
    assert prosa("audit", "verify").exit_code == 0
    assert prosa("audit", "verify", "--head", head).exit_code == 1


def test_a_conversation_is_opened_once_a_key_and_refusals_say_why(prosa: Prosa) -> None:
    assert prosa("flow", "publish", "--all").exit_code == 0

    def open_(address: str, *more: str, flow: str = "color") -> tuple[int, str]:
        done = prosa("conversation", "open", "site", address, "--flow", flow, "--by", "ana", *more)
        return done.exit_code, " ".join(done.output.split())

    first, again = (open_("bia", "--key", "k", "--input", "chosen=5") for _ in range(2))
    assert (first[0], "is being opened" in first[1]) == (0, True), first
    assert "nobody hears it: the channel of 'site', webchat, reaches only who has written" in first[1]
    assert "nobody hears it" not in open_("s" * 22)[1]
    assert (again[0], "was opened before, under that key" in again[1]) == (0, True), again
    refused = {
        "that key has opened another conversation": open_("caio", "--key", "k"),
        "a conversation with 'visitor' on 'site' is open: nothing was said": open_("visitor"),
        "no flow 'colour' is published, did you mean 'color'?": open_("caio", flow="colour"),
        "flow 'color' has no variable 'chosn', did you mean 'chosen'?": open_("caio", "--input", "chosn=x"),
    }
    assert {words: (code, words in said) for words, (code, said) in refused.items()} == dict.fromkeys(
        refused, (2, True)
    )
    entries = json.loads(prosa("audit", "list", "--format", "json").stdout)
    assert [(entry["by"], entry["action"]) for entry in entries] == [("ana", "conversation open")] * 2
