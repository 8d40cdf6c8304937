"""Drawings for pages: each is made once, by a process of its own, because a large flow takes seconds."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections import OrderedDict
from typing import Final

from drawing.order import Order
from runtime.logging import logger
from runtime.source import ROOT

_KEPT: Final = 64
_PATIENCE: Final = 60
"""Seconds that one drawing may take."""


class Drawings:
    """Makes drawings one after the other, and keeps the last ones."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, str] = OrderedDict()
        self._drawing = asyncio.Lock()

    async def draw(self, key: str, order: Order) -> str:
        """Return the drawing of *order* as SVG; empty when it cannot be drawn.

        *key* says what is drawn: the same key is the same drawing for ever.
        """
        async with self._drawing:
            if key not in self._kept:
                self._kept[key] = await _drawn(order.model_dump_json(by_alias=True, exclude_defaults=True).encode())
            self._kept.move_to_end(key)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            return self._kept[key]


async def _drawn(order: bytes) -> str:
    search = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "drawing"),
        env={**os.environ, "PYTHONPATH": search},
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
    )
    try:
        async with asyncio.timeout(_PATIENCE):
            answer, _ = await process.communicate(order)
    except TimeoutError:
        answer = b""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0 or not answer:
        logger().warning("flow_not_drawn", status=process.returncode)
        return ""
    return answer.decode()
