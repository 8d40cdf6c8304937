"""`python -m workers`: one worker process."""

import sys

import uvloop

from domain.errors import ProsaError
from runtime import logging
from runtime.leaving import leave
from runtime.private_files import keep_private
from usecases import settings
from workers.process import run


def main() -> int:
    """Run a worker; 2 when something must be mended first."""
    keep_private()
    try:
        loaded = settings.load()
        logging.configure(loaded.log, "worker")
        uvloop.run(run(loaded))
    except ProsaError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    leave(main())
