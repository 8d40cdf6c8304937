"""The mailbox of a conversation: unread messages in, turns out."""

from collections import deque
from collections.abc import Callable
from datetime import datetime

from domain.conversation import CloseRequest, Intervention, Setup, Snapshot
from domain.delivery import Delivered, Lost
from domain.effect import Deliver
from domain.errors import UndeliveredError
from domain.events.conversations import WaitSkipped
from domain.events.messages import MessageFailed
from domain.limits import LIMITS
from domain.message import Inbound
from domain.people import Act
from interpreter.budget import Budget
from interpreter.port import Port
from interpreter.recovery import Recovery
from interpreter.turn import Turn, line, summary

LINES = 200
"""Lines of the transcript that a query answers."""
TIME_UP = "a message may come before the time is up"
INTERVENED = "an operator intervenes at another moment"


class StaleOpening(Exception):  # noqa: N818 - not a mistake: the message that opened this run had been dealt with
    """The conversation turns out to be a late repeat of one that was opened before."""


class Closing(Exception):  # noqa: N818 - not a mistake: an operator ends the conversation here
    """The conversation ends with *resolution*, at whatever card it is; *request* is the operator's, if one asked."""

    def __init__(self, resolution: str, request: CloseRequest | None = None) -> None:
        super().__init__(resolution)
        self.resolution = resolution
        self.request = request


class Intervened(Exception):  # noqa: N818 - not a mistake: an operator has the conversation go on
    """The card that waits is left: *intervention* says how."""

    def __init__(self, intervention: Intervention) -> None:
        super().__init__(intervention.kind)
        self.intervention = intervention


