"""The words of drawings that are not the author's, in the languages that people read."""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from flows.cards.base import Exit, Symbol

LANGUAGES: Final = ("pt-BR", "en")
_EXPRESSION: Final = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


class Words:
    """The words in *language*, or in the nearest of ours."""

    def __init__(self, language: str) -> None:
        short = language.partition("-")[0].lower()
        self.language = next((one for one in LANGUAGES if one.partition("-")[0] == short), LANGUAGES[-1])
        self._words = _all()[self.language]

    def say(self, key: str) -> str:
        """Return a word."""
        return str(self._words[key])

    def exit(self, way: Exit) -> str:
        """Return the label beside the line of *way*."""
        return clean(
            self._words["exits"].get(way.label, way.label.replace("_", " ") if way.label == way.name else way.label)
        )

    def kind(self, kind: str, symbol: Symbol) -> str:
        """Return the displayed name of a type of card."""
        return symbol.names.get(self.language) or kind.replace("_", " ")


def clean(text: str) -> str:
    """Return *text* in one line, without characters that XML does not allow: controls and surrogate halves."""
    return "".join(
        letter for letter in " ".join(text.split()) if unicodedata.category(letter) not in {"Cc", "Cs", "Cn"}
    )


def brief(text: str) -> str:
    """Return *text* as one reads it at a glance: without conditional parts, with `…` for expressions."""
    return _EXPRESSION.sub(_briefly, text)


def _briefly(found: re.Match[str]) -> str:
    written = found[1]
    if " if " not in written and "~" not in written:
        return found[0]
    return "…" if " else " in written or " if " not in written else ""


@cache
def _all() -> dict[str, Any]:
    return dict(yaml.safe_load((Path(__file__).parent / "words.yaml").read_text(encoding="utf-8")))
