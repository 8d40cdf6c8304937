"""The way through the cards: targets, dead ends, unreachable cards, loops without a wait (P101 to P111)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final

from domain.suggestion import Suggestions
from domain.wait_defaults import Reminder
from flows.cards.ask_question import AskQuestion
from flows.cards.await_interaction import AwaitInteraction
from flows.cards.base import DONE, Card, Exit
from flows.cards.delay import Delay
from flows.cards.erp_call import ErpCall
from flows.cards.survey import Survey
from flows.cards.wait_event import TIMEOUT, WaitEvent
from flows.checks.finding import Finding
from flows.flow import END, FLOW, Flow
from flows.parts.patience import PATIENCE, SILENT

ASKING: Final = (AskQuestion, AwaitInteraction, Survey)
"""The cards that wait for the contact, with reminders and a time limit."""


def check_ways(flow: Flow, played: Flow) -> Iterator[Finding]:
    """Yield the mistakes in the way from card to card; *played* is the flow with all defaults.

    Where a target is wrong, nobody knows what it was to lead to: then no card is said to be out of reach.
    """
    wrong = list(_targets(flow))
    yield from wrong
    if not wrong:
        yield from _unreachable(flow)
    yield from _dead_ends(flow)
    yield from _questions(flow, played)
    yield from _loops(flow)
    yield from _silences(flow)


def _targets(flow: Flow) -> Iterator[Finding]:
    ids = {card.id: None for card in flow.cards}
    written = [(card.id, way.key, way.target) for card in flow.cards for way in card.ways_out()]
    written += [(card.id, "next", card.next) for card in flow.cards]
    whole = [(None, "fallback", flow.fallback)]
    whole += [(None, f"keywords.{word}", target) for word, target in flow.keywords.targets()]
    suggestions = Suggestions()
    for card, key, target in [*written, *whole]:
        if target is not None and target != END and not target.startswith(FLOW) and target not in ids:
            yield Finding(
                code="P101",
                card=card,
                key=key,
                sentence=f"target {target!r} is no card of this flow{suggestions.nearest_or_all(target, ids)}",
                remedy="name a card, `end`, or `flow:NAME`",
            )


def _unreachable(flow: Flow) -> Iterator[Finding]:
    cards = {card.id: card for card in flow.cards}
    ahead = [flow.first().id, flow.fallback or END, *dict(flow.keywords.targets()).values()]
    reached: set[str] = set()
    while ahead:
        here = ahead.pop()
        if here in cards and here not in reached:
            reached.add(here)
            ahead += _leads_to(flow, cards[here])
    for card in flow.cards:
        if card.id not in reached:
            yield Finding(
                code="P102",
                severity="warning",
                card=card.id,
                sentence="no way leads here",
                remedy="make it the target of an exit, or delete it",
            )


def _dead_ends(flow: Flow) -> Iterator[Finding]:
    if flow.fallback is not None:
        return
    for card in flow.cards:
        for way in card.ways_out():
            if way.target is None and not way.falls_through:
                yield _dead_end(card, way)


def _dead_end(card: Card, way: Exit) -> Finding:
    code = "P106"
    if isinstance(card, AskQuestion) and way.name == "invalid":
        code = "P104"
    elif isinstance(card, ErpCall) and way.name == "failed":
        code = "P105"
    elif isinstance(card, WaitEvent) and way.name == TIMEOUT:
        code = "P110"
    return Finding(
        code=code,
        severity="warning" if code == "P106" else "error",
        card=card.id,
        sentence=f"exit {way.name!r} leads nowhere: the flow would end there without a word",
        remedy=f"give it a target under 'exits' ({way.name}: CARD), or give the flow a 'fallback'",
    )


def _questions(flow: Flow, played: Flow) -> Iterator[Finding]:
    for card in flow.cards:
        if not isinstance(card, ASKING):
            continue
        timeout = getattr(played.card(card.id), "timeout", None)
        if timeout is None:
            yield Finding(
                code="P103",
                severity="warning",
                card=card.id,
                sentence="the question has no timeout",
                remedy="say how long it waits (timeout: 30m), or all of the flow's (silence: {timeout: 30m}); "
                "without either, 24 hours",
            )
        yield from _late(card.id, "", card.reminders, timeout)
    yield from _late(None, "silence.", flow.silence.reminders, flow.silence.timeout)


def _late(
    card: str | None, above: str, reminders: Sequence[Reminder] | None, timeout: timedelta | None
) -> Iterator[Finding]:
    """Yield the *reminders* that would be said when the *timeout* is over, or the usual one."""
    for place, reminder in enumerate(reminders or ()):
        if reminder.after >= (timeout or PATIENCE):
            yield Finding(
                code="P108",
                severity="warning",
                card=card,
                key=f"{above}reminders.{place}.after",
                sentence="the question gives up before this reminder is said",
                remedy="make it earlier, or the timeout longer",
            )


def _loops(flow: Flow) -> Iterator[Finding]:
    restless = {card.id: _leads_to(flow, card) for card in flow.cards if not card.waits}
    if around := _around(flow, restless):
        yield Finding(
            code="P107",
            card=around[0],
            sentence=f"{', '.join(map(repr, around[:5]))} can go round for ever without waiting for the contact",
            remedy="put a question into the circle, or lead one of its exits out",
        )


def _silences(flow: Flow) -> Iterator[Finding]:
    around = _around(flow, {card.id: [flow.leads_to(card, way) for way in _by_itself(card)] for card in flow.cards})
    if any(flow.card(id_).waits for id_ in around):
        yield Finding(
            code="P111",
            card=around[0],
            sentence=f"{', '.join(map(repr, around[:5]))} go round for ever while the contact is silent",
            remedy="count the rounds, and lead out of the circle with a condition, or end at the first silence",
        )


def _by_itself(card: Card) -> list[Exit]:
    """Return the exits for which nobody has to do anything, and that have no other beside them: only time passes."""
    ways = card.ways_out()
    if not card.waits:
        return list(ways) if len(ways) == 1 else []
    return [way for way in ways if way.name in SILENT or (isinstance(card, Delay) and way.name == DONE)]


def _around(flow: Flow, ways: Mapping[str, Collection[str]]) -> list[str]:
    """Peel off the cards that nothing leads to, and those that lead nowhere: return the circles that are left."""
    inside = {id_: {target for target in targets if target in ways} for id_, targets in ways.items()}
    left = _peeled(_reversed(_peeled(inside)))
    return [card.id for card in flow.cards if card.id in left]


def _peeled(ways: dict[str, set[str]]) -> dict[str, set[str]]:
    """Return *ways* without the cards that lead nowhere, and those that only lead to such."""
    before = _reversed(ways)
    open_ = {id_: len(targets) for id_, targets in ways.items()}
    ends = [id_ for id_, count in open_.items() if count == 0]
    while ends:
        gone = ends.pop()
        del open_[gone]
        for id_ in before[gone]:
            open_[id_] -= 1
            if open_[id_] == 0:
                ends.append(id_)
    return {id_: ways[id_] & open_.keys() for id_ in open_}


def _reversed(ways: dict[str, set[str]]) -> dict[str, set[str]]:
    back: dict[str, set[str]] = {id_: set() for id_ in ways}
    for id_, targets in ways.items():
        for target in targets:
            back[target].add(id_)
    return back


def _leads_to(flow: Flow, card: Card) -> list[str]:
    return [flow.leads_to(card, way) for way in card.ways_out()]
