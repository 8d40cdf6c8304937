"""The end of a process, once its work is done."""

import atexit
import os
import sys
from contextlib import suppress
from typing import Final, NoReturn

_TEMPORAL: Final = "temporalio.bridge.temporal_sdk_bridge"


def leave(status: int) -> NoReturn:
    """End this process with *status*; where Temporal's client is loaded, without taking Python apart.

    A thread of the client that calls Python meanwhile would end the process by SIGABRT, whatever it had done
    (github.com/temporalio/sdk-python, issue 300).
    """
    if _TEMPORAL not in sys.modules:
        sys.exit(status)
    atexit._run_exitfuncs()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(status)
