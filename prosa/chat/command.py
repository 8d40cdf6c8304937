"""`prosa chat`: talk to the bot from the terminal, through the gateway, as a visitor of the web chat does."""

import asyncio
import json
import sys
from collections import deque
from pathlib import Path
from time import monotonic
from typing import Annotated, Any, Final, cast

import typer
from prompt_toolkit import PromptSession
from prompt_toolkit.formatted_text import HTML
from prompt_toolkit.patch_stdout import patch_stdout

from domain.errors import OperatorError, SettingsError
from prosa.chat.dialogue import Dialogue, Ear, Screen
from prosa.chat.screen import Bubbles, Lines
from prosa.chat.webchat import Heard, Visitor
from prosa.context import application, examples, located, run
from prosa.terminal import print_error
from runtime import http
from runtime.settings import Settings

app = application()

LEAVE: Final = frozenset({"/sair", "/quit", "/exit"})
HELP: Final = frozenset({"/ajuda", "/help", "/?"})
TIPS: Final = "write and press Enter · the number of an option taps it · /sair leaves, the session stays for next time"
EARLIER: Final = 8
"""Events of an earlier visit that are shown."""
QUIET: Final = 0.7
"""Seconds without a word after which the bot has finished speaking."""
PATIENCE: Final = 30.0
"""Seconds in which the bot answers a line that was not typed by a person."""


@app.command(
    epilog=examples(
        "prosa chat", "prosa chat --new --name Ana --referral recepcao", "printf 'oi\\n1\\n' | prosa chat --new"
    )
)
def chat(
    *,
    url: Annotated[str | None, typer.Option(help="Address of the gateway; default: the one in the settings.")] = None,
    account: Annotated[str | None, typer.Option(help="Web chat account; default: the first in the settings.")] = None,
    name: Annotated[str, typer.Option(help="Your name, as the bot will call you.")] = "",
    new: Annotated[bool, typer.Option("--new", help="Begin a new session instead of going on with the last.")] = False,
    referral: Annotated[
        str, typer.Option(metavar="NAME", help="Come by a link that brings this along, for entries and flows.")
    ] = "",
) -> None:
    """Talk to the bot from the terminal; lines from a pipe are said one after the other."""
    settings = located()
    run(_chat(settings, url or settings.gateway.local_url, account or _first(settings), name, referral, new=new))


def _first(settings: Settings) -> str:
    for name, account in settings.accounts.items():
        if account.channel == "webchat":
            return name
    raise SettingsError("prosa.toml: accounts: expected one with channel 'webchat', found none; or say --account")


async def _chat(settings: Settings, url: str, account: str, name: str, referral: str, *, new: bool) -> None:
    memory = settings.data / "chat.json"
    async with http.client(most=sys.maxsize) as client:  # a stream has no end
        visitor = Visitor(client, url, account, referral)
        resumed = await visitor.enter(name, "" if new else _remembered(memory, account))
        _remember(memory, account, visitor.token)
        folder = settings.data / "received"
        if sys.stdin.isatty():
            await _talk(visitor, folder, resumed=resumed)
        else:
            await _pipe(visitor, folder)


async def _talk(visitor: Visitor, folder: Path, *, resumed: bool) -> None:
    """Let a person talk until they leave."""
    with patch_stdout(raw=True):
        screen = Bubbles()
        dialogue = Dialogue(visitor, folder, screen)
        screen.note(
            f"{visitor.account} at {visitor.url}" + (" · goes on where you left; --new begins anew" if resumed else "")
        )
        screen.note(TIPS)
        listening = asyncio.create_task(_listen(visitor, dialogue, screen))
        session: PromptSession[str] = PromptSession(erase_when_done=True)
        try:
            while (line := await _line(session)) is not None:
                if line.strip() in HELP:
                    screen.note(TIPS)
                elif line.strip():
                    await _say(dialogue, line)
                if listening.done():
                    listening.result()
        finally:
            listening.cancel()


async def _line(session: "PromptSession[str]") -> str | None:
    try:
        line = await session.prompt_async(HTML("<ansicyan><b>› </b></ansicyan>"))
    except (EOFError, KeyboardInterrupt):
        return None
    return None if line.strip() in LEAVE else line


async def _say(dialogue: Dialogue, line: str) -> None:
    try:
        await dialogue.say(line)
    except OperatorError as error:
        print_error(str(error))


async def _listen(visitor: Visitor, dialogue: Dialogue, screen: Screen) -> None:
    """Show the stream; of earlier events, only the last ones."""
    earlier: deque[Heard] = deque(maxlen=EARLIER)
    async with Ear(visitor, lambda: screen.note("the connection is lost; trying again")) as ear:
        while event := await ear.word(QUIET):
            earlier.append(event)
        for event in earlier:
            await dialogue.hear(event)
        while event := await ear.word():
            await dialogue.hear(event)


async def _pipe(visitor: Visitor, folder: Path) -> None:
    """Say each line of the input, each after the bot's answer to the one before; OperatorError when none comes."""
    dialogue = Dialogue(visitor, folder, Lines())
    async with Ear(visitor) as ear:
        await _settle(dialogue, ear)
        while line := await asyncio.to_thread(sys.stdin.readline):
            if line.strip() in LEAVE:
                break
            if line.strip():
                await dialogue.say(line.strip())
                await _answer(dialogue, ear)


async def _answer(dialogue: Dialogue, ear: Ear) -> None:
    deadline = monotonic() + PATIENCE
    while event := await ear.word(deadline - monotonic()):
        await dialogue.hear(event)
        if event.kind in {"message", "ended"}:
            await _settle(dialogue, ear)
            return
    raise OperatorError(f"expected the bot to answer within {PATIENCE:g} s, heard nothing")


async def _settle(dialogue: Dialogue, ear: Ear) -> None:
    while event := await ear.word(QUIET):
        await dialogue.hear(event)


def _remembered(memory: Path, account: str) -> str:
    try:
        kept: object = json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return str(cast("dict[str, Any]", kept).get(account, "")) if isinstance(kept, dict) else ""


def _remember(memory: Path, account: str, token: str) -> None:
    memory.parent.mkdir(parents=True, exist_ok=True)
    memory.touch(mode=0o600)
    memory.write_text(json.dumps({account: token}), encoding="utf-8")
