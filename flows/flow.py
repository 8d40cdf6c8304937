"""A flow, parsed."""

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self, Union, cast

from pydantic import ConfigDict, Discriminator, Field, JsonValue, Tag, field_validator, model_validator

from domain.errors import FlowError
from domain.model import Written
from domain.suggestion import nearest
from domain.wait_defaults import WaitDefaults
from flows.cards import cards
from flows.cards.base import Card, Exit
from flows.keywords import Keywords
from flows.names import Name, Target
from flows.texts import Texts, in_language
from flows.types import TypeName

END: Final = "end"
"""The target that ends a flow."""

FLOW: Final = "flow:"
"""How a target begins that names another flow."""

ALWAYS: Final = ("contact", "conversation", "answers", "now", "company")
"""The names that every expression knows, beside the flow's variables."""

RESERVED: Final = (*ALWAYS, "item")
"""The names that no variable may have."""


def _card_type(card: object) -> str | None:
    name = cast("Mapping[str, object]", card).get("card") if isinstance(card, Mapping) else getattr(card, "card", None)
    return name if isinstance(name, str) else None


if TYPE_CHECKING:
    AnyCard = Card
else:
    AnyCard = Annotated[
        Union[tuple(Annotated[cards[name], Tag(name)] for name in cards)],  # noqa: UP007 - built from the registry
        Discriminator(_card_type),
    ]


class Variable(Written):
    """A variable of a flow."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    type: TypeName
    """Type of its values."""
    sensitive: bool = False
    """Personal data: journal and logs show dots instead."""
    default: JsonValue = None
    """Value before it is set."""
    input: bool = False
    """Set by the flow that calls this one."""
    title: str = ""
    """Displayed name."""


class Flow(Written):
    """A script of a conversation: cards in order, and the variables that they share."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    spec: Literal[1]
    """Version of the flow language."""
    flow: Name
    """Name of the flow, as other flows and `prosa.toml` call it."""
    title: str = ""
    """Displayed name."""
    language: str = "pt-BR"
    """Language of the standard sentences."""
    variables: dict[Name, Variable] = Field(default_factory=dict)
    """Variables of the flow."""
    fallback: Target | None = None
    """Where to go when a card fails and has no exit for it."""
    keywords: Keywords = Keywords()
    """Words that work at any question, and the card or flow that each leads to."""
    silence: WaitDefaults = WaitDefaults()
    """Time limit and reminders of cards that wait for the contact and have none of their own."""
    texts: Texts
    """The standard sentences; those not written here are the language's."""
    cards: tuple[AnyCard, ...] = Field(min_length=1)
    """The steps, in order."""

    @model_validator(mode="before")
    @classmethod
    def _complete_texts(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        known = cast("dict[str, Any]", data)
        changes: object = known.get("texts", {})
        if not isinstance(changes, dict):
            return known
        language = str(known.get("language", cls.model_fields["language"].default))
        return {**known, "texts": in_language(language, cast("dict[str, Any]", changes))}

    @field_validator("variables")
    @classmethod
    def _are_free_names(cls, variables: dict[str, Variable]) -> dict[str, Variable]:
        if taken := sorted(set(variables) & set(RESERVED)):
            raise ValueError(f"{', '.join(taken)} cannot be a variable: the name has a meaning of its own")
        return variables

    @field_validator("cards")
    @classmethod
    def _have_their_own_ids(cls, cards: tuple[Card, ...]) -> tuple[Card, ...]:
        seen: set[str] = {END}
        for card in cards:
            if card.id in seen:
                raise ValueError(f"two cards are called {card.id!r}" if card.id != END else "no card is called 'end'")
            seen.add(card.id)
        return cards

    @classmethod
    def load(cls, content: Mapping[str, JsonValue]) -> Self:
        """Return the flow that `dump` gave; ValidationError when it is none."""
        return cls.model_validate(content)

    def under(self, defaults: WaitDefaults) -> Self:
        """Return the flow as it is played: waiting cards get time limit and reminders of `silence`, else *defaults*."""
        silence = self.silence.otherwise(defaults)
        if silence == WaitDefaults():
            return self
        return self.model_copy(update={"cards": tuple(_filled(card, silence) for card in self.cards)})

    def dump(self) -> dict[str, JsonValue]:
        """Return the flow as JSON, without default values and texts."""
        return self.model_dump(mode="json", exclude_defaults=True, by_alias=True)

    def fingerprint(self, calls: Mapping[str, str]) -> str:
        """Return 64 hex digits of SHA-256 over the content and the hashes of the flows it calls."""
        content = {"flow": self.dump(), "calls": dict(calls)}
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def first(self) -> Card:
        """Return the card with which the flow begins."""
        return self.cards[0]

    def card(self, id: str) -> Card:  # noqa: A002 - what flows call it
        """Return the card called *id*; FlowError names the nearest when there is none."""
        place = self._places.get(id)
        if place is None:
            raise FlowError(f"flow {self.flow!r} has no card {id!r}{nearest(id, self._places)}")
        return self.cards[place]

    def target(self, card: Card, exit: str) -> str:  # noqa: A002 - what flows call it
        """Return where *exit* of *card* leads: a card's id, `end`, or `flow:NAME`."""
        way = next((way for way in card.ways_out() if way.name == exit), None)
        if way is None:
            raise FlowError(f"card {card.id!r} has no exit {exit!r}")
        return self.leads_to(card, way)

    def leads_to(self, card: Card, way: Exit) -> str:
        """Return what `target` returns, for a *way* of `card.ways_out()` at hand: nothing has to be looked up."""
        if way.target is not None:
            return way.target
        if way.falls_through:
            return card.next or self.below(card)
        return self.fallback or END

    def below(self, card: Card) -> str:
        """Return the id of the card after *card*, or `end`."""
        place = self._places[card.id] + 1
        return self.cards[place].id if place < len(self.cards) else END

    def called(self) -> tuple[str, ...]:
        """Return the names of the flows that this one may play, sorted."""
        targets = [self.fallback, *dict(self.keywords.targets()).values(), *(card.next for card in self.cards)]
        targets += [way.target for card in self.cards for way in card.ways_out()]
        named = {target.removeprefix(FLOW) for target in targets if target and target.startswith(FLOW)}
        return tuple(sorted(named.union(*(card.calls() for card in self.cards))))

    @cached_property
    def opened(self) -> frozenset[str]:
        """The names of the flows by which this one opens conversations."""
        return frozenset(name for card in self.cards for name in card.opens())

    @cached_property
    def _places(self) -> dict[str, int]:
        return {card.id: place for place, card in enumerate(self.cards)}


def _filled(card: Card, silence: WaitDefaults) -> Card:
    """Return *card* with the values of *silence* for those of its keys that it does not set itself."""
    fields = type(card).model_fields
    if not set(WaitDefaults.model_fields) <= fields.keys():
        return card
    return card.model_copy(update={key: value for key, value in silence if getattr(card, key) is None})
