"""The activities, in memory, for stories."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from pydantic import JsonValue
from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from typing_extensions import override

from domain.call import Call
from domain.effect import Effect, FindBusinessTime, FindPlace, FindQueue, FindTemplate, effects
from domain.errors import ErpUnavailableError, FlowError, UnknownNameError
from domain.message import Part, PartState
from domain.people import Place, Queue
from domain.template import MessageTemplate
from domain.times import BusinessTime
from flows.flow import Flow
from runtime.calendars import Calendars
from stories.matching import fits
from stories.replies import Replies, with_files
from stories.story import Story
from stories.world import InMemoryWorld

QUIET: Final = ApplicationErrorCategory.BENIGN
"""An error that is meant: it is not logged."""
NEARLY: Final = 0.95
"""How much of its patience a call is let wait that takes longer than that."""


class FakeActivities(InMemoryWorld):
    """The world of one story at a time: flows from their files, given answers, and a journal that is a list."""

    def __init__(self, flows: Mapping[str, Flow], calendars: Calendars | None = None) -> None:
        super().__init__(flows, calendars)
        self.activities = [self._activity(kind) for kind in effects().values()]
        """One for every effect."""
        self.number = 0
        """How many stories have begun: each has a workflow of its own."""

    def begin(self, story: Story) -> None:
        """Forget the story before, and use the given answers of *story*."""
        self.forget(story.contact.known)
        self.number += 1
        self.delays: list[timedelta] = []
        """How long the connections that were called take, as far as this time has not been let pass."""
        self.unanswered = ""
        """Calls without a given answer, in words."""
        self.replies = Replies(story.given)
        self._story = story

    def _activity(self, kind: type[Effect[Any]]) -> Callable[..., Any]:
        """Return the activity of an effect: the story answers calls, the world everything else."""

        async def answer(effect: Effect[Any]) -> Any:
            if isinstance(effect, Call):
                return kind.answer.model_validate(self._reply(effect))
            try:
                return effect.in_memory(self)
            except (FlowError, UnknownNameError) as error:
                raise ApplicationError(str(error), type=error.code, non_retryable=True, category=QUIET) from error

        answer.__annotations__ = {"effect": kind, "return": kind.answer}  # by which Temporal reads the argument
        return activity.defn(name=kind.activity)(answer)

    def _reply(self, effect: Call[Any]) -> dict[str, JsonValue]:
        """Return the given answer; a slow one comes with a second attempt, which the server delays."""
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

    @override
    def business_time(self, effect: FindBusinessTime) -> BusinessTime:
        """Return the state of the calendar; in a story without `at`, the one given for the company."""
        if self._story.at is not None:
            return super().business_time(effect)
        opens_in = self._story.company.opens_in
        opens_at = self.journal[0].at + opens_in if opens_in else effect.at
        is_open = effect.at >= opens_at
        return BusinessTime(open=is_open, opens_at=None if is_open else opens_at)

    @override
    def queue(self, effect: FindQueue) -> Queue:
        """Return a queue by that name, of the hours of the story's company."""
        return Queue(title=effect.queue, calendar="main")

    @override
    def place(self, effect: FindPlace) -> Place:
        """Return the story's `queue.NAME`."""
        return self.replies.place(effect)

    @override
    def template(self, effect: FindTemplate) -> MessageTemplate:
        """Return the template as the story says it."""
        text = self._story.templates.get(effect.template)
        if text is None:
            self.unanswered = f"template {effect.template!r} is sent, and 'templates' has none of that name"
            raise FlowError(self.unanswered)
        return MessageTemplate(name=effect.template, language="pt_BR", category="utility", text=text)

    @override
    def version(self, name: str) -> str:
        """Return the version of a flow; nothing when there is none, or the story says that it cannot be read."""
        return "" if name in self._story.given else super().version(name)

    @override
    def becomes(self, part: Part) -> PartState:
        """Return `failed` for messages that the story lists as undelivered."""
        return "failed" if any(fits(pattern, part.words) for pattern in self._story.undelivered) else "sent"
