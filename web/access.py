"""Access to the company's own pages: with a token, or, where none is set, from this machine only."""

import base64
import binascii
import hmac
import ipaddress
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request

_PASSED_ON: Final = {"x-forwarded-for", "forwarded"}


def opens(request: Request, token: str) -> bool:
    """Whether *request* brings *token*, as a bearer's or as a password; without a token, whether it is from here.

    From here is what this machine asks by its own name: a stranger's page whose name suddenly leads to 127.0.0.1 calls
    us by that name (DNS rebinding).
    """
    if token:
        return hmac.compare_digest(_brought(request), token.encode())
    host = request.client.host if request.client else ""
    passed_on = not _PASSED_ON.isdisjoint(request.headers.keys())
    return not passed_on and _is_this_machine(host) and _names_this_machine(request)


def _names_this_machine(request: Request) -> bool:
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    return host == "localhost" or _is_this_machine(host)


def _brought(request: Request) -> bytes:
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return credentials.encode("latin-1")  # as it came over the wire
    if scheme.lower() != "basic":
        return b""
    try:
        return base64.b64decode(credentials, validate=True).partition(b":")[2]
    except (binascii.Error, ValueError):
        return b""


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
