"""A mail server on loopback that takes what it is told to take."""

import asyncio
import contextlib
import ssl
import warnings
from collections.abc import AsyncGenerator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword

HOST = "127.0.0.1"
USER, PASSWORD = "prosa", "canary-7"


class Postbox:
    """What came in, and what is answered: to an address, to what is written, to a login."""

    def __init__(self) -> None:
        self.port = 0
        self.taken: list[tuple[list[str], EmailMessage]] = []
        """Who each e-mail was for, and the e-mail."""
        self.answers: dict[str, str] = {}
        """What an address is answered instead of being taken: `450 later`."""
        self.verdict = "250 taken"
        """What is answered to what is written; empty: the line breaks after it has been taken."""
        self.logins: list[str] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's
        self, server: SMTP, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if refusal := self.answers.get(address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        content = envelope.content
        assert isinstance(content, bytes)
        if self.verdict.startswith("2") or not self.verdict:
            self.taken.append((list(envelope.rcpt_tos), message_from_bytes(content, policy=policy.default)))
        if not self.verdict:
            cast("asyncio.Transport", server.transport).abort()
        return self.verdict or "421 gone"

    def login(self, server: Any, session: Any, envelope: Any, mechanism: str, said: LoginPassword) -> AuthResult:
        self.logins.append(said.login.decode())
        right = (said.login, said.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=right, handled=False)


class Trust:
    """A certificate for loopback, and the file of who has signed it."""

    def __init__(self, folder: Path) -> None:
        authority = trustme.CA(key_type=trustme.KeyType.ECDSA)
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        certificate = authority.issue_cert(HOST, key_type=trustme.KeyType.ECDSA)
        with certificate.private_key_and_cert_chain_pem.tempfile(str(folder)) as file:
            self.context.load_cert_chain(file)
        self.file = folder / "authority.pem"
        authority.cert_pem.write_to_path(str(self.file))


@contextlib.asynccontextmanager
async def postbox(trust: Trust | None = None, *, tls: bool = False, login: bool = False) -> AsyncGenerator[Postbox]:
    """Take e-mails while inside: with *trust* by STARTTLS or, with *tls*, from the first byte on."""
    box = Postbox()
    loop = asyncio.get_running_loop()
    starttls = trust.context if trust and not tls else None

    def session() -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it does not see the TLS below it
            return SMTP(
                box,
                hostname="postbox.example",
                tls_context=starttls,
                require_starttls=starttls is not None,
                authenticator=box.login,
                auth_required=login,
                auth_require_tls=not tls,
                loop=loop,
            )

    server = await loop.create_server(session, HOST, 0, ssl=trust.context if trust and tls else None)
    box.port = server.sockets[0].getsockname()[1]
    try:
        yield box
    finally:
        server.close()
