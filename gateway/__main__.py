"""`python -m gateway [--settings FILE]`: the gateway alone, without the company's own pages."""

import argparse
import sys
from pathlib import Path

from domain.errors import ProsaError
from gateway.process import run
from runtime import logging
from runtime.leaving import leave
from runtime.private_files import keep_private
from usecases import settings


def main() -> int:
    """Serve until stopped; an error that prevents it goes to stderr, and the status is 2."""
    parser = argparse.ArgumentParser(prog="python -m gateway", description="Webhooks and web chat in, signals out.")
    parser.add_argument("--settings", type=Path, help="instead of prosa.toml in the working directory")
    arguments = parser.parse_args()
    keep_private()
    try:
        loaded = settings.load(arguments.settings)
        logging.configure(loaded.log, "gateway")
        run(loaded)
    except ProsaError as error:
        sys.stderr.write(f"gateway: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    leave(main())
