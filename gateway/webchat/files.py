"""Files of conversations, for holders of a signed link."""

import asyncio
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from domain.errors import FileMissingError
from journal.files import FileStore
from runtime.links import Links

VIEWABLE: Final = frozenset({"application/pdf", "image/gif", "image/jpeg", "image/png", "image/webp"})
"""Types that a browser may show instead of saving: with `nosniff` none of these can run anything of ours."""


class Files:
    """`/files/{id}?t=TOKEN`; with `&view=1` for showing, where that is safe."""

    def __init__(self, files: FileStore, links: Links) -> None:
        self._files = files
        self._links = links

    def routes(self) -> list[Route]:
        """Return the route."""
        return [Route("/files/{file_id}", self.fetch)]

    async def fetch(self, request: Request) -> Response:
        """Answer with the file, an attachment unless it can be viewed; 404 for any link that is not good."""
        try:
            file = self._links.read(request.path_params["file_id"], request.query_params.get("t", ""))
            path = self._files.path(file.id)
        except FileMissingError as error:
            raise HTTPException(404, str(error)) from error
        if not await asyncio.to_thread(path.is_file):
            raise HTTPException(404, "the file is gone")
        shown = "view" in request.query_params and file.mime in VIEWABLE
        # Chromium's PDF viewer needs styles of its own, and shows nothing in a sandbox.
        policy = "default-src 'none'; style-src 'unsafe-inline'" if shown else "default-src 'none'; sandbox"
        return FileResponse(
            path,
            media_type=file.mime,
            filename=file.name,
            content_disposition_type="inline" if shown else "attachment",
            headers={
                "x-content-type-options": "nosniff",
                "content-security-policy": policy,
                "referrer-policy": "no-referrer",
                "cache-control": "private, max-age=86400, immutable",
            },
        )
