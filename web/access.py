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
    """Whether *request* brings *token*, as a bearer's or as a password; without a token, whether it is from here."""
    if token:
        return hmac.compare_digest(_brought(request), token.encode())
    host = request.client.host if request.client else ""
    return not _PASSED_ON & set(request.headers.keys()) and _is_this_machine(host)


def names_this_machine(request: Request) -> bool:
    """Whether the address in the browser is this machine's own.

    A stranger's page whose name suddenly leads to 127.0.0.1 calls us by that name (DNS rebinding).
    """
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
