"""The answer to a request that cannot be served: a page for browsers, JSON for programs."""

import hashlib
import tomllib
from base64 import b64encode
from html import escape
from http import HTTPStatus
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from web.answers import JSONResponse
from web.assets import language

_STYLE: Final = (
    "body{margin:0;min-height:100vh;display:grid;place-items:center;font:15px/1.5 Inter,system-ui,sans-serif}"
    "main{max-width:32rem;padding:24px}h1{font-size:1.5rem;line-height:1.25;margin:0 0 8px}p{margin:0 0 12px}"
)
_STYLE_HASH: Final = b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_HEADERS: Final = {
    "cache-control": "no-store",
    "vary": "accept, accept-language",
    "content-security-policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; frame-ancestors 'none'",
}
_PAGE: Final = (
    '<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="color-scheme" content="light dark">'
    "<title>{title}</title><style>{style}</style></head><body><main><h1>{title}</h1><p>{hint}</p>"
    "<p><small>{detail}</small></p>"
    "</main></body></html>"
)
_WORDS: Final[dict[str, dict[str, tuple[str, str]]]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)
"""Language, then place and status, status, or its first digit: title and hint."""


def answer(request: Request, status: int, detail: str) -> Response:
    """Return the answer of *status*: where a browser shows it to a person, a page with what to do now."""
    if "text/html" not in request.headers.get("accept", ""):
        return JSONResponse({"error": detail}, status)
    spoken = language(request)
    words = _WORDS[spoken]
    place = request.scope["path"].lstrip("/").partition("/")[0]  # `OPTIONS *` has no slash
    title, hint = words.get(f"{place} {status}") or words.get(str(status)) or words[str(status)[:1]]
    why = (
        f"{detail or HTTPStatus(status).phrase} ({status})" if spoken == "en" else f"Erro {status}"
    )  # details are English
    page = _PAGE.format(style=_STYLE, lang=spoken, title=title, hint=hint, detail=escape(why))
    return HTMLResponse(page, status, headers=_HEADERS)
