"""The web chat's page and loader: `/webchat/{account}`, and on any site `/webchat/{account}/widget.js`."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from channels.base import Channel
from channels.webchat import Webchat
from domain.limits import LIMITS

FOLDER: Final = Path(__file__).parent / "widget"
LANGUAGES: Final = ("pt-BR", "en")
_TYPES: Final = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_LOADER: Final = "widget.js"
_SAFE: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors "
)


@dataclass(frozen=True)
class Asset:
    """One file of the page, as it is and compressed."""

    content: bytes
    packed: bytes
    mime: str


class Pages:
    """Serves the page, its files under the hash of them all, and the loader; *company* is the name at the top."""

    def __init__(self, channels: Mapping[str, Channel], company: str) -> None:
        self._channels = channels
        self._company = company
        self._assets = {path.name: _asset(path) for path in sorted(FOLDER.iterdir()) if path.suffix in _TYPES}
        contents = b"".join(asset.content for asset in self._assets.values())
        self._version = hashlib.sha256(contents).hexdigest()[:16]
        self._words: Mapping[str, Mapping[str, str]] = yaml.safe_load((FOLDER / "words.yaml").read_text("utf-8"))
        templates = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined)
        self._page = templates.get_template("chat.html")

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/webchat/{account}", self.page),
            Route("/webchat/{account}/widget.js", self.loader),
            Route("/webchat-page/{version}/{name}", self.asset),
        ]

    async def page(self, request: Request) -> Response:
        """Answer with the page; only the gateway and the account's origins may show it in a frame."""
        channel = self._channel(request)
        title = channel.title or self._company
        language = _language(request)
        html = self._page.render(
            lang=language,
            title=title,
            initials=_initials(title),
            words=self._words[language],
            assets=f"../webchat-page/{self._version}",
            upload=LIMITS.upload,
            privacy_url=channel.privacy_url,
            privacy_notice=channel.privacy_notice,
        )
        policy = _POLICY + " ".join(("'self'", *channel.origins))
        headers = {"content-security-policy": policy, "cache-control": "no-cache", "vary": "accept-language"}
        return _answer(request, _pack(html.encode(), "text/html"), headers)

    async def loader(self, request: Request) -> Response:
        """Answer with the loader, which any site may run."""
        self._channel(request)
        headers = {"cache-control": "public, max-age=600", "cross-origin-resource-policy": "cross-origin"}
        return _answer(request, self._assets[_LOADER], headers)

    async def asset(self, request: Request) -> Response:
        """Answer with a file of the page; of another version too, because a page may be older than this gateway."""
        asset = self._assets.get(request.path_params["name"])
        if asset is None:
            raise HTTPException(404, "the page has no such file")
        current = request.path_params["version"] == self._version
        return _answer(
            request, asset, {"cache-control": "public, max-age=31536000, immutable" if current else "no-store"}
        )

    def _channel(self, request: Request) -> Webchat:
        account = request.path_params["account"]
        channel = self._channels.get(account)
        if not isinstance(channel, Webchat):
            raise HTTPException(404, f"no web chat {account!r}")
        return channel


def _asset(path: Path) -> Asset:
    return _pack(path.read_bytes(), _TYPES[path.suffix])


def _pack(content: bytes, mime: str) -> Asset:
    return Asset(content, gzip.compress(content, mtime=0), f"{mime}; charset=utf-8")


def _answer(request: Request, asset: Asset, headers: Mapping[str, str]) -> Response:
    packs = "gzip" in request.headers.get("accept-encoding", "")
    vary = ", ".join(filter(None, [headers.get("vary"), "accept-encoding"]))
    sent: dict[str, Any] = {**_SAFE, **headers, "vary": vary, **({"content-encoding": "gzip"} if packs else {})}
    return Response(asset.packed if packs else asset.content, headers=sent, media_type=asset.mime)


def _language(request: Request) -> str:
    """Return the language asked for by `?lang=`, else the browser's first that we have, else the first of ours."""
    accepted = request.headers.get("accept-language", "").split(",")
    for wanted in (request.query_params.get("lang", ""), *accepted):
        short = wanted.strip().split(";")[0].split("-")[0].lower()
        for language in LANGUAGES:
            if short == language.split("-")[0]:
                return language
    return LANGUAGES[0]


def _initials(title: str) -> str:
    """Return up to two letters that stand for a name."""
    words = [word for word in title.split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()
