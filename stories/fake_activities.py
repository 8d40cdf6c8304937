"""What stands in for the world while a story is played: the activities, in memory."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from pydantic import JsonValue
from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities.clock import Clock
from domain.call import (
    Call,
    CallAnswer,
    CallErp,
    CallHttp,
    EmailAnswer,
    ErpAnswer,
    FetchFile,
    HttpAnswer,
    OpenConversation,
    PostWebhook,
    SendEmail,
)
from domain.delivery import Delivered, PartOutcome
from domain.effect import (
    Deliver,
    FindBusinessTime,
    FindPlace,
    FindQueue,
    FindTemplate,
    LoadedFlow,
    LoadFlow,
    MakeCallback,
)
from domain.errors import ErpUnavailableError, FlowError, UnknownNameError
from domain.event import Event
from domain.message import PartState
from domain.people import Place, Queue
from domain.template import Template
from domain.times import BusinessTime
from flows.flow import Flow
from runtime.calendars import Calendars
from runtime.settings import Settings
from stories.matching import fits
from stories.replies import Replies, with_files
from stories.story import Story

QUIET: Final = ApplicationErrorCategory.BENIGN
"""An error that is meant: it is not logged."""
EVENTS: Final = "https://example.com/events/"
"""Where the addresses lead that stories see: the event's name follows."""
NEARLY: Final = 0.95
"""How much of its patience a call is let wait that takes longer than that."""


