"""How a dialogue looks: bubbles for a terminal, lines for a pipe."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from rich import box
from rich.align import Align
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.panel import Panel
from rich.rule import Rule
from rich.text import Text
from typing_extensions import override

from domain.message import are_numbers, listed
from prosa.chat.dialogue import Screen
from prosa.chat.webchat import Heard
from prosa.terminal import Terminal
from runtime.shown import harmless
from runtime.wording import clock, size

WIDEST: Final = 72
"""Columns of a bubble."""


class Bubbles(Screen):
    """The bot on the left, the person on the right."""

    def __init__(self) -> None:
        # `patch_stdout` stands between Rich and the terminal, which Rich would not recognise.
        self._console = Terminal(file=sys.stdout, force_terminal=True, highlight=False)

    @override
    def mine(self, text: str, heard: Heard | None = None) -> None:
        self._console.print(Align.right(_bubble(Text(text), heard.at if heard else datetime.now(UTC), "cyan")))

    @override
    def bot(self, heard: Heard, files: list[Path]) -> None:
        words = heard.words.strip()
        colour = "magenta" if heard.agent else "green"
        inside: list[RenderableType] = [Text(words)] if words else []
        if heard.options:
            inside.append(Text())
        labels = [option.label for option in heard.options]
        if are_numbers(labels):
            inside.append(Text(" ").join(Text(f" {label} ", style="bold black on green") for label in labels))
        else:
            keys = [Text(f" {number} ", style="bold black on green") for number in range(1, len(labels) + 1)]
            inside += [Text.assemble(key, " ", label) for key, label in zip(keys, labels, strict=True)]
        inside += [Text.assemble("📄 ", (path.name, "bold"), f"  {size(path.stat().st_size)}") for path in files]
        if any(len(word) > WIDEST for word in words.split()):  # a code to copy: no frame, no line breaks
            self._console.print(Text(words, style=colour), soft_wrap=True)
        else:
            self._console.print(_bubble(Group(*inside), heard.at, colour, heard.speaker if heard.agent else ""))
        for path in files:
            self._console.print(f"  [dim]saved as[/] {escape(str(path))}", soft_wrap=True)

    @override
    def note(self, text: str) -> None:
        self._console.print(Rule(f"[dim]{escape(text)}[/]", style="bright_black"))


class Lines(Screen):
    """One line a message, for programs and tests: `bot: ...`, `Bia: ...`, `you: ...`, `file: ...`."""

    @override
    def mine(self, text: str, heard: Heard | None = None) -> None:
        self._print(f"you: {text}")

    @override
    def bot(self, heard: Heard, files: list[Path]) -> None:
        if heard.words:
            self._print(f"{heard.speaker}: {heard.words.strip()}")
        for option in listed([option.label for option in heard.options]):
            self._print(f"  {option}")
        for path in files:
            self._print(f"file: {path}")

    @override
    def note(self, text: str) -> None:
        self._print(f"# {text}")

    def _print(self, line: str) -> None:
        sys.stdout.write(f"{harmless(line)}\n")
        sys.stdout.flush()


def _bubble(inside: RenderableType, at: datetime, colour: str, by: str = "") -> Panel:
    width = min(WIDEST, Terminal().width - 4)
    needed = Terminal(width=width).measure(inside).maximum + 4
    return Panel(
        inside,
        box=box.ROUNDED,
        border_style=colour,
        title=escape(by) or None,
        title_align="left",
        subtitle=f"[dim]{clock(at)}[/]",
        subtitle_align="right",
        width=max(min(width, needed), 14),
    )
