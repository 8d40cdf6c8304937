"""The panel under `/control/`, loopback only: tests steer the emulator and see what it received."""

import ipaddress
from http import HTTPStatus

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulators.erps.demo.errors import ApiError
from emulators.erps.demo.faults import RequestLog
from emulators.erps.demo.store import Store
from emulators.erps.demo.switches import Switches
from emulators.switchboard import Switchboard


class Control:
    """The endpoints; coroutines, so that the switches are touched by the event loop's thread alone."""

    def __init__(self, store: Store, switchboard: Switchboard[Switches], log: RequestLog) -> None:
        self.store = store
        self.switchboard = switchboard
        self.log = log

    def routes(self) -> list[Route]:
        """Return the routes, relative to `/control`."""
        return [
            Route("/switches", self.show_switches),
            Route("/switches", self.set_switches, methods=["PUT"]),
            Route("/requests", self.show_requests),
            Route("/copies", self.count_copies),
        ]

    async def show_switches(self, request: Request) -> Response:
        """GET /switches: how they stand now, counts included."""
        _require_loopback(request)
        return JSONResponse(self.switchboard.current.model_dump())

    async def set_switches(self, request: Request) -> Response:
        """PUT /switches: the new state; what is left out is off. 422 for an unknown switch or value."""
        _require_loopback(request)
        try:
            self.switchboard.current = Switches.model_validate_json(await request.body())
        except ValidationError as error:
            found = error.errors(include_url=False)[0]
            place = ".".join(str(part) for part in found["loc"])
            message = f"{place}: {found['msg']}" if place else found["msg"]
            raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_switches", message) from error
        return await self.show_switches(request)

    async def show_requests(self, request: Request) -> Response:
        """GET /requests: the requests to `/api/`, oldest first."""
        _require_loopback(request)
        return JSONResponse({"requests": list(self.log.entries)})

    async def count_copies(self, request: Request) -> Response:
        """GET /copies: how many second copies were issued since the database was made."""
        _require_loopback(request)
        return JSONResponse({"count": self.store.copy_count()})


def _require_loopback(request: Request) -> None:
    host = request.client.host if request.client else ""
    if not ipaddress.ip_address(host or "0.0.0.0").is_loopback:  # noqa: S104 an address to compare, not to bind
        raise ApiError(HTTPStatus.FORBIDDEN, "forbidden", "the control panel answers this machine only")
