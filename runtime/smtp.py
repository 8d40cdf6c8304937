"""Handing e-mails to the mail server of the settings: one connection an e-mail, no retries; Temporal owns those."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncGenerator, Callable, Iterable
from email.message import EmailMessage
from typing import Final

import aiosmtplib
from aiosmtplib import SMTP

from domain.errors import EmailError, EmailRefusedError, EmailUnavailableError
from domain.limits import LIMITS
from runtime.mail_sections import MailSection

_LATER: Final = range(400, 500)
_MEANS: Final = {530: ": it wants a login", 535: ": it does not take our login"}
"""RFC 4954, 6."""


class MailServer:
    """Hand e-mails in. Errors have server and code alone: servers' own messages hold addresses."""

    def __init__(self, settings: MailSection, secret: Callable[[str], str]) -> None:
        self._settings = settings
        self._secret = secret

    async def send(self, message: EmailMessage) -> int:
        """Hand *message* in; return how many of its addresses were refused while others were taken. EmailError."""
        async with self._session() as client:
            refused, _ = await client.send_message(message)
            return len(refused)

    async def probe(self) -> None:
        """Connect and log in, and send nothing. EmailError."""
        async with self._session() as client:
            await client.noop()

    @contextlib.asynccontextmanager
    async def _session(self) -> AsyncGenerator[SMTP]:
        said = self._settings
        host = said.host
        client = SMTP(
            hostname=host,
            port=said.usual_port,
            username=said.user or None,
            password=self._secret(said.password) if said.password else None,
            use_tls=said.security == "tls",
            start_tls=said.security == "starttls",
            tls_context=ssl.create_default_context() if said.security != "none" else None,
            local_hostname=said.sender.rpartition("@")[2],
            timeout=LIMITS.provider_call.total_seconds(),
        )
        try:
            async with asyncio.timeout(LIMITS.mail_session.total_seconds()), client:
                yield client
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _refused(host, [one.code for one in error.recipients]) from error
        except aiosmtplib.SMTPResponseException as error:
            raise _refused(host, [error.code]) from error
        except (OSError, aiosmtplib.SMTPException) as error:
            raise _unreached(host, error) from error


def _refused(host: str, codes: Iterable[int]) -> EmailError:
    """Return the error for the server's answers: a temporary one, as long as one of them is temporary."""
    found = sorted(set(codes))
    said = f"{host!r} answered {', '.join(map(str, found))}{_MEANS.get(found[0], '')}"
    return EmailUnavailableError(said) if found[0] in _LATER else EmailRefusedError(said)


def _unreached(host: str, error: Exception) -> EmailError:
    cause = error.__cause__ if isinstance(error, aiosmtplib.SMTPConnectError) else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return EmailRefusedError(f"the certificate of {host!r} is not to be trusted: {cause.verify_message}")
    if type(error) is aiosmtplib.SMTPException:  # what the library says of extensions that a server lacks
        return EmailRefusedError(f"{host!r} offers no TLS, or no login: nothing was sent")
    return EmailUnavailableError(f"no answer from {host!r}: {type(error).__name__}")
