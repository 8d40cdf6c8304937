"""What all emulators have in common as processes: arguments, announcement, quiet end."""

import argparse
import json
import logging
import signal
import socket
import sys
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from emulators.connections import CuttableProtocol


class _Server(uvicorn.Server):
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


def parser(module: str, description: str) -> argparse.ArgumentParser:
    """Return a parser of the arguments that every emulator has."""
    made = argparse.ArgumentParser(prog=f"python -m {module}", description=description)
    made.add_argument("--host", default="127.0.0.1")
    made.add_argument("--port", type=int, default=0, help="0 picks a free one")
    return made


def listen(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> socket.socket:
    """Take the port, or end with an error that names it; from here on SIGTERM and SIGINT end the process."""
    # uvicorn raises the signal that stopped it once more when it is done.
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    try:
        return socket.create_server((arguments.host, arguments.port))
    except OSError as error:
        parser.error(f"cannot listen on {arguments.host}:{arguments.port}: {error.strerror}")


def serve(app: ASGIApp, listener: socket.socket) -> None:
    """Serve until SIGTERM or SIGINT."""
    config = uvicorn.Config(
        app,
        http=CuttableProtocol,
        ws="none",
        lifespan="off",
        log_level="error",
        access_log=False,
        timeout_graceful_shutdown=0,
    )
    _Server(config).run(sockets=[listener])


def _leave(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)
