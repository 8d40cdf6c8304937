"""What an answer means, and what it meant before its code was changed: conversations in flight go on as they did."""

from collections.abc import Callable
from typing import TypeAlias, cast

from pydantic import JsonValue

from domain.errors import InvalidAnswerError
from domain.model import Value
from flows.understanding.refusals import Reason, refusal


class Change(Value):
    """A change of code since which an answer means something else, is understood, or is refused."""

    name: str
    """As `patched` knows it: conversations in flight, which have heard it otherwise, go on as they did."""
    before: "Understood | Reason | None" = None
    """What it meant before the change, or why it was refused; None when it meant the same."""
    now: Reason | None = None
    """Why it has been refused since; None when it is understood."""


class Understood(Value):
    """What an answer means; `choice` is the id of the option that was chosen."""

    value: JsonValue
    choice: str | None = None
    change: Change | None = None

    def settled(self, patched: Callable[[str], bool]) -> "Understood":
        """Return what it means where the changes that *patched* names have been made.

        InvalidAnswerError when it is refused there.
        """
        change = self.change
        if change is None:
            return self
        if patched(change.name):
            return self if change.now is None else taken(change.now)
        if isinstance(change.before, Understood):
            return change.before.settled(patched)
        return self if change.before is None else taken(change.before)


Outcome: TypeAlias = Understood | Reason
"""What an answer means, or why it is none."""


def outcome(understand: Callable[[], Understood]) -> Outcome:
    """Return what *understand* returns, or the reason of its InvalidAnswerError."""
    try:
        return understand()
    except InvalidAnswerError as error:
        return cast("Reason", str(error))


def taken(found: Outcome) -> Understood:
    """Return *found*; InvalidAnswerError when it is a reason."""
    if isinstance(found, Understood):
        return found
    raise refusal(found)


def refused(found: Outcome) -> Reason | None:
    """Return why *found* is refused in new conversations; None when it is understood."""
    if isinstance(found, Understood):
        return found.change.now if found.change else None
    return found


def changed(name: str, before: Outcome, now: Outcome) -> Outcome:
    """Return what an answer means *now*, with the change called *name* where it meant something else *before*."""
    was, reason = refused(before), refused(now)
    if reason is None and isinstance(now, Understood):
        same = was is None and isinstance(before, Understood) and before.value == now.value
        return before if same else now.model_copy(update={"change": Change(name=name, before=before)})
    if was is None and isinstance(before, Understood):
        return before.model_copy(update={"change": Change(name=name, before=before, now=reason)})
    return before
