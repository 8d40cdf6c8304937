"""A scripted customer: asks for the second copy of an invoice over the web chat, and measures each turn."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Final

from domain.errors import OperatorError
from domain.message import Option
from flows.understanding.folding import folded
from prosa.chat.dialogue import Ear
from prosa.chat.webchat import File, Heard, Visitor

PATIENCE: Final = 20.0
"""Seconds in which the expected message of the bot must come."""
WRONG: Final = "529.982.247-24"
DOCUMENT: Final = "529.982.247-25"
"""Ana Souza's, who has one open invoice at the demo ERP; the wrong one has another last digit."""

_LINE: Final = re.compile(r"\d{5}[.\s]?\d{5}\s?\d{5}[.\s]?\d{6}\s?\d{5}[.\s]?\d{6}\s?\d\s?\d{14}")
_PIX: Final = re.compile(r"000201\S.*6304[0-9A-F]{4}")

Show = Callable[[str], None]


class UnexpectedError(OperatorError):
    """The bot did not send the expected message."""

    code = "unexpected"


@dataclass(frozen=True)
class Spoken:
    """One line of the transcript."""

    at: datetime
    who: str
    text: str
    options: tuple[Option, ...] = ()
    files: tuple[File, ...] = ()
    tapped: bool = False
    """The text is the label of an option that was tapped."""


@dataclass
class DemoResult:
    """The result of the demo conversation; `turns` are seconds from a message to the bot's first word in answer."""

    spoken: list[Spoken] = field(default_factory=list[Spoken])
    turns: list[float] = field(default_factory=list[float])
    protocol: str = ""
    line: str = ""
    pix: str = ""
    pdf: Path | None = None


class Customer:
    """Plays one conversation; UnexpectedError names the expected message when the bot sends another."""

    def __init__(self, visitor: Visitor, folder: Path, show: Show, patience: float = PATIENCE) -> None:
        self.result = DemoResult()
        self._visitor = visitor
        self._folder = folder
        self._show = show
        self._patience = patience
        self._ear = Ear(visitor)
        self._asked: float | None = None
        self._options: tuple[Option, ...] = ()
        self._labels: dict[str, str] = {}

    async def play(self) -> DemoResult:
        """Play the conversation; UnexpectedError names the message that did not come."""
        await self._visitor.enter("Ana")
        async with Ear(self._visitor) as self._ear:
            await self._greet()
            await self._identify()
            await self._collect()
            await self._leave()
        return self.result

    async def _greet(self) -> None:
        await self._say("oi")
        await self._expect(
            "a menu with the second copy of an invoice", lambda heard: _option(heard.options, "segunda via")
        )
        await self._tap("segunda via")

    async def _identify(self) -> None:
        await self._expect("a question for the CPF", lambda heard: "cpf" in folded(heard.text))
        await self._say(WRONG)
        await self._expect("a wrong CPF to be refused", lambda heard: heard.kind == "message")
        await self._say(DOCUMENT)

    async def _collect(self) -> None:
        """Wait for line, Pix and PDF, in any order and number of messages."""

        def complete(heard: Heard) -> bool:
            if found := _LINE.search(heard.text):
                self.result.line = found[0]
            if found := _PIX.search(heard.text):
                self.result.pix = found[0]
            pdfs = [file for file in heard.files if file.mime == "application/pdf"]
            if pdfs:
                slips.append(pdfs[0])
            return bool(self.result.line and self.result.pix and slips)

        slips: list[File] = []
        await self._expect("the digitable line, the Pix code and the PDF of the invoice", complete)
        self.result.pdf = await self._visitor.fetch(slips[0], self._folder)

    async def _leave(self) -> None:
        await self._expect("a question for anything else", lambda heard: heard.text.rstrip().endswith("?"))
        await self._say("não")
        await self._expect("a survey that takes a ten", lambda heard: _option(heard.options, "10"))
        await self._tap("10")
        await self._expect("a question for the reason", lambda heard: heard.kind == "message")
        await self._say("Foi rápido e fácil!")
        await self._expect("the end of the conversation", lambda heard: heard.kind == "ended")
        await self._say("obrigada!")
        await self._expect("a friendly word after the end", lambda heard: heard.kind == "message")

    async def _say(self, text: str) -> None:
        self._asked = monotonic()
        await self._visitor.say(text)

    async def _tap(self, label: str) -> None:
        option = _option(self._options, label)
        if option is None:
            raise UnexpectedError(f"expected an option {label!r}, found {[one.label for one in self._options]}")
        self._asked = monotonic()
        await self._visitor.say(choice=option.id)

    async def _expect(self, what: str, enough: Callable[[Heard], object]) -> Heard:
        """Listen until the bot, or the end, is *enough*."""
        self._show(f"waiting for {what}")
        deadline = monotonic() + self._patience
        while heard := await self._ear.word(deadline - monotonic()):
            self._write_down(heard)
            if heard.kind in {"message", "ended"} and enough(heard):
                return heard
            if heard.kind == "ended":
                raise UnexpectedError(f"expected {what}, found the end of the conversation")
        raise UnexpectedError(f"expected {what} within {self._patience:g} s, found nothing of it")

    def _write_down(self, heard: Heard) -> None:
        self.result.protocol = heard.protocol or self.result.protocol
        if heard.kind == "message":
            if self._asked is not None:
                self.result.turns.append(monotonic() - self._asked)
                self._asked = None
            self._options = heard.options
            self._labels |= {option.id: option.label for option in heard.options}
        if heard.kind in {"message", "received"}:
            who = "bot" if heard.kind == "message" else "customer"
            text = self._labels.get(heard.choice, heard.choice) if heard.choice else heard.text
            self.result.spoken.append(
                Spoken(heard.at, who, text, heard.options, heard.files, tapped=bool(heard.choice))
            )


def _option(options: tuple[Option, ...], words: str) -> Option | None:
    return next((option for option in options if words in folded(option.label)), None)
