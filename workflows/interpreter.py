"""The interpreter: one loop that plays cards until the conversation has ended. It knows nothing of Temporal."""

from collections import deque
from collections.abc import Mapping
from datetime import datetime

from pydantic import JsonValue

from domain.conversation import Frame, Setup, Snapshot
from domain.effect import LoadedFlow, LoadFlow, Opening
from domain.errors import FlowError, LoopError, ProsaError, UndeliveredError
from domain.event import Event
from domain.limits import LIMITS
from domain.message import Content, Inbound
from flows.cards.base import CALLING, Card
from flows.flow import Flow
from flows.thanks import is_thanks
from workflows.playing import Playing, Scene
from workflows.port import Port
from workflows.turn import Turn, summary

END = "end"
FAILED = "failed"
FLUSH_AT = 100
"""Events in the buffer after which a turn is delivered in pieces."""
LINES = 200
"""Lines of the transcript that a query answers."""
MESSAGE = 1_000
"""Characters of an error that the journal keeps."""
FAILURES_PER_TURN = 3
"""Failed steps in one turn after which the conversation is ended with an apology."""


class StaleOpening(Exception):  # noqa: N818 - not a mistake: the message that opened this run had been dealt with
    """The conversation turns out to be a late repeat of one that was opened before."""


class Closing(Exception):  # noqa: N818 - not a mistake: somebody of the company ends the conversation here
    """The conversation ends with *resolution*, wherever it stands."""

    def __init__(self, resolution: str) -> None:
        super().__init__(resolution)
        self.resolution = resolution


