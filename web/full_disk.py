"""The refusal of all that would have to be kept, while the disk has no room for it."""

from typing import Final

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from domain.limits import LIMITS
from runtime.disk import Disk
from web import error_page

_LATER: Final = {"retry-after": "60", "connection": "close"}


class FullDisk:
    """ASGI middleware: answers 503 to every POST, unread, while *disk* is nearly full.

    What is open goes on with the room that is left: workers write there, too.
    """

    def __init__(self, app: ASGIApp, *, disk: Disk) -> None:
        self._app = app
        self._disk = disk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        app = self._app
        if scope["type"] == "http" and scope["method"] == "POST" and self._disk.is_short_of(LIMITS.free_for_messages):
            app = error_page.answer(Request(scope), 503, "the disk is nearly full, come again")
            app.headers.update(_LATER)
        await app(scope, receive, send)
