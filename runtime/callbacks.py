"""Signed addresses for callbacks: another system can call back only at an address that it was given."""

import hashlib
from collections.abc import Callable
from typing import Any, Final

from itsdangerous import BadData, URLSafeSerializer

from domain.errors import UnknownNameError
from runtime.settings import Settings

PATH: Final = "/events/"


def addresses(settings: Settings, key: bytes) -> Callable[[str, str], str]:
    """Return the function that makes addresses of key and event; without `public_url` they use the gateway's port."""
    gateway = settings.gateway
    base = (gateway.public_url or f"http://{gateway.host}:{gateway.port}").rstrip("/")
    tokens = Tokens(key)
    return lambda of, event: f"{base}{PATH}{tokens.make(of, event)}"


class Tokens:
    """Makes and reads the last part of such addresses; signatures of *former* keys are read too."""

    def __init__(self, key: bytes, former: tuple[bytes, ...] = ()) -> None:
        keys = [*former, key]  # itsdangerous signs with the last
        self._signer = URLSafeSerializer(keys, salt="events", signer_kwargs={"digest_method": hashlib.sha256})

    def make(self, key: str, event: str) -> str:
        """Return the token for the event that a conversation expects under *key*."""
        return str(self._signer.dumps([key, event]))

    def read(self, token: str) -> tuple[str, str]:
        """Return key and event; UnknownNameError when the token is not ours."""
        try:
            found: Any = self._signer.loads(token)
        except BadData as error:
            raise UnknownNameError("no such address") from error
        return found[0], found[1]
