"""Files that a page needs, under the hash of them all, so that browsers keep them for ever."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

LANGUAGES: Final = ("pt-BR", "en")
_TYPES: Final = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_SAFE: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


@dataclass(frozen=True)
class Asset:
    """One file of a page, as it is and compressed."""

    content: bytes
    packed: bytes
    mime: str


class Assets:
    """The scripts, styles and pictures of a folder, and *more* by name."""

    def __init__(self, folder: Path, more: Mapping[str, bytes] | None = None) -> None:
        files = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in _TYPES}
        files |= more or {}
        self._assets = {name: pack(content, _TYPES[Path(name).suffix]) for name, content in files.items()}
        self.version: Final = hashlib.sha256(b"".join(files.values())).hexdigest()[:16]

    def __getitem__(self, name: str) -> Asset:
        """Return the file called *name*; KeyError when there is none."""
        return self._assets[name]

    async def answer(self, request: Request) -> Response:
        """Answer with a file; of another version too, because a page may be older than this gateway."""
        asset = self._assets.get(request.path_params["name"])
        if asset is None:
            raise HTTPException(404, "the page has no such file")
        current = request.path_params["version"] == self.version
        return answer(
            request, asset, {"cache-control": "public, max-age=31536000, immutable" if current else "no-store"}
        )


def pack(content: bytes, mime: str) -> Asset:
    """Return *content* as something to answer with."""
    return Asset(content, gzip.compress(content, mtime=0), f"{mime}; charset=utf-8")


def answer(request: Request, asset: Asset, headers: Mapping[str, str]) -> Response:
    """Answer with *asset*, compressed for clients that accept it."""
    packs = "gzip" in request.headers.get("accept-encoding", "")
    vary = ", ".join(filter(None, [headers.get("vary"), "accept-encoding"]))
    sent: dict[str, Any] = {**_SAFE, **headers, "vary": vary, **({"content-encoding": "gzip"} if packs else {})}
    return Response(asset.packed if packs else asset.content, headers=sent, media_type=asset.mime)


def language(request: Request) -> str:
    """Return the language asked for by `?lang=`, else the browser's first that we have, else the first of ours."""
    accepted = request.headers.get("accept-language", "").split(",")
    for wanted in (request.query_params.get("lang", ""), *accepted):
        short = wanted.strip().split(";")[0].split("-")[0].lower()
        for one in LANGUAGES:
            if short == one.split("-")[0]:
                return one
    return LANGUAGES[0]
