"""Run the Demo ERP: `python -m emulators.erp --port 0 --database FILE`."""

import argparse
import json
import logging
import signal
import socket
import sys
from contextlib import closing
from pathlib import Path
from types import FrameType

import uvicorn

from emulators.erp.app import create_app
from emulators.erp.connections import CuttableProtocol
from emulators.erp.store import Store


class Server(uvicorn.Server):
    """Announces itself on stdout once it listens, and ends without complaint."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to listen, then print one line of JSON with the address."""
        await super().startup(sockets)
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        print(json.dumps({"ready": True, "url": f"http://{host}:{port}"}), flush=True)  # noqa: T201 the caller reads it

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop; requests held back by a switch are given up, which is no error here."""
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL + 1)
        await super().shutdown(sockets)


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(
        prog="python -m emulators.erp", description="The Demo ERP, an invented billing system."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one")
    parser.add_argument(
        "--database", type=Path, required=True, help="SQLite file; made, folder included, and seeded when missing"
    )
    parser.add_argument("--token", default="demo-token", help="the bearer token of /api/")
    arguments = parser.parse_args()
    # uvicorn raises the signal that stopped it once more when it is done.
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    try:
        listener = socket.create_server((arguments.host, arguments.port))
    except OSError as error:
        parser.error(f"cannot listen on {arguments.host}:{arguments.port}: {error.strerror}")
    arguments.database.parent.mkdir(parents=True, exist_ok=True)
    with closing(Store(arguments.database)) as store:
        config = uvicorn.Config(
            create_app(store, arguments.token),
            http=CuttableProtocol,
            ws="none",
            lifespan="off",
            log_level="error",
            access_log=False,
            timeout_graceful_shutdown=0,
        )
        Server(config).run(sockets=[listener])


def _leave(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main()
