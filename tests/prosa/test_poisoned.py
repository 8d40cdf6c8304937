"""What a contact writes reaches no terminal raw: every command is walked with a poisoned conversation."""

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import pytest
from pydantic import JsonValue
from typer.main import get_command

from domain.delivery import OpeningClaim
from domain.effect import Deliver
from domain.event import Event
from domain.message import Part
from journal import audit, outbox, turn
from journal.database import Database
from prosa.chat.screen import Bubbles, Lines
from prosa.chat.webchat import Agent, Heard
from prosa.commands import app
from prosa.up.ports import free
from tests.prosa.conftest import Prosa

NOW = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
ID = "ab" * 16
CPF = "529.982.247-25"
POISON = "\x1b]0;owned\x07\x1b[2J\x9b31m\x9d8;;http://evil\x9c\u202egnp.exe\u2066\x08\r\x7f[/nobody][link=http://evil]:skull:"
RAW = set("\x1b\x07\x9b\x9d\x9c\u202e\u2066\x08\r\x7f")
ENDLESS = {("demo",), ("up",), ("chat",), ("gateway",), ("flow", "play")}
"""They stay until they are stopped; of a dialogue, the screens are tested below."""
VALUES = {
    "id_": ID,
    "account": "site",
    "address": f"5549{POISON}",
    "text": f"oi {POISON}",
    "message": f"{ID}:4",
    "name": f"hello{POISON}",
    "file": f"flows/hello{POISON}",
}
OPTIONS = {"flow": ("--flow", f"x{POISON}"), "reason": ("--reason", POISON), "by": ("--by", f"ana{POISON}")}


@pytest.fixture(autouse=True)
def conversation(prosa: Prosa, folder: Path) -> None:
    """One conversation, every text of which is poisoned; it waits in a queue, a message of it is in doubt."""
    settings = folder / "prosa.toml"
    written = settings.read_text(encoding="utf-8") + f"[temporal]\naddress = '127.0.0.1:{free()}'\n"
    settings.write_text(written, encoding="utf-8")
    flow = folder / "flows" / "hello.yaml"
    flow.write_text(flow.read_text(encoding="utf-8").replace("title: Hello", f"title: {json.dumps(POISON)}"), "utf-8")
    assert prosa("db", "upgrade").exit_code == 0
    asyncio.run(_write(folder / "data" / "prosa.db"))


async def _write(file: Path) -> None:
    database = Database(f"sqlite:///{file}")
    facts = {"account": "site", "channel": "webchat", "address": f"visitor{POISON}", "name": f"Ana{POISON}"}
    opening = OpeningClaim(
        message_id=ID, chain="run", workflow_id="conversation:site:1", flow="hello", zone="America/Sao_Paulo", **facts
    )
    upload = {"name": f"photo{POISON}.png", "id": "f" * 32, "mime": "image/png", "size": 3}
    said: list[dict[str, Any]] = [
        {"kind": "conversation_opened", "data": {**facts, "flow": "hello", "workflow_id": "w"}},
        {"kind": "message_received", "data": {"message_id": ID, "text": f"oi {CPF} {POISON}", "files": [upload]}},
        {"kind": "tag_added", "data": {"tag": f"vip {CPF} {POISON}"}},
        {"kind": "message_sent", "card": "ask", "data": {"text": f"Olá, Ana {CPF} {POISON}"}},
        {"kind": "step_failed", "card": "ask", "data": {"error": "e", "message": f"{CPF} {POISON}"}},
        {"kind": "handed_over", "data": {"queue": "main", "priority": "high", "note": f"see {CPF} {POISON}"}},
    ]
    events = tuple(Event(seq=seq, at=NOW, **event) for seq, event in enumerate(said, 1))
    effect = Deliver(
        conversation_id=ID,
        account="site",
        channel="webchat",
        address=facts["address"],
        opening=opening,
        events=events,
        parts=(Part(seq=4, text=f"Olá, Ana {CPF} {POISON}"),),
    )
    async with database.write() as c:
        await turn.commit(c, effect, now=NOW)
        await outbox.sending(c, ID, 4, timedelta())
        done: dict[str, JsonValue] = {"account": "site", "on_behalf_of": f"Bia {CPF} {POISON}"}
        why = f"see {CPF} {POISON}"
        await audit.append(c, by=f"crm{POISON}", action="conversation open", subject=ID, reason=why, now=NOW, data=done)
        await outbox.settle(c, ID, 4, state="unknown", reason=f"cut off {CPF} {POISON}", now=NOW)
    await database.close()
    _bury(file)


