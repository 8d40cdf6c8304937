"""Every card: its purpose, its keys, its exits, an example."""

import inspect
from dataclasses import dataclass
from functools import cache
from typing import Final, cast

from flows.cards import cards
from flows.cards.base import FAMILIES, Card, Family
from flows.reading.tree import read_tree
from flows.reference.keys import Schema, keys_of
from flows.reference.topic import Key
from flows.schema import json_schema

COMMON: Final = ("id", "card", "title", "next")
"""The keys that every card has."""


@dataclass(frozen=True)
class CardTopic:
    """One type of card."""

    name: str
    about: str
    keys: tuple[Key, ...]
    """Those of its own."""
    example: str
    """YAML."""
    shown: Card
    """The example, read."""

    @property
    def exits(self) -> tuple[str, ...]:
        """The exits of the example."""
        return tuple(way.name for way in self.shown.ways_out())


@cache
def card_topics() -> dict[str, CardTopic]:
    """Return all of them, by name."""
    return {name: _topic(name, _definitions()) for name in cards}


def families() -> dict[Family, tuple[CardTopic, ...]]:
    """Return the cards of each family that has any."""
    found: dict[Family, tuple[CardTopic, ...]] = {}
    for family in FAMILIES:
        if topics := tuple(topic for topic in card_topics().values() if topic.shown.family == family):
            found[family] = topics
    return found


def common_keys() -> tuple[Key, ...]:
    """Return the keys that every card has."""
    definitions = _definitions()
    return keys_of(cast("Schema", definitions[cards[next(iter(cards))].__name__]), definitions, COMMON)


@cache
def _definitions() -> Schema:
    return cast("Schema", json_schema()["$defs"])


def _topic(name: str, definitions: Schema) -> CardTopic:
    card = cards[name]
    own = cast("Schema", definitions[card.__name__])
    return CardTopic(
        name=name,
        about=inspect.getdoc(card) or "",
        keys=keys_of(own, definitions, tuple(key for key in own["properties"] if key not in COMMON)),
        example=card.example.strip(),
        shown=card.model_validate(read_tree(card.example, name).plain()),
    )
