"""Published flows to read: `/flows` lists and searches them, `/flows/{name}` draws one and compares two versions."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.card_texts import reminded
from console.drawings import Drawings
from console.flow_search import hits, names
from console.flow_view import views
from console.site import Site
from domain.duration import format_duration
from domain.effect import LoadedFlow
from drawing.order import Order
from flows.flow import Flow
from journal import flows
from journal.database import Database
from journal.flows import VersionRow
from journal.transaction import Transaction
from runtime.shielded import shielded
from web.assets import language

_QUERY: Final = 200
"""Letters of a search that are looked at."""


class FlowPages:
    """Pages of published flows, for people with access."""

    def __init__(self, site: Site, database: Database) -> None:
        self._site = site
        self._database = database
        self._drawings = Drawings()

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/flows", self.index),
            Route("/flows/{name}", self.show),
            Route("/flows-page/{version}/{name}", self._site.assets.answer),
        ]

    async def index(self, request: Request) -> Response:
        """Answer with all flows, or with those that contain `?q=`."""
        await self._site.admit(request)
        query = request.query_params.get("q", "").strip()[:_QUERY]
        published, rows = await self._all()
        newest = {row.version: row for row in rows if row.current}

        def content() -> Mapping[str, Any]:
            shown = [(flow, newest[flow.version], hits(flow, query)) for flow in published]
            if query:
                shown = [one for one in shown if one[2] or names(one[0], query)]
            return {"flows": shown, "query": query}

        return await self._site.page(request, "list.html", content)

    async def show(self, request: Request) -> Response:
        """Answer with one flow: its current version, `?version=N`, or that compared with `&with=M`; 404 for none."""
        await self._site.admit(request)
        name = request.path_params["name"]
        try:
            rows, loaded, before = await self._one(
                name, request.query_params.get("version", ""), request.query_params.get("with", "")
            )
        except HTTPException as error:
            answer = await self._site.page(request, "missing.html", lambda: {"name": name})
            answer.status_code = error.status_code
            return answer
        spoken = language(request)
        links = {called: f"{called}?version={version}" for called, version in loaded.calls.items()}
        flow, old = await asyncio.to_thread(_read, loaded, before)
        key = f"{loaded.version} {before.version if before else ''} {spoken}"
        picture = await self._drawings.draw(key, Order(flow=flow, before=old, language=spoken, links=links))
        return await self._site.page(
            request,
            "flow.html",
            lambda: {
                "flow": flow,
                "number": loaded.number,
                "with_": before.number if before else None,
                "rows": rows,
                "cards": views(flow, old, spoken, links),
                "silence": reminded(flow.silence.reminders, "silence.reminders"),
                "patience": format_duration(flow.silence.timeout) if flow.silence.timeout else "",
                # Our own drawing, in which every text has been escaped.
                "picture": Markup(picture),  # noqa: S704
            },
        )

    @shielded
    async def _all(self) -> tuple[list[LoadedFlow], list[VersionRow]]:
        async with self._database.read() as c:
            return await flows.all_current(c), await flows.versions(c)

    @shielded
    async def _one(self, name: str, version: str, with_: str) -> tuple[list[VersionRow], LoadedFlow, LoadedFlow | None]:
        async with self._database.read() as c:
            rows = await flows.versions(c, name)
            number_or_hash = version or next((row.version for row in rows if row.current), "")
            return rows, await _version(c, rows, number_or_hash), await _version(c, rows, with_) if with_ else None


def _read(loaded: LoadedFlow, before: LoadedFlow | None) -> tuple[Flow, Flow | None]:
    return Flow.load(loaded.content), Flow.load(before.content) if before else None


async def _version(c: Transaction, rows: list[VersionRow], number_or_hash: str) -> LoadedFlow:
    """Return the version with *number_or_hash*; HTTPException when the flow has none."""
    found = [row for row in rows if number_or_hash in {str(row.number), row.version}]
    if not found:
        raise HTTPException(404, "no such flow, or no such version of it, was published")
    return await flows.get(c, found[0].version)
