"""The person who plays a flow: speaks for the contact, moves the clock, answers for connections."""

import asyncio
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from prompt_toolkit import PromptSession
from prompt_toolkit.formatted_text import HTML
from pydantic import TypeAdapter, ValidationError

from domain.call import Call
from domain.conversation import Frame
from domain.duration import parse_duration
from domain.effect import FindPlace
from domain.errors import FlowError
from domain.event import Event
from domain.message import Callback, FileRef, Inbound, Option
from domain.people import Act, Place
from flows.reading.tree import read_tree
from prosa.chat.dialogue import Screen, tapped
from prosa.chat.webchat import Agent, Heard
from stories.given import Answers, Given, Reply
from stories.replies import Replies, file

TIPS: Final = (
    "write and press Enter · the number of an option taps it · /wait 30m lets time pass, /later all of it until "
    "something happens · /file NAME sends a file · /event NAME DATA tells an event · /agent TEXT answers for people, "
    "/resolve says that they have helped · /vars shows what the flow knows · /quit"
)
LEAVE: Final = frozenset({"/quit", "/exit", "/sair"})
_GIVEN: Final = TypeAdapter[Given](Answers)


class Left(BaseException):
    """The person does not want to play any longer."""


class Person:
    """Reads lines, and shows their effects."""

    def __init__(self, screen: Screen, given: Mapping[str, Given], outlines: Mapping[str, str]) -> None:
        self._screen = screen
        self._outlines = outlines
        self._replies = Replies(given)
        self._offered: tuple[Option, ...] = ()
        self._said = 0
        self._session: PromptSession[str] | None = PromptSession(erase_when_done=True) if sys.stdin.isatty() else None

    def note(self, text: str) -> None:
        """Tell the person something."""
        self._screen.note(text)

    async def act(self, now: datetime, until: datetime | None, frame: Frame | None) -> Inbound | Act | timedelta:
        """Return the person's next act: a message, an act of an agent, or time that passes. Left at the end."""
        while True:
            line = await self._line()
            if not line.startswith("/"):
                option = tapped(line, self._offered)
                return self._says(now, option.label, choice=option.id) if option else self._says(now, line, text=line)
            if (done := self._obey(line, now, until, frame)) is not None:
                return done

    def _obey(
        self, line: str, now: datetime, until: datetime | None, frame: Frame | None
    ) -> Inbound | Act | timedelta | None:
        """Carry out a command; return its effect on the conversation."""
        command, _, argument = line.partition(" ")
        match command:
            case "/wait":
                return self._lasting(argument.strip())
            case "/later" if until is not None:
                return until - now
            case "/later":
                self.note("nothing would happen: say something")
            case "/file":
                sent = file(argument.strip() or "file.pdf")
                return self._says(now, f"[file {sent.name}]", files=(sent,))
            case "/event":
                return self._event(now, argument.strip(), frame)
            case "/agent" | "/resolve":
                kind = "say" if command == "/agent" else "resolve"
                return Act(kind=kind, by="agent", text=argument.strip(), handover=0)
            case _:
                self.note(_known(frame) if command == "/vars" else TIPS)
        return None

    async def answer(self, effect: Call[Any]) -> Reply:
        """Return the answer of a connection: the given one, else the person's."""
        if reply := self._replies.reply(effect):
            return reply
        asked = ", ".join(f"{name}={value!r}" for name, value in effect.call_arguments.items())
        value = self._outlines.get(effect.called, "a value")
        self.note(f"{effect.called}({asked}) answers? {value}, not_found, rejected or failed")
        while True:
            line = await self._line()
            try:
                reply = _GIVEN.validate_python(read_tree(line, "answer").plain()).reply(1)
            except (FlowError, ValidationError) as error:
                self.note(str(error).splitlines()[0])
                continue
            if reply is not None:
                return reply

    def place(self, effect: FindPlace) -> Place:
        """Return where the conversation stands in a queue: as given, else next."""
        return self._replies.place(effect)

    def show(self, event: Event) -> None:
        """Show the bot's messages, the end, and failures."""
        data = event.data
        if event.kind == "message_sent":
            person = Agent(name=str(data["by"])) if data.get("by") else None
            said = {**data, "id": str(event.seq), "kind": "message", "at": event.at, "agent": person}
            heard = Heard.model_validate(said)
            self._offered = heard.options or self._offered
            self._screen.bot(heard, [])
            if data.get("file"):
                self.note(f"file {FileRef.model_validate(data['file']).name}")
        elif event.kind == "conversation_ended":
            self._offered = ()
            self.note(f"ended: {data.get('resolution')}; say something to begin another")
        elif event.kind == "step_failed":
            self.note(f"card {event.card!r} failed: {data.get('message')}")

    def _lasting(self, written: str) -> timedelta | None:
        try:
            return parse_duration(written)
        except ValueError as error:
            self.note(str(error))
            return None

    def _event(self, at: datetime, argument: str, frame: Frame | None) -> Inbound | None:
        """Return another system's callback, typed as the name of an expected event and YAML."""
        name, _, written = argument.partition(" ")
        expected = frame.expected if frame else {}
        if name not in expected:
            self.note(f"the flow expects {', '.join(map(repr, expected)) or 'no event'}, found {name!r}")
            return None
        try:
            data = read_tree(written, "data").plain() if written.strip() else None
        except FlowError as error:
            self.note(str(error))
            return None
        self._said += 1
        self.note(f"event {name}: {data}")
        return Inbound(
            message_id=f"played-{self._said}", at=at, callback=Callback(key=expected[name], event=name, data=data)
        )

    def _says(
        self, at: datetime, shown: str, *, text: str = "", choice: str | None = None, files: tuple[FileRef, ...] = ()
    ) -> Inbound:
        self._said += 1
        self._screen.mine(shown)
        return Inbound(message_id=f"played-{self._said}", at=at, text=text, choice=choice, files=files)

    async def _line(self) -> str:
        line = ""
        while not line:
            line = (await self._typed()).strip()
        if line in LEAVE:
            raise Left
        return line

    async def _typed(self) -> str:
        if self._session is None:
            line = await asyncio.to_thread(sys.stdin.readline)
            if not line:
                raise Left
            return line
        try:
            return await self._session.prompt_async(HTML("<ansicyan><b>› </b></ansicyan>"))
        except (EOFError, KeyboardInterrupt):
            raise Left from None


def _known(frame: Frame | None) -> str:
    return f"{frame.flow}.{frame.card}: {frame.variables}" if frame else "nothing is being played"