class Mailbox:
    """Reads each message once, in order; delivers the turn before every wait."""

    def __init__(self, port: Port, setup: Setup, state: Snapshot, snapshot: Callable[[], Snapshot]) -> None:
        self.budget = Budget(state)
        self.turn = Turn(setup, state, self.budget)
        self.lines: deque[str] = deque(maxlen=LINES)
        self._port = port
        self.state = state
        self._snapshot = snapshot
        self._recovery = Recovery(port, state, snapshot)

    async def next_message(self, until: datetime | None) -> Inbound | None:
        """Return the next message, as `peek` does, and take it as read."""
        message = await self.peek(until)
        if message is not None:
            self._read(message)
        return message

    async def peek(self, until: datetime | None) -> Inbound | None:
        """Return the next message, after a flush when there is none yet; None when *until* has passed.

        UndeliveredError when the flush said something that was for good not delivered; Closing and Intervened when
        an operator ends the conversation, or has it go on.
        """
        there = await self._await(lambda: self._said() is not None, until, "for the contact")
        return self._said() if there else None

    async def attend(self, until: datetime | None, whom: str) -> Inbound | Act | None:
        """Return the next message of the contact or act of an agent, the contact's first; otherwise as `peek`."""
        acts = self.state.acts
        if not await self._await(lambda: self._said() is not None or bool(acts), until, f"for {whom}"):
            return None
        if (message := self._said()) is not None:
            self._read(message)
            return message
        self.turn.forbid_repeat("a message that comes meanwhile would go first")
        return acts.pop(0)

    async def _await(self, is_there: Callable[[], bool], until: datetime | None, what: str) -> bool:
        """Wait until *is_there*, after a flush if it is not; false when *until* has passed. Errors: see `peek`."""
        passed = False
        while True:
            self.gather()
            self._note_calls()
            is_full = self.turn.is_full
            if is_there() and not self._port.is_long and not is_full:
                return True
            if await self.flush():
                raise UndeliveredError("the contact could not be reached")
            self.gather()
            if is_there() or is_full:
                await self._rest()
                continue
            self._heed_requests()
            if passed:
                self.turn.forbid_repeat(TIME_UP)
                self.budget.begin_turn()
                return False
            passed = await self._sleep(until, what)

    async def pause(self, until: datetime) -> None:
        """Return when *until* has passed; messages meanwhile stay unread, in order.

        When more is unread than a new run could be given (LIMITS.unread), it returns at once, so that it is read.
        Closing and Intervened: see `peek`.
        """
        passed = False
        while True:
            while self.turn:
                await self.flush()
            self.gather()
            self._heed_requests()
            if passed or self._unread_size() > LIMITS.unread:
                self.turn.forbid_repeat(TIME_UP)
                return
            passed = await self._sleep(until, "for time to pass")

    async def next_event(self, key: str, until: datetime, *, interruptible: bool) -> Inbound | None:
        """Return the event that is expected under *key*, and take it as read; None when *until* has passed.

        What the contact says meanwhile stays unread, and is returned instead when the wait is *interruptible*. When
        too much is unread (see `pause`), the wait is over. Closing and Intervened: see `peek`.
        """
        passed = False
        while True:
            while self.turn:  # first, so that it is the same turn whether the event is here or not
                await self.flush()
            self.gather()
            if (event := self._expected_event(key)) is not None:
                self._read(event)
                return event
            if interruptible and (message := self._said()) is not None:
                self.turn.forbid_repeat("the event may be here by then, and goes first")
                return message
            self._heed_requests()
            if passed or self._unread_size() > LIMITS.unread:
                self.turn.forbid_repeat(TIME_UP)
                return None
            passed = await self._sleep(until, "for an event")

    def read_events(self) -> None:
        """Take the events as read that no card has waited for."""
        for event in [message for message in self.state.unread if message.source == "system"]:
            self._read(event, late=True)

    def next_opening(self) -> Inbound | None:
        """Take away the message that begins a new conversation: the first that is the contact's."""
        self.gather()
        message = next((one for one in self.state.unread if one.source == "contact"), None)
        if message is not None:
            self.state.unread.remove(message)
        return message

    def gather(self) -> None:
        """Take in messages that have arrived, without repeats."""
        for message in self.state.take_in(self._port.drain()):
            self._recovery.hear(message)
        self.state.acts += [act for act in self._port.drain_acts() if act.handover == self.state.handover]

    def keep(self) -> None:
        """Keep the state as it stands before a wait, or before the first turn."""
        self._recovery.keep()

    async def flush(self) -> bool:
        """Deliver the turn; say whether something was for good not delivered. StaleOpening: see there."""
        if not self.turn:
            return False
        effect = self.turn.take(self._recovery.since)
        self.lines.extend(said for event in effect.events if (said := line(event)))
        self._port.tell(self.state, f"delivers {summary(effect)!r}")
        self.budget.count_messages(len(effect.parts))
        delivered = await self._port.deliver(effect, summary(effect))
        if delivered.lost is not None:
            delivered = await self._repair(effect, delivered.lost)
        if delivered.stale:
            raise StaleOpening
        if effect.opening:
            self.state.protocol, self.state.entry = delivered.protocol, delivered.entry
            self.state.known = delivered.known
        failed = [part for part in delivered.parts if part.state == "failed"]
        for part in failed:
            self.turn.record(MessageFailed(part=part.seq, reason=part.reason), self._port.now)
            self.turn.forbid_repeat("sent again, the message may arrive")
        if delivered.skipped:
            self.note_skip("undelivered")
        return bool(failed)

    def note_skip(self, exit_name: str) -> None:
        """Journal the operator's skip of a wait that has just ended."""
        intervention = self._port.take_intervention()
        if intervention is not None:
            self.turn.forbid_repeat(INTERVENED)
            self.turn.record(
                WaitSkipped(by=intervention.by, reason=intervention.reason, exit=exit_name), self._port.now
            )

    async def _repair(self, effect: Deliver, lost: Lost | None) -> Delivered:
        """Recover from the *lost* turns: begin anew at the last wait, or deliver this turn after them."""
        delivered = Delivered(lost=lost)
        while delivered.lost is not None:
            self.gather()
            await self._recovery.go_back(delivered.lost)
            following = self._recovery.number_on(effect, delivered.lost, self.turn.status_before, self._port.now)
            delivered = await self._port.deliver(following, summary(following))
        return delivered

    def _heed_requests(self) -> None:
        """Raise Closing or Intervened when an operator has asked for it."""
        request = self._port.close_request
        if request is not None:
            self.turn.forbid_repeat(INTERVENED)
            raise Closing(request.resolution, request)
        intervention = self._port.take_intervention()
        if intervention is not None and intervention.applies_to(self.state):
            self.turn.forbid_repeat(INTERVENED)
            self.budget.begin_turn()
            raise Intervened(intervention)

    def _said(self) -> Inbound | None:
        """Return the first unread message of the contact; an opening by the company has to wait for the end."""
        unread = self.state.unread
        return next((one for one in unread if one.source == "contact" and not one.missed_call), None)

    def _expected_event(self, key: str) -> Inbound | None:
        """Return the unread event that is expected under *key*."""
        expected = (message for message in self.state.unread if message.callback and message.callback.key == key)
        return next(expected, None)

    def _read(self, message: Inbound, *, late: bool = False) -> None:
        self.state.unread.remove(message)
        if message.source != "system":
            self.state.heard_at = message.at
        self.budget.renew()
        self.turn.read(message, self._port.now, late=late)

    def _note_calls(self) -> None:
        """Take the calls as read that nobody took: they are no answer to anything, and nothing was heard."""
        for call in [message for message in self.state.unread if message.missed_call]:
            if self.turn.is_full:
                return
            self.state.unread.remove(call)
            self.turn.read(call, self._port.now)
            self.turn.forbid_repeat("the call may come before what was said, or after")

    def _unread_size(self) -> int:
        return sum(len(message.model_dump_json().encode()) for message in self.state.unread)

    async def _rest(self) -> None:
        """Continue as a new run when this one has grown long, and everything is delivered."""
        if self._port.is_long and not self.turn:
            await self._port.resume(self._snapshot())

    async def _sleep(self, until: datetime | None, what: str) -> bool:
        """Publish the current wait, and wait until something happens; return whether *until* has passed."""
        await self._rest()
        self._port.show(self.state, self._waiting(what, until))
        self._recovery.keep()
        passed = await self._port.wait(until)
        self.budget.count_wait(passed=passed)
        return passed

    def _waiting(self, what: str, until: datetime | None) -> str:
        frame = self.state.frames[-1]
        limit = f" until {clock(until)}" if until else ""
        unread = f", {len(self.state.unread)} unread" if self.state.unread else ""
        return f"waits {what} at card {frame.card!r} of flow {frame.flow!r} version {frame.number}{limit}{unread}"


def clock(moment: datetime) -> str:
    """Return *moment* as people read it in Temporal's pages."""
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
