"""Texts that end before a `#`, which begins a comment in YAML (P210)."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from pydantic import JsonValue

from flows.checks.finding import Finding
from flows.flow import Flow

_SENTENCES: Final = re.compile(r"@(texts\..*|silence\.reminders\.[0-9]+\.text)")


def check_cuts(flow: Flow, comments: Mapping[str, str]) -> Iterator[Finding]:
    """Yield the texts that one of *comments*, by its place, cuts off: perhaps it was meant to be said."""
    for card in flow.cards:
        filled = (inner for key, value in card.values().items() for inner in _texts(key, value))
        for key in dict.fromkeys((*card.texts(), *filled)):
            if comment := comments.get(f"{card.id}.{key}"):
                yield _cut(card.id, key, comment)
    for place, comment in comments.items():
        if _SENTENCES.fullmatch(place):
            yield _cut(None, place.removeprefix("@"), comment)


def _texts(key: str, value: JsonValue) -> Iterator[str]:
    """Yield the keys of the texts in *value*; *key* is its own."""
    if isinstance(value, str):
        yield key
    elif isinstance(value, dict | list):
        for inner, below in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _texts(f"{key}.{inner}", below)


def _cut(card: str | None, key: str, comment: str) -> Finding:
    return Finding(
        code="P210",
        severity="warning",
        card=card,
        key=key,
        sentence=f"{key!r} ends before {comment!r}: ` #` begins a comment",
        remedy="put the text between quotes, and a comment behind them",
    )
