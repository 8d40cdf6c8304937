"""One dialogue over the web chat: typed lines become messages and taps, replies become text."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Self

from domain.errors import OperatorError
from domain.message import Option, are_numbers
from prosa.chat.webchat import Heard, Visitor


class Screen(ABC):
    """Where a dialogue is shown."""

    @abstractmethod
    def mine(self, text: str, heard: Heard | None = None) -> None:
        """Show a message of the person here; *heard* when it comes from an earlier session."""

    @abstractmethod
    def bot(self, heard: Heard, files: list[Path]) -> None:
        """Show a message of the bot or an agent, with the local paths of its files."""

    @abstractmethod
    def note(self, text: str) -> None:
        """Show something about the dialogue itself."""


class Dialogue:
    """Turns typed lines into messages and taps, and the stream into lines on the screen."""

    def __init__(self, visitor: Visitor, folder: Path, screen: Screen) -> None:
        self._visitor = visitor
        self._folder = folder
        self._screen = screen
        self._options: tuple[Option, ...] = ()
        self._labels: dict[str, str] = {}
        self._sent: set[str] = set()

    async def say(self, line: str) -> None:
        """Send *line*: the number of an option that was offered last, or an option that is a number, is a tap on it."""
        option = tapped(line, self._options)
        self._screen.mine(option.label if option else line)
        self._options = ()
        if option is not None:
            self._sent.add(await self._visitor.say(choice=option.id))
        else:
            self._sent.add(await self._visitor.say(line))

    async def hear(self, heard: Heard) -> None:
        """Show *heard*, unless the person here has sent it."""
        if heard.kind == "opened":
            self._screen.note(f"protocol {heard.protocol}")
        elif heard.kind == "ended":
            self._options = ()
            self._screen.note("the conversation has ended; say something to begin another")
        elif heard.kind in {"joined", "left"}:
            self._screen.note(f"{heard.speaker} has {heard.kind}")
        elif heard.kind == "received":
            if heard.message_id not in self._sent:
                self._screen.mine(self._labels.get(heard.choice or "", heard.choice or "") or heard.words, heard)
        else:
            self._options = heard.options or self._options
            self._labels |= {option.id: option.label for option in heard.options}
            self._screen.bot(heard, await self._files(heard))

    async def _files(self, heard: Heard) -> list[Path]:
        found: list[Path] = []
        for file in heard.files:
            try:
                found.append(await self._visitor.fetch(file, self._folder))
            except OperatorError as error:
                self._screen.note(str(error))
        return found


def tapped(line: str, options: Sequence[Option]) -> Option | None:
    """Return the option of which *line* is the number, or the label where labels are numbers; None when of none."""
    number = line.strip().rstrip(".)")
    if not (number.isdecimal() and len(number) <= 3):  # noqa: PLR2004 - a list has fewer than 1,000 options
        return None
    labels = [option.label for option in options]
    if are_numbers(labels):
        return next((option for option in options if option.label == number), None)
    place = int(number)
    return options[place - 1] if 1 <= place <= len(options) else None


class Ear:
    """Listens to a visitor's stream in the background, so that waiting for a word can be given up."""

    def __init__(self, visitor: Visitor, broken: Callable[[], None] | None = None) -> None:
        self._visitor = visitor
        self._broken = broken
        self._heard: asyncio.Queue[Heard | OperatorError] = asyncio.Queue()
        self._listening: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._listening = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.wait({self._listening})

    async def word(self, within: float | None = None) -> Heard | None:
        """Return the next event; None when it takes longer than *within* seconds.

        OperatorError when there is nothing more to hear, as the session has expired.
        """
        try:
            heard = await asyncio.wait_for(self._heard.get(), within)
        except TimeoutError:
            return None
        if isinstance(heard, OperatorError):
            raise heard
        return heard

    async def _listen(self) -> None:
        try:
            async with aclosing(self._visitor.hear(broken=self._broken)) as events:
                async for heard in events:
                    self._heard.put_nowait(heard)
        except OperatorError as error:
            self._heard.put_nowait(error)
