"""The floors: conversations as people write them by hand in Temporal, without anything of Prosa.

`Usual` is what most people write: a signal, a regular activity, a timer for each wait.
`Lean` is the best that is known: a local activity, and one timer that is moved in memory.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from temporalio import workflow
from temporalio.common import RetryPolicy

from bench.questions import QUESTIONS, Option, Question, understand

SEND: Final = "send"
SILENCE: Final = timedelta(minutes=30)
PROVIDER_CALL: Final = timedelta(seconds=20)
RETRY: Final = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30))


@dataclass
class Said:
    """What the contact said."""

    message_id: str
    text: str
    choice: str | None = None


@dataclass
class Reply:
    """What the contact is told."""

    key: str
    address: str
    text: str
    options: list[Option]


class _Dialogue:
    """What both floors have in common."""

    def __init__(self) -> None:
        self._unread: list[Said] = []
        self._turns = 0
        self._asked = -1
        self._known: dict[str, str | bool] = {}

    def _next_reply(self, address: str) -> Reply:
        """Take the next message as the answer to what was asked; ask what follows, or the same again."""
        said = self._unread.pop(0)
        self._turns += 1
        if self._asked < 0 or self._takes(QUESTIONS[self._asked], said):
            self._asked = (self._asked + 1) % len(QUESTIONS)
        question = QUESTIONS[self._asked]
        key = f"{workflow.info().workflow_id}:{self._turns}"
        return Reply(key=key, address=address, text=question.text, options=list(question.options))

    def _takes(self, question: Question, said: Said) -> bool:
        value = understand(question, said.text, said.choice)
        if value is not None:
            self._known[question.variable] = value
        return value is not None


@workflow.defn(name="Usual")
class Usual(_Dialogue):
    """Signal, regular activity, a timer for each wait: 12 events a turn."""

    @workflow.run
    async def run(self, address: str) -> None:
        while True:
            try:
                await workflow.wait_condition(lambda: bool(self._unread), timeout=SILENCE)
            except TimeoutError:
                return
            await workflow.execute_activity(
                SEND, self._next_reply(address), start_to_close_timeout=PROVIDER_CALL, retry_policy=RETRY
            )

    @workflow.signal
    def said(self, message: Said) -> None:
        self._unread.append(message)


@workflow.defn(name="Lean")
class Lean(_Dialogue):
    """Signal, local activity, one timer that is re-armed when it fires early: 5 events a turn."""

    def __init__(self) -> None:
        super().__init__()
        self._deadline: datetime | None = None
        self._silent = False

    @workflow.run
    async def run(self, address: str) -> None:
        watch: asyncio.Task[None] | None = None
        while True:
            self._deadline = workflow.now() + SILENCE
            watch = watch or asyncio.create_task(self._watch())
            await workflow.wait_condition(lambda: bool(self._unread) or self._silent)
            if not self._unread:
                return
            await workflow.execute_local_activity(
                SEND, self._next_reply(address), start_to_close_timeout=PROVIDER_CALL, retry_policy=RETRY
            )

    @workflow.signal
    def said(self, message: Said) -> None:
        self._unread.append(message)

    async def _watch(self) -> None:
        while self._deadline is not None and (left := self._deadline - workflow.now()) > timedelta():  # noqa: ASYNC110 - Temporal's clock
            await asyncio.sleep(left.total_seconds())
        self._silent = True


FLOORS: Final = {"Usual": Usual, "Lean": Lean}
