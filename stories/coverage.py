"""Coverage of flows by stories: cards, exits, options, reminders, time limits."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from domain.event import Event
from domain.wait_defaults import WaitDefaults
from flows.cards.base import Card
from flows.flow import Flow
from stories.outcome import Outcome

Kind = Literal["cards", "exits", "options", "reminders", "timeouts"]
KINDS: Final[tuple[Kind, ...]] = ("cards", "exits", "options", "reminders", "timeouts")

_NUMBERED: Final = re.compile(r"(options|reminders)\.([0-9]+)\.(?:label|text)")
_TIMEOUT: Final = "no_answer"


@dataclass(frozen=True)
class Item:
    """One thing of a flow that a story may reach."""

    flow: str
    kind: Kind
    card: str
    name: str = ""
    """The exit, the option's label, the reminder's number; empty for the card itself."""
    key: str = field(default="", compare=False)
    """Key of the card that defines it, if there is one: `exits.invalid`."""

    @property
    def spelled(self) -> str:
        """The item as people name it within its flow."""
        return f"{self.card}.{self.name}" if self.name else self.card


@dataclass(frozen=True)
class Coverage:
    """The cards and exits of some flows, and those that stories reached."""

    items: tuple[Item, ...]
    """Everything, in the order of the flows and their cards."""
    reached: frozenset[Item]

    @property
    def missed(self) -> tuple[Item, ...]:
        """The items that no story reached."""
        return tuple(item for item in self.items if item not in self.reached)

    @property
    def gaps(self) -> tuple[Item, ...]:
        """The items that no story reached, without repetitions: time limits, and the parts of a missed card."""
        cards = {item.card for item in self.missed if item.kind == "cards"}
        return tuple(
            item for item in self.missed if item.kind == "cards" or (item.kind != "timeouts" and item.card not in cards)
        )

    def of(self, flow: str, kind: Kind | None = None) -> "Coverage":
        """Return the part that concerns *flow*, and *kind* when that is said."""
        items = tuple(item for item in self.items if item.flow == flow and kind in (None, item.kind))
        return Coverage(items, self.reached & set(items))


def coverage(flows: Iterable[Flow], outcomes: Iterable[Outcome]) -> Coverage:
    """Return the coverage of *flows* by *outcomes*.

    An exit counts when a story went through it and says what follows: the next message or end is one of its steps,
    or it looks at variables, tags, exits and the like before that.
    """
    known = {flow.flow: flow.under(WaitDefaults()) for flow in flows}
    items = tuple(item for flow in known.values() for card in flow.cards for item in _items(flow.flow, card))
    reached = {item for outcome in outcomes for item in _reached(outcome, known)}
    return Coverage(items, frozenset(reached & set(items)))


def _items(flow: str, card: Card) -> Iterator[Item]:
    yield Item(flow, "cards", card.id)
    for way in card.ways_out():
        yield Item(flow, "exits", card.id, way.name, way.key)
        if way.name == _TIMEOUT:
            yield Item(flow, "timeouts", card.id, way.name, way.key)
    for key, text in card.texts().items():
        if found := _NUMBERED.fullmatch(key):
            kind, place = found.groups()
            name = text if kind == "options" else str(int(place) + 1)
            yield Item(flow, kind, card.id, name, key)  # pyright: ignore[reportArgumentType] - the pattern has only kinds


def _reached(outcome: Outcome, flows: Mapping[str, Flow]) -> Iterator[Item]:
    for place, event in enumerate(outcome.events):
        flow, card = event.flow, event.card
        if flow is None or flow not in flows or card is None:
            continue
        yield Item(flow, "cards", card)
        if event.kind == "exit_taken" and _is_followed(outcome, place):
            name = str(event.data["exit"])
            yield Item(flow, "exits", card, name)
            if name == _TIMEOUT:
                yield Item(flow, "timeouts", card, name)
        elif event.kind == "reminder_sent":
            yield Item(flow, "reminders", card, str(event.data["number"]))
        elif event.kind == "question_answered":
            for label in _chosen(flows[flow].card(card), event):
                yield Item(flow, "options", card, label)


def _is_followed(outcome: Outcome, place: int) -> bool:
    """Whether the story checks the events after the one at *place*."""
    for after in range(place + 1, len(outcome.events)):
        if after in outcome.looked:
            return True
        if outcome.events[after].kind in {"message_sent", "conversation_ended"}:
            return after in outcome.asserted
    return len(outcome.events) in outcome.looked


def _chosen(card: Card, event: Event) -> Iterator[str]:
    """Yield the label of the option whose value is the answer."""
    values = card.values()
    for key, label in card.texts().items():
        if key.startswith("options.") and key.endswith(".label"):
            value = values.get(f"{key.removesuffix('.label')}.value")
            if event.data.get("value") in (value, label if value is None else value):
                yield label
