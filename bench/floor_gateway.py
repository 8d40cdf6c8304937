"""`python -m bench.floor_gateway`: the same webhook, and nothing behind it but signal-with-start."""

import argparse
import asyncio
import json
import socket
from http import HTTPStatus

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from temporalio.client import Client

from bench import wire
from bench.floors import FLOORS, Said


def workflow_id(floor: str, address: str) -> str:
    """Return the id of the workflow that talks to *address*."""
    return f"{floor}:{address}"


def create_app(floor: str, client: Client) -> Starlette:
    """Return the gateway of *floor*: verified, signalled, answered; no inbox."""

    async def webhook(request: Request) -> Response:
        body = await request.body()
        if not wire.verified(request.headers, body):
            return Response(status_code=HTTPStatus.FORBIDDEN)
        said = json.loads(body)
        await client.start_workflow(
            floor,
            said["from"],
            id=workflow_id(floor, said["from"]),
            task_queue=floor,
            start_signal="said",
            start_signal_args=[Said(message_id=said["id"], text=said["text"], choice=said.get("choice"))],
        )
        return Response()

    return Starlette(routes=[Route(f"/webhooks/http/{wire.ACCOUNT}", webhook, methods=["POST"])])


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        print(json.dumps({"ready": True, "url": f"http://{host}:{port}"}), flush=True)


async def serve(floor: str, temporal: str) -> None:
    """Serve on a free port until SIGTERM."""
    app = create_app(floor, await Client.connect(temporal))
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", access_log=False)
    await _Server(config).serve()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--floor", choices=FLOORS, required=True)
    parser.add_argument("--temporal", required=True)
    arguments = parser.parse_args()
    asyncio.run(serve(arguments.floor, arguments.temporal))
