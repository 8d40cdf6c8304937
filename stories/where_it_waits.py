"""Where a conversation waits, in words."""

from collections.abc import Mapping

from domain.conversation import Snapshot
from domain.duration import format_duration
from flows.cards.ask_question import Asking, AskQuestion
from flows.flow import Flow


def resting(state: Snapshot | None, flows: Mapping[str, Flow]) -> str:
    """Return a sentence with the card at which it waits, or with its end."""
    frame = state.frames[-1] if state and state.frames else None
    if frame is None:
        return "the conversation has ended"
    where = f"it waits at card {frame.card!r} of flow {frame.flow!r}"
    card = flows[frame.flow].card(frame.card) if frame.card and frame.flow in flows else None
    if isinstance(card, AskQuestion) and card.settle and Asking.model_validate(frame.memory).fragments:
        settle = format_duration(card.settle)
        return f"{where}, {settle} for more of the answer; the step `- silence: {settle}` lets the time pass"
    return where
