"""What every request to `/api/` must carry: the bearer token, and a write its idempotency key."""

import hmac
from dataclasses import dataclass
from http import HTTPStatus

from starlette.requests import Request

from emulators.erps.demo.errors import ApiError

KEY_LENGTH = 255


@dataclass(frozen=True)
class Guard:
    """Knows the token."""

    token: str

    def authorize(self, request: Request) -> None:
        """Raise the 401 that a request without the token gets."""
        scheme, _, found = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(found.encode(), self.token.encode()):
            raise ApiError(HTTPStatus.UNAUTHORIZED, "unauthorized", "expected the header Authorization: Bearer TOKEN")


def idempotency_key(request: Request) -> str:
    """Return the key of a write, or raise the 400 that one without it gets."""
    key = request.headers.get("idempotency-key", "").strip()
    if not 0 < len(key) <= KEY_LENGTH:
        message = f"expected a header Idempotency-Key of 1 to {KEY_LENGTH} characters"
        raise ApiError(HTTPStatus.BAD_REQUEST, "idempotency_key_required", message)
    return key
