"""Operations that want a proof of who the contact is, and can be reached without one (P315)."""

from collections.abc import Iterator, Mapping

from flows.cards.base import Card
from flows.cards.confirm_identity import ConfirmIdentity
from flows.cards.run_flow import RunFlow
from flows.checks.finding import Finding
from flows.checks.installation import Catalogue
from flows.flow import END, Flow
from flows.parts.proving import CONFIRMED


def check_proofs(flow: Flow, catalogue: Catalogue, others: Mapping[str, Flow]) -> Iterator[Finding]:
    """Yield the calls that want a proof and that a way leads to without one, from the beginning or a keyword.

    A flow that is run counts as a proof when it has a card `confirm_identity`: whether the flow here looks at what
    came of it, only the conversation knows, which has the call refused without one.
    """
    proving = {name for name, one in others.items() if any(isinstance(card, ConfirmIdentity) for card in one.cards)}
    open_ = _unproved(flow, proving)
    for card in flow.cards:
        if card.id not in open_:
            continue
        for asked in card.asks():
            known = catalogue.get(asked.connection, {}).get(asked.operation)
            if known is not None and known.proof:
                yield Finding(
                    code="P315",
                    severity="warning",
                    card=card.id,
                    key=asked.key,
                    sentence=f"operation {asked.operation!r} is refused unless the contact has proved to be the "
                    "customer, and a way leads here without that",
                    remedy="run the flow `verifica_titular`, or play a card `confirm_identity`, on every way before it",
                )


def _unproved(flow: Flow, proving: set[str]) -> set[str]:
    """Return the cards that are reached without a proof."""
    cards = {card.id: card for card in flow.cards}
    ahead = [flow.first().id, flow.fallback or END, *dict(flow.keywords.targets()).values()]
    reached: set[str] = set()
    while ahead:
        here = ahead.pop()
        if here in cards and here not in reached:
            reached.add(here)
            card = cards[here]
            ahead += [flow.target(card, way.name) for way in card.ways_out() if not _proves(card, way.name, proving)]
    return reached


def _proves(card: Card, way: str, proving: set[str]) -> bool:
    """Whether who leaves *card* by *way* has proved who they are."""
    if isinstance(card, ConfirmIdentity):
        return way == CONFIRMED
    return isinstance(card, RunFlow) and card.flow in proving
