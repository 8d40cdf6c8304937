"""Try a connection to Temporal step by step, to find the fault: name, port, TLS or certificate.

The SDK tells it in debugging output of its own libraries; Python's `ssl` tells it in codes that are documented.
"""

import asyncio
import ssl
import tempfile
from pathlib import Path
from typing import Final

from domain.errors import SettingsError, TemporalError
from domain.temporal_reason import TemporalReason
from runtime.settings import FILE, Settings
from runtime.temporal_credentials import Credentials, read

_PATIENCE: Final = 5.0
"""Seconds."""
_HELLO: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00\x00\x00\x04\x00\x00\x00\x00\x00"
"""First bytes of an HTTP/2 client: the preface, and empty settings (RFC 9113, 3.4)."""
_FRAME, _SETTINGS = 9, 4
_EXPIRED: Final = frozenset({9, 10})
"""OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED."""
_OTHER_NAME: Final = frozenset({62, 64})
"""X509_V_ERR_HOSTNAME_MISMATCH and X509_V_ERR_IP_ADDRESS_MISMATCH."""


async def probe(settings: Settings) -> None:
    """Connect as *settings* say; TemporalError when that fails, SettingsError when a secret cannot be used."""
    used = read(settings)
    context = _context(used) if settings.temporal.tls else None
    where = f"Temporal at {settings.temporal_address!r}"
    try:
        await _hello(settings, context)
    except OSError as error:  # errors of TLS and time limits are among them
        if isinstance(error, ssl.SSLCertVerificationError):
            raise _distrust(where, error) from error
        if context is not None:
            raise await _without_tls(settings, where, error, used) from error
        raise await _with_tls(settings, where, error) from error
    except (EOFError, _NoHttp2Error) as error:
        cause = _with_tls(settings, where, error) if context is None else _without_tls(settings, where, error, used)
        raise await cause from error


class _NoHttp2Error(Exception):
    """The server at the address does not speak HTTP/2."""


async def _hello(settings: Settings, context: ssl.SSLContext | None) -> None:
    """Connect and exchange the first words of HTTP/2; a refusal of our certificate comes only then."""
    host, _, port = settings.temporal_address.rpartition(":")
    name = (settings.temporal.tls_server_name or host.strip("[]")) if context else None
    async with asyncio.timeout(_PATIENCE):
        reader, writer = await asyncio.open_connection(host.strip("[]"), int(port), ssl=context, server_hostname=name)
        try:
            writer.write(_HELLO)
            await writer.drain()
            first = await reader.readexactly(_FRAME)
        finally:
            writer.transport.abort()
    if first[3] != _SETTINGS:
        raise _NoHttp2Error


def _distrust(where: str, error: ssl.SSLCertVerificationError) -> TemporalError:
    said = error.verify_message
    if error.verify_code in _EXPIRED:
        return TemporalError(f"the certificate of {where} is not valid now: {said}", "expired")
    if error.verify_code in _OTHER_NAME:
        return TemporalError(f"the certificate of {where} is for another name: {said}", "server_name")
    return TemporalError(f"the certificate of {where} is not one we trust: {said}", "untrusted")


async def _with_tls(settings: Settings, where: str, error: Exception) -> TemporalError:
    """Return why a connection without TLS failed, a server that wants TLS told apart."""
    if _nobody(error):
        return TemporalError(f"nothing answers as {where}: {_words(error)}", "nobody")
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["h2"])
    try:
        await _hello(settings, context)
    except OSError as other:
        wants = _alert(other)
    except (EOFError, _NoHttp2Error):  # once TLS stands: it may want a certificate, too
        wants = True
    else:
        wants = True
    if wants:
        return TemporalError(f"{where} wants TLS, and temporal.tls is false", "wants_tls")
    return _silent(where, error)


async def _without_tls(settings: Settings, where: str, error: Exception, used: Credentials) -> TemporalError:
    """Return why a connection by TLS failed, a server without TLS told apart from one that refuses us."""
    if _nobody(error):
        return TemporalError(f"nothing answers as {where}: {_words(error)}", "nobody")
    try:
        await _hello(settings, None)
    except (OSError, EOFError, _NoHttp2Error):
        pass
    else:
        return TemporalError(f"{where} speaks without TLS, and temporal.tls is true", "no_tls")
    if isinstance(error, TimeoutError) or not (_alert(error) or isinstance(error, (EOFError, ConnectionError))):
        return _silent(where, error)
    reason: TemporalReason = "certificate_refused" if used.certificate else "wants_certificate"
    what = "does not take our certificate" if used.certificate else "wants a certificate of ours"
    return TemporalError(f"{where} {what}: {_words(error)}", reason)


def _alert(error: Exception) -> bool:
    """Say whether the other side has ended TLS by an alert, as it does about certificates."""
    return isinstance(error, ssl.SSLError) and "ALERT" in (error.reason or "")


def _silent(where: str, error: Exception) -> TemporalError:
    return TemporalError(f"what listens as {where} does not speak as Temporal does: {_words(error)}", "silent")


def _nobody(error: Exception) -> bool:
    """Return whether no connection came about; later failures are a ConnectionResetError, or about TLS."""
    later = (ConnectionResetError, BrokenPipeError, ssl.SSLError, TimeoutError)
    return isinstance(error, OSError) and not isinstance(error, later)


def _words(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return (error.reason or "TLS fails").lower().replace("_", " ")
    if isinstance(error, TimeoutError):
        return f"no answer within {_PATIENCE:.0f} s"
    return (getattr(error, "strerror", None) or "the connection ends").lower()


def _context(used: Credentials) -> ssl.SSLContext:
    """Return how to speak TLS with *used*; SettingsError when it cannot be read as certificates."""
    try:
        context = ssl.create_default_context(cadata=used.ca or None)
    except ssl.SSLError as error:
        raise SettingsError(f"{FILE}: temporal.tls_ca: expected certificates in PEM: {_words(error)}") from error
    context.set_alpn_protocols(["h2"])
    if used.certificate:
        with tempfile.TemporaryDirectory(prefix="prosa-") as folder:  # ssl reads them from files only
            file = Path(folder) / "both.pem"
            file.touch(mode=0o600)
            file.write_text(used.certificate + used.key, encoding="utf-8")
            try:
                context.load_cert_chain(file)
            except ssl.SSLError as error:
                raise SettingsError(
                    f"{FILE}: temporal.tls_certificate: expected a certificate in PEM and, under tls_key, its "
                    f"private key: {_words(error)}"
                ) from error
    return context
