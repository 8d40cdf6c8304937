"""The service window: messages that may be sent so late that some channels refuse them (P109)."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Final

from domain.limits import LIMITS
from flows.cards.ask_question import AskQuestion
from flows.cards.base import Card
from flows.checks.finding import Finding
from flows.checks.ways import ASKING
from flows.flow import Flow

WINDOW: Final = LIMITS.service_window
"""How long after the contact's last message WhatsApp and Messenger take a text of one's own."""
_HOUR: Final = timedelta(hours=1)
_NOT: Final = -1


def check_window(flow: Flow, others: Iterable[Flow] = ()) -> Iterator[Finding]:
    """Yield the cards that may speak when the contact has been silent for as long as the window is open, or longer.

    In a flow by which one of *others* opens conversations, that is so from the beginning.
    """
    opened = any(flow.flow in one.opened for one in (flow, *others))
    silent = _hours(flow, WINDOW if opened else timedelta())
    for card in flow.cards:
        before = silent[card.id] * _HOUR
        if silent[card.id] == _NOT:
            continue
        if _speaks(card) and before >= WINDOW:
            yield _finding(card, "")
        elif isinstance(card, ASKING):
            for place, reminder in enumerate(card.reminders or ()):
                if reminder.after >= WINDOW and reminder.after < (card.timeout or reminder.after + _HOUR):
                    yield _finding(card, f"reminders.{place}.text")


def _speaks(card: Card) -> bool:
    """Return whether it says something when it begins; a question without a text leaves asking to the card before."""
    return card.speaks and not (isinstance(card, AskQuestion) and not card.text)


def _hours(flow: Flow, before: timedelta) -> dict[str, int]:
    """Return for each card how many whole hours the contact may have been silent when it begins; -1: never played.

    When the flow begins, it has been *before*.
    Shorter waits count as none, and nothing counts beyond the window, so that circles come to an end.
    """
    cards = {card.id: card for card in flow.cards}
    hours = dict.fromkeys(cards, _NOT)
    first = flow.first().id
    hours[first] = before // _HOUR
    ahead = [first]
    while ahead:
        card = cards[ahead.pop()]
        for way in card.ways_out():
            target = flow.leads_to(card, way)
            here = card.silence(way.name)
            silent = 0 if here is None else min(hours[card.id] + here // _HOUR, WINDOW // _HOUR)
            if target in cards and silent > hours[target]:
                hours[target] = silent
                ahead.append(target)
    return hours


def _finding(card: Card, key: str) -> Finding:
    return Finding(
        code="P109",
        severity="warning",
        card=card.id,
        key=key,
        sentence="it may speak when the contact has been silent for 24 hours: WhatsApp and Messenger refuse that",
        remedy="make the waiting before it shorter, speak by a template (send_template), or end without a word there",
    )
