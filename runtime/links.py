"""Signed links to files: only the receiver of a file can fetch it, for a limited time."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from itsdangerous import BadData, URLSafeTimedSerializer

from domain.errors import FileMissingError
from domain.message import FileRef
from runtime.settings import Settings

LIFETIME: Final = timedelta(days=7)


def signer(settings: Settings, key: bytes) -> Callable[[FileRef], str]:
    """Return the function that makes links for the outside; without `public_url` they use the gateway's port."""
    gateway = settings.gateway
    return Links(key, gateway.public_url or f"http://{gateway.host}:{gateway.port}").file_url


class Links:
    """Makes and reads the links of one installation; *base* is the gateway's public address, or empty for a path.

    What *former* keys have signed is read too.
    """

    def __init__(self, key: bytes, base: str = "", former: tuple[bytes, ...] = ()) -> None:
        self._base = base.rstrip("/")
        keys = [*former, key]  # itsdangerous signs with the last
        self._signer = URLSafeTimedSerializer(keys, salt="files", signer_kwargs={"digest_method": hashlib.sha256})

    def file_url(self, file: FileRef) -> str:
        """Return where *file* can be fetched for seven days."""
        return f"{self._base}/files/{file.id}?t={self._signer.dumps([file.id, file.name, file.mime, file.size])}"

    def read(self, file_id: str, token: str) -> FileRef:
        """Return the file that a link is for; FileMissingError when it is forged, for another file, or has expired."""
        try:
            found: Any = self._signer.loads(token, max_age=int(LIFETIME.total_seconds()))
        except BadData as error:
            raise FileMissingError("the link is not ours, or has expired") from error
        file = FileRef(id=found[0], name=found[1], mime=found[2], size=found[3])
        if file.id != file_id:
            raise FileMissingError("the link is for another file")
        return file
