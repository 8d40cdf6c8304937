"""ConversationWorkflow: one durable conversation with one contact on one account."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, NoReturn, TypeVar

from temporalio import workflow
from temporalio.common import SearchAttributeKey, SearchAttributeUpdate
from typing_extensions import override

from domain.conversation import CloseRequest, ConversationStart, Intervention, Snapshot
from domain.delivery import Delivered
from domain.effect import Deliver, Effect, GiveBack, LoadedFlow, LoadFlow
from domain.message import Inbound
from domain.people import Act
from interpreter.interpreter import Interpreter
from interpreter.left_behind import leave_behind
from interpreter.port import Port
from runtime.temporal_names import (
    QUERY_SNAPSHOT,
    QUERY_TRANSCRIPT,
    SIGNAL_ACT,
    SIGNAL_CLOSE,
    SIGNAL_INTERVENE,
    SIGNAL_MESSAGE,
    WORKFLOW,
)
from workflows import effects
from workflows.timer import DeadlineTimer

A = TypeVar("A")


@workflow.defn(name=WORKFLOW)
class ConversationWorkflow(Port):
    """Signals only enqueue; one interpreter does the work; errors of flows never escape.

    The workflow is also the interpreter's port to the world.
    """

    @workflow.init
    def __init__(self, start: ConversationStart) -> None:
        self._setup = start.setup
        self._arrived: list[Inbound] = []
        self._close_request = start.closing
        self._intervention: Intervention | None = None
        self._acts: list[Act] = []
        self._timer = DeadlineTimer()
        self._turns_before = start.snapshot.turns if start.snapshot else 0
        # Search attributes of the run before are still set, also the tags of an earlier conversation.
        self._shown: dict[str, str | list[str]] = {} if start.snapshot else {"ProsaTags": []}
        self._state = start.snapshot or Snapshot(conversation_id="")
        self._interpreter = Interpreter(self, self._setup, self._state)

    @workflow.run
    async def run(self, start: ConversationStart) -> None:
        """Play the conversation; continue as a new one when something is said after its end."""
        del start
        if not self._state.conversation_id:
            await workflow.wait_condition(lambda: bool(self._arrived))
            self._state.conversation_id = self._arrived[0].message_id
            self._interpreter.gather()
        following = await self._interpreter.run()
        if following is None:
            return
        self._interpreter.gather()
        self._close_request = None
        await self.resume(
            Snapshot(
                conversation_id=following.message_id,
                unread=[following, *self._state.unread],
                seen=self._state.seen,
            )
        )

    @workflow.signal(name=SIGNAL_MESSAGE, description="the contact said something")
    def message_received(self, message: Inbound) -> None:
        """Take a message in; it is read at the next wait."""
        self._arrived.append(message)

    @workflow.signal(name=SIGNAL_CLOSE, description="an operator ends the conversation")
    def close_requested(self, request: CloseRequest) -> None:
        """End the conversation at its next wait."""
        self._close_request = request

    @workflow.signal(name=SIGNAL_INTERVENE, description="an operator retries a step, or skips a wait")
    def intervention_requested(self, intervention: Intervention) -> None:
        """Go on as asked, if the conversation still stands where it stood when this was asked for."""
        self._intervention = intervention

    @workflow.signal(name=SIGNAL_ACT, description="an agent answers the contact, or has helped")
    def person_acted(self, act: Act) -> None:
        """Take it in, if the conversation is still with people as it was when this was done."""
        self._acts.append(act)

    @workflow.query(name=QUERY_SNAPSHOT, description="the whole state")
    def snapshot(self) -> Snapshot:
        """Return the state as it stands."""
        return self._interpreter.snapshot()

    @workflow.query(name=QUERY_TRANSCRIPT, description="what was said in this run, newest last")
    def transcript(self) -> list[str]:
        """Return up to 200 lines of this run; the journal has the whole conversation."""
        return self._interpreter.lines

    # The interpreter's port

    @property
    @override
    def now(self) -> datetime:
        # A deadline that has passed must have passed by this clock too, also where a replay reads it differently.
        return max(workflow.now(), self._timer.reached)

    @property
    @override
    def chain(self) -> str:
        return workflow.info().first_execution_run_id

    @property
    @override
    def workflow_id(self) -> str:
        return workflow.info().workflow_id

    @property
    @override
    def close_request(self) -> CloseRequest | None:
        return self._close_request

    @override
    def take_intervention(self) -> Intervention | None:
        intervention, self._intervention = self._intervention, None
        return intervention

    @override
    def drain(self) -> list[Inbound]:
        arrived, self._arrived = self._arrived, []
        return arrived

    @override
    def drain_acts(self) -> list[Act]:
        acts, self._acts = self._acts, []
        return acts

    @override
    async def wait(self, until: datetime | None) -> bool:
        self._timer.set(until)
        await workflow.wait_condition(
            lambda: (
                bool(self._arrived or self._acts)
                or (self._close_request is not None and self._state.stage != "ended")
                or (self._intervention is not None and self._intervention.applies_to(self._state))
                or self._timer.has_passed(until)
            )
        )
        return self._timer.has_passed(until)

    @override
    async def load(self, effect: LoadFlow) -> LoadedFlow:
        return await effects.load(effect)

    @override
    async def deliver(self, effect: Deliver, summary: str) -> Delivered:
        return await effects.deliver(effect, summary, self._has_been_skipped)

    @override
    async def perform(
        self, effect: Effect[A], after: timedelta | None, report: Callable[[], Awaitable[None]] | None
    ) -> A:
        return await effects.perform(effect, after, report, self._has_been_skipped)

    @property
    @override
    def is_long(self) -> bool:
        return self._state.turns - self._turns_before >= self._setup.turns_per_run

    @override
    async def resume(self, state: Snapshot) -> NoReturn:
        while behind := leave_behind(state):
            await effects.perform(GiveBack(workflow_id=self.workflow_id, message_ids=behind), None, None, lambda: False)
            state.take_in(self.drain())  # they come after those: they are given back, too
        workflow.continue_as_new(ConversationStart(setup=self._setup, snapshot=state, closing=self._close_request))

    @override
    def show(self, state: Snapshot, waiting_for: str) -> None:
        self.tell(state, waiting_for)
        frame = state.frames[-1] if state.frames else None
        attributes: dict[str, str | list[str]] = {"ProsaStage": state.stage, "ProsaProtocol": state.protocol}
        if frame is not None:
            attributes["ProsaFlow"] = frame.flow
        attributes["ProsaTags"] = list(state.tags)
        changed = {name: value for name, value in attributes.items() if value != "" and self._shown.get(name) != value}
        if changed:
            self._shown.update(changed)
            updates = [_update(name, value) for name, value in changed.items()]
            workflow.upsert_search_attributes(updates)  # pyright: ignore[reportUnknownMemberType] - the SDK's own gap

    @override
    def tell(self, state: Snapshot, doing: str) -> None:
        said = "\n".join(f"- {line}" for line in self._interpreter.lines[-6:])
        workflow.set_current_details(f"**{state.protocol}** · {state.stage} · {doing}\n\n{said}")

    @override
    def patched(self, change: str) -> bool:
        return workflow.patched(change)

    def _has_been_skipped(self) -> bool:
        intervention = self._intervention
        return intervention is not None and intervention.kind == "skip" and intervention.applies_to(self._state)


def _update(name: str, value: str | list[str]) -> SearchAttributeUpdate[Any]:
    if isinstance(value, str):
        return SearchAttributeKey.for_keyword(name).value_set(value)
    key = SearchAttributeKey.for_keyword_list(name)
    return key.value_set(value) if value else key.value_unset()
