"""Search for words in flows, ignoring case and accents."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, cast

from pydantic import JsonValue

from domain.effect import LoadedFlow
from flows.understanding.folding import folded

_AROUND: Final = 40
_HIDDEN: Final = ("id", "card", "title")


@dataclass(frozen=True)
class Hit:
    """A card that contains all words, and the text around the first."""

    card: str
    title: str
    text: str


def hits(flow: LoadedFlow, query: str) -> list[Hit]:
    """Return the cards of *flow* that hold every word of *query*, in the order of the script."""
    words = folded(query).split()
    found: list[Hit] = []
    for card in cast("list[dict[str, Any]]", flow.content.get("cards", [])):
        texts = list(_texts(card))
        everything = folded("\n".join(texts))
        if words and all(word in everything for word in words):
            shown = [text for key, text in zip(_keys(card), texts, strict=True) if key not in _HIDDEN]
            found.append(Hit(card["id"], card.get("title") or card["id"], around(shown, words)))
    return found


def names(flow: LoadedFlow, query: str) -> bool:
    """Whether name and title of *flow* hold every word of *query*."""
    called = folded(f"{flow.name} {flow.content.get('title', '')}")
    return all(word in called for word in folded(query).split())


def _texts(value: JsonValue) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (text for inner in value.values() for text in _texts(inner))
    elif isinstance(value, list):
        yield from (text for inner in value for text in _texts(inner))
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def _keys(card: dict[str, Any]) -> Iterator[str]:
    for key, value in card.items():
        yield from (key for _ in _texts(value))


def around(texts: Iterable[str], words: list[str]) -> str:
    """Return the piece of *texts* around the first of *words* found; empty when there is none."""
    for text in texts:
        line = " ".join(text.split())
        for word in words:
            if (place := folded(line).find(word)) >= 0:
                start, end = max(0, place - _AROUND), place + len(word) + _AROUND
                return ("…" if start else "") + line[start:end].strip() + ("…" if end < len(line) else "")
    return ""
