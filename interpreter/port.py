"""The port through which the interpreter reaches the world: Temporal, a test or `prosa flow play` implements it."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import NoReturn, Protocol, TypeVar

from domain.conversation import CloseRequest, Intervention, Snapshot
from domain.delivery import Delivered
from domain.effect import Deliver, Effect, LoadedFlow, LoadFlow
from domain.message import Inbound
from domain.people import Act

A = TypeVar("A")


class Port(Protocol):
    """Clock, inbox, activities and sleep of one conversation."""

    @property
    def now(self) -> datetime:
        """The time, aware, UTC; the same in every replay."""
        ...

    @property
    def chain(self) -> str:
        """First run id of this chain of runs."""
        ...

    @property
    def workflow_id(self) -> str:
        """Id of the workflow."""
        ...

    @property
    def close_request(self) -> CloseRequest | None:
        """An operator's request to end the conversation."""
        ...

    def take_intervention(self) -> Intervention | None:
        """Take the operator's last intervention; the caller decides whether it still applies."""
        ...

    def drain(self) -> list[Inbound]:
        """Take the messages that have arrived since the last call, in order."""
        ...

    def drain_acts(self) -> list[Act]:
        """Take the agents' acts since the last call, in order."""
        ...

    async def wait(self, until: datetime | None) -> bool:
        """Return when something has arrived, somebody intervenes, or *until* has passed: whether it has."""
        ...

    async def load(self, effect: LoadFlow) -> LoadedFlow:
        """Read a flow version."""
        ...

    async def deliver(self, effect: Deliver, summary: str) -> Delivered:
        """Commit and send; every part comes back settled."""
        ...

    async def perform(
        self, effect: Effect[A], after: timedelta | None, report: Callable[[], Awaitable[None]] | None
    ) -> A:
        """Have *effect* done; call *report* once when it takes longer than *after*."""
        ...

    @property
    def is_long(self) -> bool:
        """Whether this run has had so many turns that it should go on as a new one."""
        ...

    async def resume(self, state: Snapshot) -> NoReturn:
        """Begin a new run with *state*; what is too much for it to be unread (LIMITS.unread) is told again."""
        ...

    def show(self, state: Snapshot, waiting_for: str) -> None:
        """Publish a description of the current place for operators."""
        ...

    def tell(self, state: Snapshot, doing: str) -> None:
        """Publish a description of the current work for operators."""
        ...

    def patched(self, change: str) -> bool:
        """Tell new code from old in a conversation in flight."""
        ...
