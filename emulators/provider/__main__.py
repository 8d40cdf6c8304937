"""Run the provider: `python -m emulators.provider --port 0 --secret SECRET --database FILE`."""

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

from emulators.erp.connections import CuttableProtocol, cut
from emulators.provider.app import create_app
from emulators.provider.store import Store


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
    parser = argparse.ArgumentParser(prog="python -m emulators.provider", description="A message provider.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one")
    parser.add_argument("--database", type=Path, help="SQLite file, made when missing; without it, in memory")
    parser.add_argument("--secret", default="", help="what requests are signed with; without it, nobody asks")
    parser.add_argument("--idempotent", action="store_true", help="a repeated webhook-id takes nothing more")
    arguments = parser.parse_args()
    # uvicorn raises the signal that stopped it once more when it is done.
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    try:
        listener = socket.create_server((arguments.host, arguments.port))
    except OSError as error:
        parser.error(f"cannot listen on {arguments.host}:{arguments.port}: {error.strerror}")
    with closing(Store(arguments.database)) as store:
        config = uvicorn.Config(
            create_app(store, cut, secret=arguments.secret, idempotent=arguments.idempotent),
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
