"""Circles through several flows: played on without waiting, or opened without a word of anybody (P115, P116)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from flows.cards.base import Card
from flows.cards.run_flow import RunFlow
from flows.checks.finding import Finding
from flows.checks.ways import ASKING
from flows.flow import END, FLOW, Flow
from flows.parts.patience import SILENT

_NAMED: Final = 5


def check_circles(flow: Flow, others: Mapping[str, Flow]) -> Iterator[Finding]:
    """Yield the circles that *flow* makes together with *others*, by name."""
    ways = _Ways({**others, flow.flow: flow})
    if around := _around(flow.flow, ways.entered_at_once):
        yield Finding(
            code="P115",
            sentence=f"the flows {_named(around)} can go round for ever without waiting for the contact",
            remedy="put a question into one of them, or lead one of the ways between them elsewhere",
        )
    elif calling := ways.called_again(flow):
        yield Finding(
            code="P115",
            card=calling.id,
            sentence=f"flow {calling.flow!r} can come back without waiting, and is played again, for ever",
            remedy="put a question into the circle, or lead one of its exits out",
        )
    if flow.opened and (around := _around(flow.flow, ways.opened_unheard)):
        yield Finding(
            code="P116",
            severity="warning",
            sentence=f"the flows {_named(around)} open one conversation after the other while nobody says a word",
            remedy="let one of them ask something before it opens the next, or count the rounds and end",
        )


class _Ways:
    """The ways from flow to flow among *flows*, by name."""

    def __init__(self, flows: Mapping[str, Flow]) -> None:
        self._flows = flows
        self._passing: dict[str, bool] = {}

    def entered_at_once(self, name: str) -> set[str]:
        """Return the flows that flow *name* enters, from its first card on, before anything waits."""
        if (flow := self._flows.get(name)) is None:
            return set()
        cards, outside = _walk(flow, self._restless)
        return {called for card in cards for called in card.calls()} | _flows_in(outside)

    def called_again(self, flow: Flow) -> RunFlow | None:
        """Return a card of *flow* whose flow need not wait, and to which its own exits lead back without waiting."""
        for card in flow.cards:
            if isinstance(card, RunFlow) and self._passes(card.flow):
                cards, _ = _walk(flow, self._restless, _leads_to(flow, card))
                if card in cards:
                    return card
        return None

    def opened_unheard(self, name: str) -> set[str]:
        """Return the flows with which flow *name*, and those that it plays, open conversations unanswered."""
        opened, ahead, known = set[str](), [name], {name}
        while ahead:
            if (flow := self._flows.get(ahead.pop())) is not None:
                cards, outside = _walk(flow, _by_itself)
                opened |= {one for card in cards for one in card.opens()}
                follow = {one for card in cards for one in card.calls()} | _flows_in(outside)
                ahead += follow - known
                known |= follow
        return opened

    def _passes(self, name: str) -> bool:
        """Whether flow *name* can come to its end without waiting."""
        if name not in self._passing and (flow := self._flows.get(name)) is not None:
            self._passing[name] = False  # as long as it is not known, for a flow that calls itself
            _, outside = _walk(flow, self._restless)
            self._passing[name] = END in outside or any(map(self._passes, sorted(_flows_in(outside))))
        return self._passing.get(name, False)

    def _restless(self, flow: Flow, card: Card) -> list[str]:
        """Return where *card* leads without waiting."""
        waits = not self._passes(card.flow) if isinstance(card, RunFlow) else card.waits
        return [] if waits else _leads_to(flow, card)


def _by_itself(flow: Flow, card: Card) -> list[str]:
    ways = [way for way in card.ways_out() if way.name in SILENT or not isinstance(card, ASKING)]
    return [flow.leads_to(card, way) for way in ways]


def _leads_to(flow: Flow, card: Card) -> list[str]:
    return [flow.leads_to(card, way) for way in card.ways_out()]


def _walk(
    flow: Flow, leads_to: Callable[[Flow, Card], list[str]], start: Iterable[str] | None = None
) -> tuple[list[Card], set[str]]:
    """Walk from the first card, or from *start*: return the cards that are reached, and the targets outside."""
    ids = {card.id for card in flow.cards}
    reached: dict[str, Card] = {}
    outside: set[str] = set()
    ahead = [flow.first().id] if start is None else list(start)
    while ahead:
        here = ahead.pop()
        if here not in ids:
            outside.add(here)
        elif here not in reached:
            reached[here] = flow.card(here)
            ahead += leads_to(flow, reached[here])
    return list(reached.values()), outside


def _around(start: str, next_ones: Callable[[str], set[str]]) -> list[str]:
    """Return the shortest way from *start* back to itself, *start* first; nothing when there is none."""
    before: dict[str, str] = {}
    ahead = [start]
    for name in ahead:
        for following in sorted(next_ones(name)):
            if following == start:
                way = [name]
                while way[-1] != start:
                    way.append(before[way[-1]])
                return way[::-1]
            if following not in before:
                before[following] = name
                ahead.append(following)
    return []


def _flows_in(targets: set[str]) -> set[str]:
    return {target.removeprefix(FLOW) for target in targets if target.startswith(FLOW)}


def _named(names: list[str]) -> str:
    return ", ".join(map(repr, names[:_NAMED]))
