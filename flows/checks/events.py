"""Events of other systems: each is expected, its address is given away, and a card waits for it (P112 to P114)."""

from collections.abc import Iterator

from domain.errors import ExpressionError
from domain.suggestion import Suggestions
from flows.cards.expect_event import ExpectEvent
from flows.cards.wait_event import WaitEvent
from flows.checks.finding import Finding
from flows.expressions.expression import template_names
from flows.flow import Flow


def check_events(flow: Flow) -> Iterator[Finding]:
    """Yield the events that cannot arrive, and those that no card waits for."""
    expected = {card.event for card in flow.cards if isinstance(card, ExpectEvent)}
    awaited = {card.event for card in flow.cards if isinstance(card, WaitEvent)}
    used = _used_names(flow)
    near = Suggestions().nearest
    for card in flow.cards:
        if isinstance(card, WaitEvent) and card.event not in expected:
            yield Finding(
                code="P112",
                card=card.id,
                key="event",
                sentence=f"nobody can tell the event {card.event!r}: no card expects it{near(card.event, expected)}",
                remedy=f"make an address for it before, with the card expect_event (event: {card.event})",
            )
        if isinstance(card, ExpectEvent) and card.save_url_as not in used:
            yield Finding(
                code="P113",
                card=card.id,
                key="save_url_as",
                sentence=f"the address in {card.save_url_as!r} is given to nobody",
                remedy=f"put {{{{ {card.save_url_as} }}}} into an http_request, a webhook or a message",
            )
        if isinstance(card, ExpectEvent) and card.event not in awaited:
            yield Finding(
                code="P114",
                severity="warning",
                card=card.id,
                key="event",
                sentence=f"no card waits for the event {card.event!r}{near(card.event, awaited)}",
                remedy=f"wait for it with the card wait_event (event: {card.event}), or delete this card",
            )


def _used_names(flow: Flow) -> set[str]:
    """Return the variables that cards use in messages and requests."""
    used: set[str] = set()
    for card in flow.cards:
        for value in (*card.texts().values(), *card.values().values()):
            try:
                used |= template_names(value)
            except ExpressionError:  # another check says so
                continue
    return used
