"""The Demo ERP as an ASGI application."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from emulators.connections import cut
from emulators.erps.demo.api import Api
from emulators.erps.demo.control import Control
from emulators.erps.demo.errors import ApiError, answer_api_error, answer_http_error
from emulators.erps.demo.faults import Faults, RequestLog
from emulators.erps.demo.guard import Guard
from emulators.erps.demo.service_api import ServiceApi
from emulators.erps.demo.store import Store
from emulators.erps.demo.switches import Switches
from emulators.switchboard import Switchboard


def create_app(store: Store, token: str) -> Starlette:
    """Return the application over an open `store`; the caller closes it.

    To drop connections it must be served with `emulators.connections.CuttableProtocol`.
    """
    switchboard = Switchboard(Switches())
    log = RequestLog()
    guard = Guard(token)
    return Starlette(
        routes=[
            Mount("/api", routes=[*Api(store, guard).routes(), *ServiceApi(store, guard).routes()]),
            Mount("/control", routes=Control(store, switchboard, log).routes()),
            Route("/health", _health),
        ],
        middleware=[Middleware(Faults, switchboard=switchboard, log=log, cut=cut)],
        exception_handlers={ApiError: answer_api_error, HTTPException: answer_http_error},
    )


async def _health(_request: Request) -> Response:
    # Says that the process lives; the switches do not touch it.
    return JSONResponse({"status": "ok"})
