"""Shared parts of the console's pages: access, translations, layout, and assets."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from console.prose import inline, prose
from drawing import stylesheet
from web import access
from web.assets import Asset, Assets, answer, language, pack
from web.guesses import Door

FOLDER: Final = Path(__file__).parent / "pages"
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors 'none'"
)


class Site:
    """Serves pages to requests with the token, or, without a token in the settings, to this machine.

    A gateway that is *public* stands behind a proxy, which may make every stranger look like this machine. Clocks are
    those of the company's *zone*.
    """

    def __init__(self, company: str, zone: str, door: Door, token: str = "", *, public: bool = False) -> None:
        self._company = company
        self._door = door
        self._token = token
        self._public = public
        self._words: Mapping[str, Mapping[str, str]] = yaml.safe_load((FOLDER / "words.yaml").read_text("utf-8"))
        self._templates = Environment(
            loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._zone = ZoneInfo(zone)
        self._templates.filters |= {"prose": prose, "inline": inline}
        self.assets: Final = Assets(FOLDER, {"drawing.css": stylesheet.both().encode()})

    async def admit(self, request: Request) -> None:
        """Admit a request with access; HTTPException 401, 403 or 429 otherwise."""
        if self._token:
            if not await self._door.tried(request, opened=access.opens(request, self._token)):
                challenge = {"www-authenticate": 'Basic realm="Prosa", charset="UTF-8"'}
                raise HTTPException(401, "flows.token is the password; any user will do", headers=challenge)
        elif self._public or not access.opens(request, ""):
            raise HTTPException(403, "only this machine may read flows until flows.token is set")

    async def page(self, request: Request, template: str, content: Callable[[], Mapping[str, Any]]) -> Response:
        """Answer with a page of what *content* returns, in the language that the browser asks for.

        Both are done in a thread: messages of contacts are taken meanwhile.
        """
        spoken = language(request)
        root = "../" * (request.url.path.count("/") - 1)
        body = await asyncio.to_thread(lambda: self._written(spoken, root, template, content()))
        headers = {"content-security-policy": _POLICY, "cache-control": "no-store", "vary": "accept-language"}
        return answer(request, body, headers)

    def _written(self, spoken: str, root: str, template: str, content: Mapping[str, Any]) -> Asset:
        html = self._templates.get_template(template).render(
            lang=spoken,
            words=self._words[spoken],
            company=self._company,
            local=self._local,
            root=root,
            assets=f"{root}flows-page/{self.assets.version}",
            **content,
        )
        return pack(html.encode(), "text/html")

    def _local(self, moment: datetime, form: str) -> str:
        """Return *moment* by the company's clock."""
        return moment.astimezone(self._zone).strftime(form)
