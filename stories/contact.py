"""The contact's side of a story: says things, lets time pass, and knows when the conversation waits again."""

import asyncio
from datetime import timedelta
from time import monotonic
from typing import Any, Final, Literal

from pydantic import JsonValue
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHandle
from temporalio.service import RPCError

from channels.base import channels
from domain.conversation import ConversationStart, Setup, Snapshot
from domain.keys import workflow_id
from domain.message import Callback, Content, FileRef, Inbound, Location, Outreach
from domain.people import Act
from runtime.temporal import tell, tell_open
from runtime.temporal_names import QUERY_SNAPSHOT, SIGNAL_ACT
from runtime.zones import shifts
from stories.outcome import Difference
from stories.server import StoryServer
from stories.start_time import next_moment
from stories.story import Opened, Story

ACCOUNT: Final = "story"
AGENT: Final = "Bia"
"""Name of the agent who answers in stories."""
HANG: Final = 30.0
"""Seconds of real time after which a conversation that neither waits nor ends is given up."""
GLANCE: Final = 0.002
"""Seconds between two looks at a conversation that is busy."""
CALL: Final = timedelta(seconds=10)
_WORK: Final = {
    EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED: True,
    EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED: True,
    EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED: False,
}
"""Whether the workflow has work after an event."""
_ACTIVITIES: Final = {
    EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED: 1,
    EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED: -1,
    EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED: -1,
    EventType.EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT: -1,
    EventType.EVENT_TYPE_ACTIVITY_TASK_CANCELED: -1,
}
"""How many activities more, or fewer, are under way after an event."""


class StoryContact:
    """One contact, from the first word to the last."""

    def __init__(self, server: StoryServer, story: Story) -> None:
        self._environment = server.environment
        self._activities = server.activities
        self._address = story.contact.address
        self._referral = story.referral
        self._at = story.at
        self._start = ConversationStart(
            setup=Setup(
                account=ACCOUNT,
                channel=story.channel,
                flow=story.flow,
                contact=story.person,
                company=story.firm.model_copy(update={"shifts": shifts(story.company.zone)}),
                capabilities=channels[story.channel].capabilities,
            )
        )
        self._workflow_id = workflow_id(ACCOUNT, f"{self._activities.number}")
        self._said = 0

    async def begin(self) -> None:
        """Let time pass until the story begins."""
        if self._at is None:
            return
        now = await self._environment.get_current_time()
        zone = self._start.setup.company.zone
        moment = next_moment(self._at, now, zone, self._activities.calendars.is_ordinary)
        await self._environment.sleep(moment - now)

    async def state(self) -> Snapshot | None:
        """Return where the conversation stands; None when there is none."""
        try:
            return await self._handle.query(QUERY_SNAPSHOT, result_type=Snapshot, rpc_timeout=CALL)
        except RPCError:
            return None

    async def say(
        self,
        text: str = "",
        *,
        choice: str | None = None,
        files: tuple[FileRef, ...] = (),
        location: Location | None = None,
        twice: bool = False,
    ) -> None:
        """Send one message, which the provider may bring *twice*, and wait until the conversation waits."""
        self._said += 1
        now = await self._environment.get_current_time()
        key = f"{self._address}-{self._said}"
        message = Inbound(
            message_id=key,
            at=now,
            text=text,
            choice=choice,
            files=files,
            location=location,
            referral=self._referral if self._said == 1 else "",
        )
        for _ in range(2 if twice else 1):
            await tell(self._environment.client, self._workflow_id, self._start, message)
        await self.settle()

    async def tell_callback(self, event: str, data: JsonValue, *, twice: bool = False) -> None:
        """Tell *event* under the key that the conversation expects it; Difference when it expects none."""
        state = await self.state()
        keys = [frame.expected[event] for frame in state.frames if event in frame.expected] if state else []
        if not keys:
            raise Difference(f"the event {event!r} to be expected", "no card `expect_event` has made an address for it")
        self._said += 1
        callback = Callback(key=keys[-1], event=event, data=data)
        now = await self._environment.get_current_time()
        message = Inbound(message_id=f"{self._address}-{self._said}", at=now, callback=callback)
        for _ in range(2 if twice else 1):
            await tell_open(self._environment.client, self._workflow_id, message)
        await self.settle()

    async def open(self, opened: Opened) -> None:
        """Have the company open the conversation, and wait until it waits for the contact."""
        self._said += 1
        said = Content(text=opened.says) if opened.says else None
        outreach = Outreach(flow=self._start.setup.flow, inputs=opened.inputs, message=said)
        now = await self._environment.get_current_time()
        begins = Inbound(message_id=f"{self._address}-{self._said}", at=now, outreach=outreach)
        await tell(self._environment.client, self._workflow_id, self._start, begins)
        await self.settle()

    async def attend(self, kind: Literal["say", "resolve"], text: str) -> None:
        """Have the agent act, and wait until the conversation waits."""
        state = await self.state()
        if state is None or state.handover is None:
            raise Difference("the conversation to be with people", f"its stage is {state.stage if state else 'ended'}")
        await self._handle.signal(SIGNAL_ACT, Act(kind=kind, by=AGENT, text=text, handover=state.handover))
        await self.settle()

    async def be_silent(self, duration: timedelta) -> None:
        """Let *duration* pass, and wait until the conversation waits."""
        await self._environment.sleep(duration)
        await self.settle()

    async def leave(self) -> None:
        """Leave no conversation behind."""
        try:
            await self._handle.terminate("the story is over")
        except RPCError:  # it has ended by itself
            return

    async def settle(self) -> None:
        """Let the conversation go on until it waits for the contact or for time, slow connections included."""
        await self._until_idle()
        while self._activities.delays:
            await self._environment.sleep(self._activities.delays.pop(0) + timedelta(milliseconds=1))
            await self._until_idle()

    async def _until_idle(self) -> None:
        """Return when nothing is under way: no workflow task and no activity."""
        deadline = monotonic() + HANG
        while await self._is_busy():
            if monotonic() > deadline:
                raise Difference("the conversation to wait or to end", f"it has been busy for {HANG:g} s")
            await asyncio.sleep(GLANCE)

    async def _is_busy(self) -> bool:
        """Say whether a workflow task is under way, or an activity that does not only let time pass.

        The history says so. A query would wait for it, but for ever when the run is just being continued as a new
        one, and the server's clock with it (temporal-test-server 1.40).
        """
        if not self._said:
            return False
        working, activities = False, 0
        async for event in self._handle.fetch_history_events(rpc_timeout=CALL):
            working = _WORK.get(event.event_type, working)
            activities += _ACTIVITIES.get(event.event_type, 0)
        return working or activities > len(self._activities.delays)

    @property
    def _handle(self) -> WorkflowHandle[Any, Any]:
        return self._environment.client.get_workflow_handle(self._workflow_id)