class Interpreter:
    """Plays one conversation from its opening, or from a snapshot, to its end."""

    def __init__(self, port: Port, setup: Setup, state: Snapshot) -> None:
        self.state = state
        self._port = port
        self._setup = setup
        self._turn = Turn(setup, state)
        self._scene = Scene(port, setup, state, self._turn, self._listen, self._flush)
        self._loaded: dict[str, tuple[LoadedFlow, Flow]] = {}
        self._playing: Playing | None = None
        self.lines: deque[str] = deque(maxlen=LINES)
        self._cards = 0
        self._failures = 0

    async def run(self) -> Inbound | None:
        """Play to the end and through the grace time.

        Return the message that begins a new conversation, or None when there is none; what else is unread stays
        in the state. Nothing is ever left unread when None is returned.
        """
        try:
            if not self.state.frames and self.state.stage != "ended":
                await self._open()
            if self.state.stage != "ended":
                await self._play()
        except StaleOpening:
            self.gather()
            return self.state.unread.pop(0) if self.state.unread else None
        return await self._stay()

    def snapshot(self) -> Snapshot:
        """Return the state as it stands, complete."""
        if self._playing is not None and self.state.frames:
            self._playing.keep_memory()
        return self.state

    # Opening and end

    async def _open(self) -> None:
        setup, state = self._setup, self.state
        first = state.unread.pop(0)
        state.opened_at = self._port.now
        self._turn.opening = Opening(
            event_id=first.event_id,
            chain=self._port.chain,
            workflow_id=self._port.workflow_id,
            account=setup.account,
            channel=setup.channel,
            address=setup.contact.address,
            name=setup.contact.name,
            flow=setup.flow,
            zone=setup.company.zone,
        )
        self._turn.record(
            "conversation_opened",
            self._port.now,
            account=setup.account,
            channel=setup.channel,
            address=setup.contact.address,
            name=setup.contact.name,
            flow=setup.flow,
            workflow_id=self._port.workflow_id,
        )
        self._turn.read(first, self._port.now)
        state.turns = 1
        await self._flush()
        try:
            await self._enter(setup.flow, {setup.flow: state.entry} if state.entry else {}, {})
        except Exception as error:  # noqa: BLE001 - an entry flow that cannot be read must not block the contact for ever
            self._turn.record("step_failed", self._port.now, error=_code(error), message=str(error)[:MESSAGE])
            self._end("error")
            await self._flush()
            return
        state.entry = state.frames[0].version
        if first.truncated:
            texts = self._loaded[state.entry][1].texts
            self._turn.say(Content(text=texts.text_too_long), self._port.now)

    def _end(self, resolution: str) -> None:
        self.state.resolution = resolution
        self._turn.record("conversation_ended", self._port.now, resolution=resolution)
        self.state.frames.clear()
        self.state.stage = "ended"
        self.state.ended_at = self._port.now

    async def _stay(self) -> Inbound | None:
        """Stay through the grace time: absorb thanks, hand anything else to a new conversation."""
        texts = (await self._load(self._setup.flow, self.state.entry))[1].texts if self.state.entry else None
        until = (self.state.ended_at or self._port.now) + self._setup.grace
        while True:
            self.gather()
            while self.state.unread:
                message = self.state.unread[0]
                if texts is None or not is_thanks(message, texts.thanks):
                    await self._flush()
                    return self.state.unread.pop(0)
                self._turn.read(self.state.unread.pop(0), self._port.now, late=True)
                if not self.state.thanked and texts.after_end:
                    self._turn.say(Content(text=texts.after_end), self._port.now)
                    self.state.thanked = True
            await self._flush()
            self.gather()
            if self.state.unread:
                continue
            if self._port.now >= until:
                return None
            self._port.show(self.state, f"ended ({self.state.resolution}); absorbs thanks until {_clock(until)}")
            await self._port.wait(until)

    # The loop

    async def _play(self) -> None:
        state = self.state
        try:
            while state.frames:
                frame = state.frames[-1]
                loaded, flow = await self._load(frame.flow, frame.version)
                if frame.card is None:
                    frame.card = flow.first().id
                card = flow.card(frame.card)
                await self._step(loaded, flow, card)
                if len(self._turn.events) >= FLUSH_AT:
                    await self._flush()
        except Closing as closing:
            self._end(closing.resolution)
        await self._flush()

    async def _step(self, loaded: LoadedFlow, flow: Flow, card: Card) -> None:
        """Play one card, and go where its exit leads; an error takes `failed`, or the flow's fallback."""
        try:
            self._count_card()
            self._playing = playing = Playing(self._scene, flow)
            exit_name = await card.play(playing)
            playing.keep_memory()
            if playing.closed is not None:
                self._close(exit_name, playing.closed)
            if exit_name == CALLING and playing.called is not None:
                await self._enter(playing.called.flow, loaded.calls, dict(playing.called.inputs))
                return
            await self._leave(loaded, flow, card, exit_name)
        except (StaleOpening, Closing):
            raise
        except Exception as error:  # noqa: BLE001 - whatever a card does wrong, the conversation goes on
            self._fail(flow, card, error)

    def _close(self, exit_name: str, resolution: str) -> None:
        self._turn.record("exit_taken", self._port.now, exit=exit_name, target=END)
        raise Closing(resolution)

    async def _leave(self, loaded: LoadedFlow, flow: Flow, card: Card, exit_name: str) -> None:
        target = flow.target(card, exit_name)
        self._turn.record("exit_taken", self._port.now, exit=exit_name, target=target)
        if target.startswith("flow:"):
            await self._enter(target.removeprefix("flow:"), loaded.calls, {}, instead=True)
            return
        if target == END:
            self._return(exit_name)
            return
        self._go(target)

    def _go(self, card: str) -> None:
        frame = self.state.frames[-1]
        frame.card, frame.memory, frame.result, frame.exit = card, {}, None, None
        self._playing = None

    async def _enter(
        self, name: str, pins: Mapping[str, str], inputs: dict[str, JsonValue], *, instead: bool = False
    ) -> None:
        """Begin flow *name*, in the version that its caller was published with; *instead* of the caller, or inside."""
        frames = self.state.frames
        if not instead and len(frames) >= LIMITS.call_depth:
            raise LoopError(f"flow {name!r} would be call {len(frames) + 1}, {LIMITS.call_depth} at most")
        loaded, flow = await self._load(name, pins.get(name))
        for variable in inputs:
            if variable not in flow.variables:
                raise FlowError(f"flow {name!r} has no variable {variable!r}")
        frame = Frame(flow=loaded.name, version=loaded.version, number=loaded.number, variables=inputs)
        if instead:
            frames[-1] = frame
        else:
            frames.append(frame)
        self._playing = None
        entered = {"flow": loaded.name, "version": loaded.version, "number": loaded.number}
        self._turn.record("flow_entered", self._port.now, **entered)

    def _return(self, exit_name: str) -> None:
        """End the current flow: back to the card that called it, or end the conversation."""
        frame = self.state.frames[-1]
        self._turn.record("flow_left", self._port.now, flow=frame.flow, exit=exit_name)
        if len(self.state.frames) == 1:
            raise Closing("completed")
        self.state.frames.pop()
        caller = self.state.frames[-1]
        caller.result, caller.exit = frame.variables, exit_name
        self._playing = None

    def _fail(self, flow: Flow, card: Card, error: Exception) -> None:
        self._turn.record("step_failed", self._port.now, error=_code(error), message=str(error)[:MESSAGE])
        self._failures += 1
        self._cards = 0
        ways = {way.name: way.target for way in card.ways_out()}
        target = ways.get(FAILED) or flow.fallback or END
        self._turn.record("exit_taken", self._port.now, exit=FAILED, target=target)
        if target.startswith("flow:") or target == END or self._failures > FAILURES_PER_TURN:
            self._turn.say(Content(text=flow.texts.apology), self._port.now)
            raise Closing("error")
        self._go(target)

    def _count_card(self) -> None:
        self._cards += 1
        if self._cards > LIMITS.cards_per_turn:
            raise LoopError(f"more than {LIMITS.cards_per_turn} cards without waiting for the contact")

    # Listening and delivering

    async def _listen(self, until: datetime | None) -> Inbound | None:
        """Return the next message, after a flush when there is none yet; None when *until* has passed."""
        while True:
            self.gather()
            if self.state.unread:
                message = self.state.unread.pop(0)
                self._turn.read(message, self._port.now)
                return message
            if await self._flush():
                raise UndeliveredError("the contact could not be reached")
            self.gather()
            if self.state.unread:
                continue
            request = self._port.close_request
            if request is not None:
                self._turn.repeatable = False
                raise Closing(request.resolution)
            if until is not None and self._port.now >= until:
                self._turn.repeatable = False
                self._begin_turn()
                return None
            self._port.rest(self.snapshot)
            self._port.show(self.state, self._waiting_for(until))
            await self._port.wait(until)
            self._begin_turn()

    def _begin_turn(self) -> None:
        self.state.turns += 1
        self._cards = 0
        self._failures = 0

    def gather(self) -> None:
        """Take in what has arrived, without what has been seen."""
        for message in self._port.drain():
            if message.event_id not in self.state.seen:
                self.state.seen.append(message.event_id)
                self.state.unread.append(message)
        del self.state.seen[: -LIMITS.seen_events]

    async def _flush(self) -> bool:
        """Deliver the turn; say whether something was for good not delivered."""
        if not self._turn:
            return False
        effect = self._turn.take()
        self.lines.extend(line for event in effect.events if (line := _line(event)))
        delivered = await self._port.deliver(effect, summary(effect))
        if delivered.stale:
            raise StaleOpening
        if effect.opening:
            self.state.protocol, self.state.entry = delivered.protocol, delivered.entry
        failed = [part for part in delivered.parts if part.state == "failed"]
        for part in failed:
            self._turn.record("message_failed", self._port.now, part=part.seq, reason=part.reason)
            self._turn.repeatable = False
        return bool(failed)

    async def _load(self, name: str, version: str | None) -> tuple[LoadedFlow, Flow]:
        if version is None or version not in self._loaded:
            loaded = await self._port.load(LoadFlow(name=name, version=version))
            self._loaded.setdefault(loaded.version, (loaded, Flow.load(loaded.content)))
            version = loaded.version
        return self._loaded[version]

    def _waiting_for(self, until: datetime | None) -> str:
        frame = self.state.frames[-1]
        limit = f" until {_clock(until)}" if until else ""
        return f"waits for the contact at card {frame.card!r} of flow {frame.flow!r} version {frame.number}{limit}"


def _clock(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _code(error: Exception) -> str:
    return error.code if isinstance(error, ProsaError) else type(error).__name__


def _line(event: Event) -> str | None:
    who = {"message_received": "contact", "message_sent": "bot"}.get(event.kind)
    if who is None:
        return None
    text = event.data.get("text") or event.data.get("choice") or ""
    return f"{who}: {text or 'a file'}"
