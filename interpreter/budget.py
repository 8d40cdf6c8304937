"""How much a conversation may still do by itself, in one turn and while the contact says nothing."""

from domain.conversation import Snapshot
from domain.errors import LoopError
from domain.limits import LIMITS
from flows.parts.patience import SILENT

FAILURES_PER_TURN = 3
"""Failed steps in one turn after which the conversation is ended with an apology."""


class Budget:
    """Counts steps without the contact; counters that outlive a turn are kept in the snapshot."""

    def __init__(self, state: Snapshot) -> None:
        self._state = state
        self._has_heard = False
        self._reset()

    def begin_turn(self) -> None:
        """Count a turn, and reset the counters of a single turn."""
        self._state.turns += 1
        self._has_heard = False
        self._reset()

    def count_card(self) -> None:
        """Count a card that is played; LoopError when the turn has had too much of anything."""
        self._cards += 1
        for had, most, what in (
            (self._cards, LIMITS.cards_per_turn, "cards"),
            (self._messages, LIMITS.messages_per_turn, "messages"),
            (self._written, LIMITS.journal_per_turn, "bytes of the journal"),
        ):
            if had > most:
                raise LoopError(f"more than {most} {what} without waiting for the contact")

    def count_message(self) -> None:
        """Count something that the bot says; the next card is refused when there are too many in one turn."""
        self._messages += 1

    def count_written(self, size: int) -> None:
        """Count bytes for the journal; the next card is refused when there are too many in one turn."""
        self._written += size

    def count_call(self) -> None:
        """Count a call to another system; LoopError when there are too many in one turn."""
        self._calls += 1
        if self._calls > LIMITS.calls_per_turn:
            raise LoopError(f"more than {LIMITS.calls_per_turn} calls without waiting for the contact")

    def count_failure(self) -> None:
        """Count a step that failed; where it leads may play as many cards as a new turn."""
        self._failures += 1
        self._cards = self._calls = self._messages = self._written = 0

    @property
    def has_failed_too_often(self) -> bool:
        """Whether more steps failed in this turn than a conversation goes on after."""
        return self._failures > FAILURES_PER_TURN

    def count_messages(self, number: int) -> None:
        """Count messages that are delivered; the contact has said nothing since."""
        self._state.unheard += number

    def count_wait(self, *, passed: bool) -> None:
        """Count a wait that is over, and begin a turn; *passed*: the contact said nothing until its end."""
        self._state.waits += passed
        self.begin_turn()

    def count_exit(self, name: str) -> None:
        """Count a card that is left by exit *name*, if that means silence."""
        self._state.silences += name in SILENT

    def renew(self) -> None:
        """Begin counting anew: the contact, or another system, has said something.

        Every message of a turn after the first, which was there without waiting, counts as a turn of its own.
        """
        self._state.silences = self._state.waits = self._state.unheard = 0
        self._state.turns += self._has_heard
        self._has_heard = True
        self._reset()

    @property
    def talks_to_itself(self) -> bool:
        """Whether nobody has said anything for so long that nobody will."""
        state = self._state
        return (
            state.silences > LIMITS.silences
            or state.waits > LIMITS.waits_unheard
            or (state.waits > 0 and state.unheard > LIMITS.messages_unheard)
        )

    def _reset(self) -> None:
        self._cards = self._calls = self._failures = self._messages = self._written = 0