def _bury(file: Path) -> None:
    payload = json.dumps({"message_id": "a", "at": "2026-03-02T14:30Z", "text": f"oi {CPF} {POISON}"})
    why = f"{CPF} {POISON}"
    row = ("a", "site", "webchat", "message", "a", "w", f"x{POISON}", f"Bia {CPF} {POISON}", payload, "dead", 1, 1, why)
    with sqlite3.connect(file) as c:
        c.execute(
            "INSERT INTO inbox (message_id, account, channel, kind, provider_message_id, workflow_id, address, name,"
            f" payload, state, received_at, attempts, last_error) VALUES ({', '.join('?' * len(row))})",
            row,
        )
    c.close()


def _leaves(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    context = click.Context(click.Command("prosa"))
    if not hasattr(command, "list_commands"):
        yield path, command
        return
    for name in command.list_commands(context):
        yield from _leaves(command.get_command(context, name), (*path, name))


COMMANDS = dict(_leaves(get_command(app)))


def _calls(command: Any) -> Iterator[tuple[str, ...]]:
    given: list[str] = []
    for parameter in command.params:
        if parameter.param_type_name == "argument" and parameter.required:
            given.append(VALUES[parameter.name])
        elif parameter.name in OPTIONS:
            given += OPTIONS[parameter.name]
    bare = [one for one in given if one not in OPTIONS["flow"]] if command.name == "list" else given
    yield tuple(bare)
    if any(parameter.name == "format_" for parameter in command.params):
        yield (*bare, "--format", "json")


@pytest.mark.parametrize("path", [path for path in COMMANDS if path not in ENDLESS], ids=" ".join)
def test_no_command_shows_anything_raw_or_a_cpf(path: tuple[str, ...], prosa: Prosa) -> None:
    for arguments in _calls(COMMANDS[path]):
        done = prosa(*path, *arguments)
        assert done.exception is None or isinstance(done.exception, SystemExit)
        shown = done.stdout + done.stderr
        assert not RAW & {*shown}
        assert CPF not in shown
        assert "\N{SKULL}" not in shown


@pytest.mark.parametrize(
    "command",
    [("conversation", "list"), ("conversation", "list", "--stage", "queue"), ("conversation", "show", ID)],
    ids=" ".join,
)
def test_the_poison_is_there_and_harmless(command: tuple[str, ...], prosa: Prosa) -> None:
    done = prosa(*command)
    assert (done.exit_code, "\ufffd]0;owned" in done.stdout) == (0, True)
    assert not RAW & {*done.stdout}


def test_json_gives_programs_what_was_said(prosa: Prosa) -> None:
    [row] = json.loads(prosa("conversation", "list", "--format", "json").stdout)
    assert row["name"] == f"Ana{POISON}"


@pytest.mark.parametrize("screen", [Bubbles, Lines])
def test_a_dialogue_shows_nothing_raw(
    screen: type[Bubbles | Lines], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    made = screen()
    made.bot(Heard(id="1", kind="message", at=NOW, text=f"oi{POISON}", agent=Agent(name=f"Bia{POISON}")), [])
    made.note(POISON)
    shown = capsys.readouterr().out
    assert "]0;owned" in shown
    assert "\x1b]" not in shown
    assert "\x1b[2J" not in shown
    assert not (RAW - {"\x1b"}) & {*shown}  # the colours are ours
