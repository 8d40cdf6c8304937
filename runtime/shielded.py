"""Work that is not left half done when its caller is cancelled."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def shielded(work: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Decorate a transaction: a cancellation waits until it is over, and is raised then.

    A page that leaves and a server that stops cancel what runs for them. A driver that is cancelled between two
    statements may leave a connection that waits for ever (seen with SQLAlchemy 2.1.9 on aiosqlite 0.22.1).
    """

    @wraps(work)
    async def finish(*arguments: P.args, **named: P.kwargs) -> T:
        task = asyncio.ensure_future(work(*arguments, **named))
        cancelled: asyncio.CancelledError | None = None
        while not task.done():
            try:
                await asyncio.wait({task})
            except asyncio.CancelledError as error:
                cancelled = error
        if cancelled is not None:
            task.exception()  # it has been looked at: what it says no longer matters
            raise cancelled
        return task.result()

    return finish
