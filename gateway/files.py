"""Files that were said, for those who hold a signed link."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from domain.errors import FileMissingError
from journal.files import FileStore
from runtime.links import Links


class Files:
    """`/files/{id}?t=TOKEN`."""

    def __init__(self, files: FileStore, links: Links) -> None:
        self._files = files
        self._links = links

    def routes(self) -> list[Route]:
        """Return the route."""
        return [Route("/files/{file_id}", self.fetch)]

    async def fetch(self, request: Request) -> Response:
        """Answer with the file as an attachment that no browser runs; 404 for any link that is not good."""
        try:
            file = self._links.read(request.path_params["file_id"], request.query_params.get("t", ""))
            path = self._files.path(file.id)
        except FileMissingError as error:
            raise HTTPException(404, str(error)) from error
        if not await asyncio.to_thread(path.is_file):
            raise HTTPException(404, "the file is gone")
        return FileResponse(
            path,
            media_type=file.mime,
            filename=file.name,
            content_disposition_type="attachment",
            headers={
                "x-content-type-options": "nosniff",
                "content-security-policy": "default-src 'none'; sandbox",
                "referrer-policy": "no-referrer",
                "cache-control": "private, max-age=86400, immutable",
            },
        )
