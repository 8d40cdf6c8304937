"""The text of a flow's page: every card in words, and its changes."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from console.card_texts import Text, limits, texts
from drawing.reading import differences
from drawing.words import Words
from flows.cards.base import Card
from flows.flow import END, FLOW, Flow


@dataclass(frozen=True)
class Way:
    """One exit, and where it leads."""

    label: str
    target: str
    href: str


@dataclass(frozen=True)
class CardView:
    """One card as the page shows it."""

    id: str
    title: str
    card: str
    """Its type, as flows spell it."""
    kind: str
    """Its type, as people call it."""
    colour: str
    texts: tuple[Text, ...]
    limits: tuple[tuple[str, str], ...]
    """Durations that the contact notices, by key."""
    ways: tuple[Way, ...]
    calls: tuple[Way, ...]
    source: str
    """The card as flows spell it."""
    mark: str
    changes: tuple[tuple[str, str], ...]
    """Lines of the source that were added (`+`), removed (`-`) or stand around those (` `)."""


def views(flow: Flow, before: Flow | None, language: str, links: Mapping[str, str]) -> list[CardView]:
    """Return the cards of *flow*, then those that only *before* has."""
    words = Words(language)
    marks = differences(before, flow) if before else {}
    old = {card.id: card for card in before.cards} if before else {}
    found = [_view(flow, card, words, links, marks.get(card.id, ""), old.get(card.id)) for card in flow.cards]
    if before:
        gone = [card for card in before.cards if marks.get(card.id) == "removed"]
        found += [_view(before, card, words, links, "removed", None) for card in gone]
    return found


def _view(flow: Flow, card: Card, words: Words, links: Mapping[str, str], mark: str, old: Card | None) -> CardView:
    ways = tuple(
        _way(flow, words.exit(way), flow.leads_to(card, way), links)
        for way in card.ways_out()
        if way.target != END or way.key
    )
    source = _source(card)
    return CardView(
        id=card.id,
        title=card.title or card.id,
        card=card.card,
        kind=words.kind(card.card, card.symbol),
        colour=card.symbol.colour,
        texts=texts(card),
        limits=limits(card),
        ways=ways,
        calls=tuple(_way(flow, "", f"{FLOW}{name}", links) for name in card.calls()),
        source=source,
        mark=mark,
        changes=_changes(_source(old), source) if old is not None and mark == "changed" else (),
    )


def _way(flow: Flow, label: str, target: str, links: Mapping[str, str]) -> Way:
    if target == END:
        return Way(label, "", "")
    if target.startswith(FLOW):
        name = target.removeprefix(FLOW)
        return Way(label, name, links.get(name, ""))
    return Way(label, next((card.title for card in flow.cards if card.id == target), "") or target, f"#card-{target}")


def _source(card: Card) -> str:
    content = {"id": card.id, "card": card.card, **card.model_dump(mode="json", exclude_defaults=True, by_alias=True)}
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=72)


def _changes(before: str, after: str) -> tuple[tuple[str, str], ...]:
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return tuple((line[0], line[2:]) for line in lines if line[0] in "+- ")
