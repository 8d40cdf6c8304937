"""The data folder: one `prosa up` at a time works in it, and leaves word of where everything is."""

import fcntl
import json
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, cast

from domain.errors import OperatorError
from runtime.settings import Settings

LOCK: Final = "up.json"

Announce = Callable[[dict[str, Any]], None]


@contextmanager
def occupied(data: Path) -> Generator[Announce]:
    """Hold *data* for this process, and yield the function that announces the addresses; OperatorError when it is held.

    The lock is the kernel's: it goes with the process, however that ends.
    """
    data.mkdir(parents=True, exist_ok=True)
    with (data / LOCK).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OperatorError(
                f"another `prosa up` works in {data}: end it, or choose another folder with data in prosa.toml "
                "or PROSA_DATA in the environment"
            ) from None
        file.truncate(0)

        def announce(what: dict[str, Any]) -> None:
            file.truncate(0)
            file.write(json.dumps(what))
            file.flush()

        yield announce
        file.truncate(0)


def occupant(data: Path) -> dict[str, Any]:
    """Return the announcement of the `prosa up` that works in *data*; empty when there is none."""
    try:
        with (data / LOCK).open(encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                said: object = json.loads(file.read() or "{}")
                return cast("dict[str, Any]", said) if isinstance(said, dict) else {}
    except (OSError, ValueError):
        return {}
    return {}


def with_addresses(settings: Settings) -> Settings:
    """Return *settings* with the ports that a running `prosa up` has really taken."""
    found = occupant(settings.data)
    if not found:
        return settings
    gateway = settings.gateway.model_copy(update={"port": found["gateway_port"]})
    temporal = settings.temporal.model_copy(
        update={"port": found["temporal_port"], "ui_port": found["temporal_ui_port"]}
    )
    return settings.model_copy(update={"gateway": gateway, "temporal": temporal})
