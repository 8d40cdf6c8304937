"""Apply an operator's intervention to the state: retry the failed step, or leave the waiting card."""

from typing import Final

from domain.conversation import CloseRequest, Intervention, Setup, Snapshot
from domain.errors import MistakeError, ProsaError
from domain.events.conversations import ConversationEnded, StepFailed
from domain.limits import LIMITS
from flows.cards.base import Card
from flows.flow import FLOW
from flows.parts.patience import SILENT

FAILED: Final = "failed"
MESSAGE: Final = 1_000
"""Characters of an error that the journal keeps."""


def remember_failure(state: Snapshot) -> None:
    """Keep the frames as they stand, for a retry, unless they are too large to be carried twice."""
    frames = [frame.model_copy(deep=True) for frame in state.frames]
    size = sum(len(frame.model_dump_json()) for frame in frames)
    state.failed = frames if size <= LIMITS.state // 4 else []


def go_back(state: Snapshot) -> str:
    """Put the frames back as they stood when a step failed, and return the card that is to be played again."""
    state.frames[:], state.failed = state.failed, []
    return state.frames[-1].card or ""


def way_out(card: Card, intervention: Intervention) -> str:
    """Return the exit by which *card* is left that shall not wait any longer: the one named, else the silent one."""
    names = [way.name for way in card.ways_out()]
    silent = next((name for name in SILENT if name in names), names[0])
    return intervention.exit if intervention.exit in names else silent


def failure(error: Exception) -> StepFailed:
    """Return the text of *error* for the journal."""
    code = error.code if isinstance(error, ProsaError) else type(error).__name__
    return StepFailed(error=code, message=str(error)[:MESSAGE])


def mistake(error: Exception) -> StepFailed:
    """Return the text of an *error* outside any card: a flow's, or else a mistake in Prosa."""
    if isinstance(error, ProsaError):
        return failure(error)
    return StepFailed(error=MistakeError.code, message=f"{type(error).__name__}: {error}"[:MESSAGE])


def ending(resolution: str, request: CloseRequest | None) -> ConversationEnded:
    """Return the event by which a conversation ends, with the person who asked for it, if one did."""
    by, reason = (request.by, request.reason) if request else (None, None)
    return ConversationEnded(resolution=resolution, by=by, reason=reason)


def fallback(setup: Setup, state: Snapshot) -> str:
    """Return where the settings lead when a card fails; nowhere within the flow that they name."""
    playing = {f"{FLOW}{frame.flow}" for frame in state.frames}
    return "" if setup.fallback in playing else setup.fallback
