"""Published flows to read: `/flows` lists and searches them, `/flows/{name}` draws one and compares two versions."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.effect import LoadedFlow
from drawing import stylesheet
from drawing.order import Order
from flows.flow import Flow
from gateway import door
from gateway.assets import Assets, answer, language, pack
from gateway.drawings import Drawings
from gateway.flow_search import hits, names
from gateway.flow_view import views
from journal import flows
from journal.database import Database
from journal.flows import VersionRow
from runtime.whole import whole

FOLDER: Final = Path(__file__).parent / "flowpages"
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors 'none'"
)
_QUERY: Final = 200
"""Letters of a search that are looked at."""


class FlowPages:
    """Shows published flows to whoever brings the token, or, where there is none, to this machine.

    A gateway that is *public* stands behind a proxy, which may make every stranger look like this machine.
    """

    def __init__(self, database: Database, company: str, token: str = "", *, public: bool = False) -> None:
        self._database = database
        self._public = public
        self._company = company
        self._token = token
        self._drawings = Drawings()
        self._assets = Assets(FOLDER, {"drawing.css": stylesheet.both().encode()})
        self._words: Mapping[str, Mapping[str, str]] = yaml.safe_load((FOLDER / "words.yaml").read_text("utf-8"))
        self._templates = Environment(
            loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/flows", self.index),
            Route("/flows/{name}", self.show),
            Route("/flows-page/{version}/{name}", self._assets.answer),
        ]

    async def index(self, request: Request) -> Response:
        """Answer with all flows, or with those in which `?q=` is found."""
        self._admit(request)
        query = request.query_params.get("q", "").strip()[:_QUERY]
        published, rows = await self._all()
        newest = {row.version: row for row in rows if row.current}
        shown = [(flow, newest[flow.version], hits(flow, query)) for flow in published]
        if query:
            shown = [one for one in shown if one[2] or names(one[0], query)]
        return self._page(request, "list.html", "", flows=shown, query=query)

    async def show(self, request: Request) -> Response:
        """Answer with one flow: its current version, `?version=N`, or that compared with `&with=M`; 404 for none."""
        self._admit(request)
        name = request.path_params["name"]
        rows, loaded, before = await self._one(
            name, request.query_params.get("version", ""), request.query_params.get("with", "")
        )
        spoken = language(request)
        flow, old = Flow.load(loaded.content), Flow.load(before.content) if before else None
        links = {called: f"{called}?version={version}" for called, version in loaded.calls.items()}
        key = f"{loaded.version} {before.version if before else ''} {spoken}"
        order = Order(flow=flow, before=old, language=spoken, links=links)
        return self._page(
            request,
            "flow.html",
            "../",
            flow=flow,
            number=loaded.number,
            with_=before.number if before else None,
            rows=rows,
            cards=views(flow, old, spoken, links),
            # Our own drawing, in which every text has been escaped.
            picture=Markup(await self._drawings.draw(key, order)),  # noqa: S704
        )

    def _admit(self, request: Request) -> None:
        if self._token:
            if not door.opens(request, self._token):
                challenge = {"www-authenticate": 'Basic realm="Prosa", charset="UTF-8"'}
                raise HTTPException(401, "flows.token is the password; any user will do", headers=challenge)
        elif self._public or not door.opens(request, "") or not door.names_this_machine(request):
            raise HTTPException(403, "only this machine may read flows until flows.token is set")

    @whole
    async def _all(self) -> tuple[list[LoadedFlow], list[VersionRow]]:
        async with self._database.read() as c:
            return await flows.all_current(c), await flows.versions(c)

    @whole
    async def _one(self, name: str, version: str, with_: str) -> tuple[list[VersionRow], LoadedFlow, LoadedFlow | None]:
        async with self._database.read() as c:
            rows = await flows.versions(c, name)
            wanted = version or next((row.version for row in rows if row.current), "")
            return rows, await _version(c, rows, wanted), await _version(c, rows, with_) if with_ else None

    def _page(self, request: Request, template: str, root: str, **content: Any) -> Response:
        spoken = language(request)
        html = self._templates.get_template(template).render(
            lang=spoken,
            words=self._words[spoken],
            company=self._company,
            root=root,
            assets=f"{root}flows-page/{self._assets.version}",
            **content,
        )
        headers = {"content-security-policy": _POLICY, "cache-control": "no-store", "vary": "accept-language"}
        return answer(request, pack(html.encode(), "text/html"), headers)


async def _version(c: AsyncConnection, rows: list[VersionRow], wanted: str) -> LoadedFlow:
    """Return the version with the number or hash *wanted*; HTTPException when the flow has none such."""
    found = [row for row in rows if wanted in {str(row.number), row.version}]
    if not found:
        raise HTTPException(404, "no such flow, or no such version of it, was published")
    return await flows.get(c, found[0].version)
