"""The web chat's page and loader: `/webchat/{account}`, and on any site `/webchat/{account}/widget.js`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from channels.base import Channel
from channels.webchat import Webchat
from domain.limits import LIMITS
from web.assets import Assets, answer, language, pack

FOLDER: Final = Path(__file__).parent / "widget"
_LOADER: Final = "widget.js"
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors "
)


class Pages:
    """Serves the page, its files under the hash of them all, and the loader; *company* is the name at the top."""

    def __init__(self, channels: Mapping[str, Channel], company: str) -> None:
        self._channels = channels
        self._company = company
        self._assets = Assets(FOLDER)
        self._words: Mapping[str, Mapping[str, str]] = yaml.safe_load((FOLDER / "words.yaml").read_text("utf-8"))
        templates = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined)
        self._page = templates.get_template("chat.html")

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/webchat/{account}", self.page),
            Route("/webchat/{account}/widget.js", self.loader),
            Route("/webchat-page/{version}/{name}", self._assets.answer),
        ]

    async def page(self, request: Request) -> Response:
        """Answer with the page; only the gateway and the account's origins may show it in a frame."""
        channel = self._channel(request)
        title = channel.title or self._company
        spoken = language(request)
        html = self._page.render(
            lang=spoken,
            title=title,
            initials=_initials(title),
            words=self._words[spoken],
            assets=f"../webchat-page/{self._assets.version}",
            upload=LIMITS.upload,
            privacy_url=channel.privacy_url,
            privacy_notice=channel.privacy_notice,
        )
        policy = _POLICY + " ".join(("'self'", *channel.origins))
        headers = {"content-security-policy": policy, "cache-control": "no-cache", "vary": "accept-language"}
        return answer(request, pack(html.encode(), "text/html"), headers)

    async def loader(self, request: Request) -> Response:
        """Answer with the loader, which any site may run."""
        self._channel(request)
        headers = {"cache-control": "public, max-age=600", "cross-origin-resource-policy": "cross-origin"}
        return answer(request, self._assets[_LOADER], headers)

    def _channel(self, request: Request) -> Webchat:
        account = request.path_params["account"]
        channel = self._channels.get(account)
        if not isinstance(channel, Webchat):
            raise HTTPException(404, f"no web chat {account!r}")
        return channel


def _initials(title: str) -> str:
    """Return up to two letters that stand for a name."""
    words = [word for word in title.split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()
