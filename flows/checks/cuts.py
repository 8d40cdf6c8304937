"""Texts that end before a `#`, which begins a comment in YAML (P210)."""

from collections.abc import Iterator, Mapping
from typing import Final

from flows.checks.finding import Finding
from flows.flow import Flow

_SENTENCES: Final = "@texts."


def check_cuts(flow: Flow, comments: Mapping[str, str]) -> Iterator[Finding]:
    """Yield the texts that one of *comments*, by its place, cuts off: perhaps it was meant to be said."""
    for card in flow.cards:
        for key in card.texts():
            if comment := comments.get(f"{card.id}.{key}"):
                yield _cut(card.id, key, comment)
    for place, comment in comments.items():
        if place.startswith(_SENTENCES):
            yield _cut(None, place.removeprefix("@"), comment)


def _cut(card: str | None, key: str, comment: str) -> Finding:
    return Finding(
        code="P210",
        severity="warning",
        card=card,
        key=key,
        sentence=f"{key!r} ends before {comment!r}: ` #` begins a comment",
        remedy="put the text between quotes, and a comment behind them",
    )
