"""One story, played step by step and compared."""

import asyncio
from collections import deque
from time import monotonic
from typing import Final, NamedTuple

from domain.event import Event
from stories.contact import AGENT, StoryContact
from stories.expectations import View, look
from stories.matching import is_heard, options
from stories.outcome import Difference, Line, Outcome, Who
from stories.reader import StoryFile
from stories.replies import file
from stories.server import StoryServer
from stories.steps import (
    ANYTHING,
    Acts,
    AnyStep,
    Attends,
    Ends,
    Hears,
    Resolves,
    Sends,
    Shares,
    Silence,
    Taps,
    TellsEvent,
    Types,
)
from stories.where_it_waits import resting
from stories.wording import done, expected, heard

LATE: Final = 2.0
"""Seconds of real time after which an expected message counts as missing."""
PAUSE: Final = 0.02


class Heard(NamedTuple):
    """A message of the bot, or the end: its place in the journal, and its line of the transcript."""

    place: int
    line: int
    event: Event


async def run_story(server: StoryServer, story_file: StoryFile) -> Outcome:
    """Play a story from its first step to its last, or to the first difference."""
    began = monotonic()
    outcome = await StoryRun(server, story_file).play()
    outcome.seconds = monotonic() - began
    return outcome


class StoryRun:
    """Plays one story: acts as its contact, and compares the bot's messages with the story."""

    def __init__(self, server: StoryServer, story_file: StoryFile) -> None:
        self._activities = server.activities
        self._flows = server.flows
        self._story_file = story_file
        self._activities.begin(story_file.story)
        self._contact = StoryContact(server, story_file.story)
        self._outcome = Outcome(
            story_file.story.story, story_file.story.flow, story_file.file, story_file.line, story_file.line
        )
        self._heard = deque[Heard]()
        """Messages of the bot that no step has named yet."""
        self._anything = False
        """Whether the step before was `...`."""
        self._seen = 0
        self._asserted: set[int] = set()
        self._since = self._calls = 0
        """Events and calls until the contact last did something."""

    async def play(self) -> Outcome:
        """Play, and leave no conversation behind."""
        outcome = self._outcome
        try:
            await self._contact.begin()
            if self._story_file.story.opened is not None:
                await self._contact.open(self._story_file.story.opened)
                self._note()
            for step, outcome.line in zip(self._story_file.story.talk, self._story_file.lines, strict=True):
                await self._take(step)
            self._nothing_more("the story to be over")
            outcome.line = self._story_file.line
        except Difference as difference:
            outcome.difference = difference
        finally:
            await self._contact.leave()
        outcome.events = tuple(self._activities.journal)
        outcome.asserted = frozenset(self._asserted)
        return outcome

    async def _take(self, step: AnyStep) -> None:
        match step:
            case Types() | Taps() | Sends() | Shares() | Silence() | TellsEvent() | Attends() | Resolves():
                await self._act(step)
            case Hears() | Ends():
                await self._listen(step)
            case _ if step == ANYTHING:
                self._anything = True
            case _:
                journal, calls = self._activities.journal, self._activities.replies.calls
                since = journal[self._since :]
                look(step, View(await self._contact.state(), self._flows, journal, since, calls[self._calls :]))
                self._outcome.looked = (*self._outcome.looked, len(journal))

    async def _act(self, step: Acts) -> None:
        self._nothing_more(expected(step))
        self._since, self._calls = len(self._activities.journal), len(self._activities.replies.calls)
        choice = self._option(step.taps) if isinstance(step, Taps) else None
        self._outcome.transcript.append(Line(_who(step), done(step)))
        match step:
            case Types():
                await self._contact.say(step.contact, twice=step.twice)
            case Taps():
                await self._contact.say(choice=choice, twice=step.twice)
            case Sends():
                await self._contact.say(step.caption, files=(file(step.sends),))
            case Shares():
                await self._contact.say(location=step.shares)
            case Silence():
                await self._contact.be_silent(step.silence)
            case TellsEvent():
                await self._contact.tell_callback(step.event, step.data, twice=step.twice)
            case Attends():
                await self._contact.attend("say", step.agent)
            case Resolves():
                await self._contact.attend("resolve", step.resolved)
        self._note()

    def _note(self) -> None:
        """Add the new messages to the transcript."""
        for place, event in enumerate(self._activities.journal[self._seen :], self._seen):
            if event.kind in {"message_sent", "conversation_ended"} and event.data.get("by") != AGENT:
                self._heard.append(Heard(place, len(self._outcome.transcript), event))
                self._outcome.transcript.append(Line("bot" if event.kind == "message_sent" else "end", heard(event)))
        self._seen = len(self._activities.journal)
        if self._activities.unanswered:
            raise Difference("an answer under 'given' to every call", self._activities.unanswered)

    def _option(self, label: str) -> str:
        offered: list[tuple[str, str]] = []
        for event in self._activities.journal:
            offered = options(event) or offered
        for name, id_ in offered:
            if name.strip() == label.strip():
                return id_
        raise Difference(f"an option {label!r} to tap", ", ".join(repr(name) for name, _ in offered) or "no options")

    async def _listen(self, step: Hears | Ends) -> None:
        await self._prick_up()
        first = self._heard[0] if self._heard else None
        while self._heard:
            candidate = self._heard.popleft()
            if is_heard(step, candidate.event):
                self._asserted.add(candidate.place)
                self._anything = False
                return
            if not self._anything:
                break
        if first is not None and not self._anything:
            raise Difference(expected(step), heard(first.event), first.line)
        where = resting(await self._contact.state(), self._flows)
        if first is not None:
            raise Difference(expected(step), f"{heard(first.event)}\nand then {where}", first.line)
        raise Difference(expected(step), f"nothing: {where}")

    async def _prick_up(self) -> None:
        """Wait a little when there is nothing to hear: a timer's turn may begin after the server's clock has moved."""
        until = monotonic() + LATE
        while not self._heard and monotonic() < until:
            await asyncio.sleep(PAUSE)
            await self._contact.settle()
            self._note()

    def _nothing_more(self, instead: str) -> None:
        """Difference when the bot has said something that no step names."""
        if self._heard and not self._anything:
            raise Difference(instead, heard(self._heard[0].event), self._heard[0].line)
        self._heard.clear()
        self._anything = False


def _who(step: AnyStep) -> Who:
    if isinstance(step, Attends | Resolves):
        return "agent"
    return "time" if isinstance(step, Silence) else "event" if isinstance(step, TellsEvent) else "contact"
