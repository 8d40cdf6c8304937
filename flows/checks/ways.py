"""The way through the cards: targets, dead ends, what is never reached, what never waits (P101 to P108)."""

from collections.abc import Iterator
from typing import Final

from flows.cards.ask_question import AskQuestion
from flows.cards.await_interaction import AwaitInteraction
from flows.cards.base import Card, Exit
from flows.cards.erp_call import ErpCall
from flows.cards.survey import Survey
from flows.checks.finding import Finding
from flows.flow import END, FLOW, Flow
from flows.patience import PATIENCE
from flows.suggestion import nearest_or_all

ASKING: Final = (AskQuestion, AwaitInteraction, Survey)
"""The cards that wait for the contact, with reminders and a time limit."""


def check_ways(flow: Flow) -> Iterator[Finding]:
    """Yield what is wrong with the way from card to card."""
    yield from _targets(flow)
    yield from _unreachable(flow)
    yield from _dead_ends(flow)
    yield from _questions(flow)
    yield from _loops(flow)


def _targets(flow: Flow) -> Iterator[Finding]:
    ids = [card.id for card in flow.cards]
    written = [(card.id, way.key, way.target) for card in flow.cards for way in card.ways_out()]
    written += [(card.id, "next", card.next) for card in flow.cards]
    whole = [(None, "fallback", flow.fallback)]
    whole += [(None, f"keywords.{word}", target) for word, target in flow.keywords.targets()]
    for card, key, target in [*written, *whole]:
        if target is not None and target != END and not target.startswith(FLOW) and target not in ids:
            yield Finding(
                code="P101",
                card=card,
                key=key,
                sentence=f"target {target!r} is no card of this flow{nearest_or_all(target, ids)}",
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
    return Finding(
        code=code,
        severity="warning" if code == "P106" else "error",
        card=card.id,
        sentence=f"exit {way.name!r} leads nowhere: the flow would end there without a word",
        remedy=f"give it a target under 'exits' ({way.name}: CARD), or give the flow a 'fallback'",
    )


def _questions(flow: Flow) -> Iterator[Finding]:
    for card in flow.cards:
        if not isinstance(card, ASKING):
            continue
        if card.timeout is None:
            yield Finding(
                code="P103",
                severity="warning",
                card=card.id,
                sentence="the question has no timeout",
                remedy="say how long it waits (timeout: 30m); without it, 24 hours",
            )
        for place, reminder in enumerate(card.reminders):
            if reminder.after >= (card.timeout or PATIENCE):
                yield Finding(
                    code="P108",
                    severity="warning",
                    card=card.id,
                    key=f"reminders.{place}.after",
                    sentence="the question gives up before this reminder is said",
                    remedy="make it earlier, or the timeout longer",
                )


def _loops(flow: Flow) -> Iterator[Finding]:
    """Peel off the cards that nothing leads to, and those that lead nowhere: circles are left."""
    restless = {card.id: card for card in flow.cards if not card.waits}
    ways = {id_: {to for to in _leads_to(flow, card) if to in restless} for id_, card in restless.items()}
    left = _peeled(_reversed(_peeled(ways)))
    around = [card.id for card in flow.cards if card.id in left]
    if around:
        yield Finding(
            code="P107",
            card=around[0],
            sentence=f"{', '.join(map(repr, around[:5]))} can go round for ever without waiting for the contact",
            remedy="put a question into the circle, or lead one of its exits out",
        )


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
    return [flow.target(card, way.name) for way in card.ways_out()]
