"""The interpreter: one loop that plays cards until the conversation has ended. It knows nothing of Temporal."""

from collections.abc import Mapping
from contextlib import suppress
from typing import assert_never

from pydantic import JsonValue

from domain.conversation import CloseRequest, Frame, Setup, Snapshot
from domain.effect import LoadedFlow, LoadFlow
from domain.errors import ExpressionError, FlowError, LoopError
from domain.events.conversations import StepRetried, WaitSkipped
from domain.events.steps import ExitTaken, FlowEntered, FlowLeft, KeywordHeard
from domain.limits import LIMITS
from domain.message import Content, Inbound
from flows.cards.base import DONE, Card
from flows.expressions import expression as expressions
from flows.flow import END, FLOW, Flow
from flows.play_result import CallFlow, CloseConversation, Detour
from flows.texts import DEFAULT
from interpreter import detours, flow_versions, grace, interventions, variables
from interpreter.card_context import CardContext, Scene
from interpreter.expression_names import expression_names
from interpreter.mailbox import Closing, Intervened, Mailbox, StaleOpening
from interpreter.opening import Beginning
from interpreter.port import Port

SILENCE = "silence"
"""The resolution of a conversation that goes on and on while the contact says nothing."""


class Interpreter:
    """Plays one conversation from its opening, or from a snapshot, to its end."""

    def __init__(self, port: Port, setup: Setup, state: Snapshot) -> None:
        self.state = state
        self._port = port
        self._setup = setup
        self._mailbox = Mailbox(port, setup, state, self.snapshot)
        self._turn = self._mailbox.turn
        self._budget = self._mailbox.budget
        self._scene = Scene(port, setup, state, self._mailbox)
        self._loaded: dict[str, flow_versions.FlowVersion] = {}
        self._playing: CardContext | None = None
        self._beginning: Beginning | None = None

    async def run(self) -> Inbound | None:
        """Play to the end and through the grace time.

        Return the message that begins a new conversation, or None when there is none; what else is unread stays
        in the state. Nothing is ever left unread when None is returned.
        """
        self._mailbox.keep()
        while True:
            try:
                return await self._run()
            except StaleOpening:
                return self._mailbox.next_opening()
            except Exception as error:  # noqa: BLE001 - a mistake of ours, outside any card, must not stop the conversation
                if self.state.stage == "ended":
                    return await self._hand_on(error)
                await self._rescue(error)

    def snapshot(self) -> Snapshot:
        """Return the state as it stands, complete."""
        if self._playing is not None and self.state.frames:
            self._playing.keep_memory()
        return self.state

    def gather(self) -> None:
        """Take in messages that have arrived."""
        self._mailbox.gather()

    @property
    def lines(self) -> list[str]:
        """Transcript of this run, newest last, 200 lines at most."""
        return list(self._mailbox.lines)

    # Opening and end

    async def _run(self) -> Inbound | None:
        if not self.state.frames and not self.state.protocol:
            await self._open()
        if self.state.stage != "ended":
            await self._play()
        entry = self.state.entry
        texts = (await self._load(self.state.flow, entry))[1].texts if entry else None
        return await grace.stay(self._port, self._mailbox, self._setup.grace, texts, self._say)

    async def _rescue(self, error: Exception) -> None:
        """Go on after an *error* outside any card: with the company's fallback, or to the end with an apology."""
        if not self.state.protocol:
            raise error  # nothing is opened that could say so
        self._turn.record(interventions.mistake(error), self._port.now)
        self._budget.count_failure()
        fallback = interventions.fallback(self._setup, self.state)
        self.state.frames.clear()
        if fallback and not self._budget.has_failed_too_often:
            with suppress(Exception):  # where it cannot be entered either, the end is all that is left
                await self._enter(fallback.removeprefix(FLOW), {}, {})
                return
        if self.state.heard_at is not None:
            loaded = self._loaded.get(self.state.entry)
            self._say(loaded.flow.texts.apology if loaded else DEFAULT.apology)
        self._end("error")

    async def _hand_on(self, error: Exception) -> Inbound | None:
        """Leave the grace time because of an *error*: whatever is unread begins a new conversation."""
        self._turn.record(interventions.mistake(error), self._port.now)
        self._mailbox.read_events()
        await self._mailbox.flush()
        return self._mailbox.next_opening()

    async def _open(self) -> None:
        state = self.state
        first = state.unread.pop(0)
        self._beginning = begun = Beginning(self._setup, first)
        state.flow, state.referral, state.heard_at = begun.flow, first.referral, begun.heard_at
        state.opened_at, state.turns, state.openings = self._port.now, 1, begun.openings
        self._turn.open(first, self._port.chain, self._port.workflow_id, self._port.now, begun.entry)
        await self._mailbox.flush()
        await self._enter(state.flow, {state.flow: state.entry} if state.entry else {}, dict(begun.inputs))
        state.entry = state.frames[0].version
        if begun.message:
            self._turn.say(begun.message, self._port.now)
        if first.truncated:
            self._say(self._loaded[state.entry].flow.texts.text_too_long)

    def _end(self, resolution: str, request: CloseRequest | None = None) -> None:
        self.state.resolution = resolution
        self._turn.record(interventions.ending(resolution, request), self._port.now)
        self.state.frames.clear()
        self.state.failed.clear()
        self.state.proofs.clear()
        self.state.ended_at = self._port.now

    def _say(self, template: str) -> None:
        """Say a standard sentence, outside of any card; one that cannot be rendered is said as it is written."""
        try:
            text = expressions.render(template, expression_names(self._setup, self.state, self._port.now))
        except ExpressionError:
            text = template
        self._turn.say(Content(text=text), self._port.now)

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
                if self._turn.is_full:
                    await self._mailbox.flush()
        except Closing as closing:
            self._end(closing.resolution, closing.request)
        await self._mailbox.flush()

    async def _step(self, loaded: LoadedFlow, flow: Flow, card: Card) -> None:
        """Play one card, and go where its exit leads; an error takes `failed`, or the flow's fallback."""
        try:
            self._budget.count_card()
            variables.check_size(self.state.frames)
            if self._beginning and (detour := self._beginning.asks(self.state, flow)):
                await self._follow(flow, detour)
                return
            self._playing = playing = CardContext(self._scene, flow)
            try:
                result = await card.play(playing)
            except Intervened as asked:
                result = interventions.way_out(card, asked.intervention)
                by, reason = asked.intervention.by, asked.intervention.reason
                if asked.intervention.kind == "retry":
                    self._go(interventions.go_back(self.state))
                    self._turn.record(StepRetried(by=by, reason=reason), self._port.now)
                    return
                self._turn.record(WaitSkipped(by=by, reason=reason, exit=result), self._port.now)
            playing.keep_memory()
            match result:
                case str():
                    await self._leave(loaded, flow, card, result)
                case CallFlow():
                    await self._enter(result.flow, loaded.calls, dict(result.inputs))
                case Detour():
                    await self._follow(flow, result)
                case CloseConversation():
                    self._turn.record(ExitTaken(exit=DONE, target=END), self._port.now)
                    raise Closing(result.resolution)  # noqa: TRY301 - a card ends the conversation
                case _:
                    assert_never(result)
        except (StaleOpening, Closing):
            raise
        except Exception as error:  # noqa: BLE001 - whatever a card does wrong, the conversation goes on
            await self._fail(loaded, flow, card, error)

    async def _leave(self, loaded: LoadedFlow, flow: Flow, card: Card, exit_name: str) -> None:
        if exit_name == interventions.FAILED:
            interventions.remember_failure(self.state)
        target = flow.target(card, exit_name)
        self._turn.record(ExitTaken(exit=exit_name, target=target), self._port.now)
        self._budget.count_exit(exit_name)
        if self._budget.talks_to_itself:
            raise Closing(SILENCE)
        if target.startswith(FLOW):
            await self._enter(target.removeprefix(FLOW), loaded.calls, {}, instead=True)
        elif target == END:
            self._return(exit_name)
        else:
            self._go(target)

    async def _follow(self, flow: Flow, detour: Detour) -> None:
        """Go where a keyword leads."""
        frames = self.state.frames
        said = None if detour.by is None else frames[detour.by]
        pins = {} if said is None else (await self._load(said.flow, said.version))[0].calls
        self._turn.record(KeywordHeard(keyword=detour.keyword, target=detour.target), self._port.now)
        for left in detours.leave(frames, detour):
            self._turn.record(FlowLeft(flow=left, exit=detour.keyword), self._port.now)
        if detour.target == END:
            self._say(flow.texts.goodbye)
            raise Closing(detours.LEFT)
        if not detour.target.startswith(FLOW):
            self._go(detour.target)
            return
        self._go(frames[-1].card or "")
        await self._enter(detour.target.removeprefix(FLOW), pins, {}, instead=not detours.comes_back(detour))

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
        frame = Frame(
            flow=loaded.name,
            version=loaded.version,
            number=loaded.number,
            variables=inputs,
            keywords=dict(flow.keywords.targets()),
        )
        if instead:
            if len(frames) > 1:
                frame.inherited = frames[-1].inherited | frames[-1].variables
            frames[-1] = frame
        else:
            frames.append(frame)
        self._playing = None
        self._turn.record(FlowEntered(flow=loaded.name, version=loaded.version, number=loaded.number), self._port.now)

    def _return(self, exit_name: str) -> None:
        """End the current flow: back to the card that called it, or end the conversation."""
        frame = self.state.frames[-1]
        self._turn.record(FlowLeft(flow=frame.flow, exit=exit_name), self._port.now)
        if len(self.state.frames) == 1:
            raise Closing("completed")
        self.state.frames.pop()
        caller = self.state.frames[-1]
        caller.result, caller.exit = frame.inherited | frame.variables, exit_name
        self._playing = None

    async def _fail(self, loaded: LoadedFlow, flow: Flow, card: Card, error: Exception) -> None:
        self._turn.record(interventions.failure(error), self._port.now)
        interventions.remember_failure(self.state)
        self._budget.count_failure()
        own = {way.name: way.target for way in card.ways_out()}.get(interventions.FAILED)
        target = own or flow.fallback or interventions.fallback(self._setup, self.state) or END
        self._turn.record(ExitTaken(exit=interventions.FAILED, target=target), self._port.now)
        again = target != END and not self._budget.has_failed_too_often
        if again and target.startswith(FLOW):
            with suppress(FlowError):
                await self._enter(target.removeprefix(FLOW), loaded.calls, {}, instead=True)
                return
        if target.startswith(FLOW) or not again:
            self._say(flow.texts.apology)
            raise Closing("error")
        self._go(target)

    async def _load(self, name: str, version: str | None) -> tuple[LoadedFlow, Flow]:
        if version is None or version not in self._loaded:
            loaded = await self._port.load(LoadFlow(name=name, version=version))
            self._loaded.setdefault(loaded.version, flow_versions.shared(loaded, self._setup.silence))
            version = loaded.version
        return self._loaded[version].loaded, self._loaded[version].flow