class Stage:
    """The activities of one story, in memory: flows from files, answers from `given:`, a list as the journal."""

    def __init__(self, flows: Mapping[str, Flow], calendars: Calendars | None = None) -> None:
        self.calendars = calendars or Calendars(Settings())
        self._flows = flows
        self._versions = {name: flow.fingerprint({}) for name, flow in flows.items()}
        self.activities: list[Callable[..., Any]] = [
            self.deliver,
            self.load_flow,
            self.call_erp,
            self.find_business_time,
            self.make_callback,
            self.call_http,
            self.fetch_file,
            self.post_webhook,
            self.send_email,
            self.open_conversation,
            self.find_queue,
            self.find_place,
            self.find_template,
            Clock().find_moment,  # the real one: it needs no world
        ]
        """One for every effect."""
        self.number = 0
        """How many stories have begun: each has a workflow of its own."""

    def begin(self, story: Story) -> None:
        """Forget the story before, and give what *story* gives."""
        self.number += 1
        self.journal: list[Event] = []
        """Every event of the story's conversations, in order."""
        self.delays: list[timedelta] = []
        """How long the connections that were called take, as far as this time has not been let pass."""
        self.unanswered = ""
        """What was called without an answer for it, in words."""
        self.replies = Replies(story.given)
        self._story = story
        self._contact = story.contact.known
        self._known: dict[str, set[int]] = {}

    @activity.defn(name="deliver")
    async def deliver(self, effect: Deliver) -> Delivered:
        """Write the turn down, and take every message but those that the story says never arrive."""
        written = self._known.setdefault(effect.conversation_id, set())
        self.journal += [event for event in effect.events if event.seq not in written]
        written.update(event.seq for event in effect.events)
        parts = tuple(PartOutcome(seq=part.seq, state=self._becomes(part.words)) for part in effect.parts)
        protocol = f"20261121-{len(self._known):06}"
        entry = self._version(effect.opening.flow) if effect.opening else ""
        found, self._contact = self._contact, self._contact.updated(effect.learnt)
        return Delivered(protocol=protocol, entry=entry, known=found, parts=parts)

    @activity.defn(name="load_flow")
    async def load_flow(self, effect: LoadFlow) -> LoadedFlow:
        """Return the flow as its file says it, unless the story says that it cannot be read."""
        flow = self._flows.get(effect.name)
        if flow is None or not self._version(effect.name):
            raise ApplicationError(
                f"flow {effect.name!r} cannot be read", type=FlowError.code, non_retryable=True, category=QUIET
            )
        return LoadedFlow(
            name=flow.flow,
            version=self._versions[flow.flow],
            number=1,
            content=flow.dump(),
            calls={name: self._versions[name] for name in flow.called() if name in self._versions},
        )

    @activity.defn(name="call_erp")
    async def call_erp(self, effect: CallErp) -> ErpAnswer:
        """Answer as the story says."""
        return ErpAnswer.model_validate(self._answer(effect))

    @activity.defn(name="call_http")
    async def call_http(self, effect: CallHttp) -> HttpAnswer:
        """Answer as the story says under `http.CARD`."""
        return HttpAnswer.model_validate(self._answer(effect))

    @activity.defn(name="fetch_file")
    async def fetch_file(self, effect: FetchFile) -> HttpAnswer:
        """Answer as the story says under `http.CARD`: `{file: boleto.pdf}`."""
        return HttpAnswer.model_validate(self._answer(effect))

    @activity.defn(name="post_webhook")
    async def post_webhook(self, effect: PostWebhook) -> HttpAnswer:
        """Answer as the story says under `webhook.NAME`."""
        return HttpAnswer.model_validate(self._answer(effect))

    @activity.defn(name="send_email")
    async def send_email(self, effect: SendEmail) -> EmailAnswer:
        """Answer as the story says under `email.NAME`."""
        return EmailAnswer.model_validate(self._answer(effect))

    def _answer(self, effect: Call[Any]) -> dict[str, JsonValue]:
        """Return what the story says; what takes its time comes with a second attempt, which the server delays."""
        reply = self.replies.reply(effect)
        if reply is None:
            self.unanswered = self.unanswered or self.replies.lacks(effect)
            raise ApplicationError(self.unanswered, non_retryable=True, category=QUIET)
        slow = reply.after is not None and reply.after >= effect.patience
        if reply.after is not None and activity.info().attempt == 1:
            # The server gives up at once when a delay exceeds what is left of the patience.
            delay = effect.patience * NEARLY if slow else reply.after
            self.delays.append(delay)
            raise ApplicationError("takes its time", next_retry_delay=delay, category=QUIET)
        if slow or reply.outcome == "failed":
            raise ApplicationError(
                "as the story says", type=ErpUnavailableError.code, non_retryable=True, category=QUIET
            )
        return {"outcome": reply.outcome, "value": with_files(reply.answer) if reply.outcome == "ok" else None}

    @activity.defn(name="open_conversation")
    async def open_conversation(self, effect: OpenConversation) -> CallAnswer:
        """Answer as the story says under `open.CARD`: `opened`, `already_open` or `failed`."""
        return CallAnswer.model_validate(self._answer(effect))

    @activity.defn(name="find_business_time")
    async def find_business_time(self, effect: FindBusinessTime) -> BusinessTime:
        """Return what the calendar says; in a story that begins at any moment, what that says of the company."""
        if self._story.at is not None:
            try:
                return self.calendars.business_time(effect.calendar, effect.at)
            except UnknownNameError as error:
                raise ApplicationError(str(error), type=error.code, non_retryable=True, category=QUIET) from error
        opens_in = self._story.company.opens_in
        opens_at = self.journal[0].at + opens_in if opens_in else effect.at
        is_open = effect.at >= opens_at
        return BusinessTime(open=is_open, opens_at=None if is_open else opens_at)

    @activity.defn(name="find_queue")
    async def find_queue(self, effect: FindQueue) -> Queue:
        """Return a queue by that name, of the hours of the story's company."""
        return Queue(title=effect.queue, calendar="main")

    @activity.defn(name="find_place")
    async def find_place(self, effect: FindPlace) -> Place:
        """Return what the story says under `queue.NAME`."""
        return self.replies.place(effect)

    @activity.defn(name="find_template")
    async def find_template(self, effect: FindTemplate) -> Template:
        """Return the template as the story says it."""
        text = self._story.templates.get(effect.template)
        if text is None:
            self.unanswered = f"template {effect.template!r} is sent, and 'templates' has none of that name"
            raise ApplicationError(self.unanswered, non_retryable=True, category=QUIET)
        return Template(name=effect.template, language="pt_BR", category="utility", text=text)

    @activity.defn(name="make_callback")
    async def make_callback(self, effect: MakeCallback) -> str:
        """Return an address that stories know beforehand."""
        return f"{EVENTS}{effect.event}"

    def _version(self, name: str) -> str:
        """Return the version of a flow; nothing when there is none, or the story says that it cannot be read."""
        return "" if name in self._story.given else self._versions.get(name, "")

    def _becomes(self, text: str) -> PartState:
        return "failed" if any(fits(pattern, text) for pattern in self._story.undelivered) else "sent"
