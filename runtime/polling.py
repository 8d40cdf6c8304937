"""Ask again and again, until there is an answer or the time is over."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def poll(ask: Callable[[], Awaitable[T | None]], *, seconds: float, pause: float = 0.1) -> T | None:
    """Return the first answer of *ask* that is not None; None when there is none within so many *seconds*.

    It is asked at once, then after each *pause* (seconds), and for the last time before the time is over.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while loop.time() < deadline:
        if (answer := await ask()) is not None:
            return answer
        await asyncio.sleep(pause)
    return None
