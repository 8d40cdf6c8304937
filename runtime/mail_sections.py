"""The tables `[mail]` and `[emails.NAME]` of `prosa.toml`."""

from typing import Annotated, Literal

from pydantic import Field

from runtime.sections import Section

EmailAddress = Annotated[str, Field(pattern=r"^[!-;=?A-~]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$", max_length=254)]
"""`people@example.com`."""


class MailSection(Section):
    """The mail server that sends e-mails to agents and operators."""

    host: str = Field(default="", pattern=r"^[A-Za-z0-9.:-]*$")
    """Name or address of the server; empty: no e-mail goes out."""
    port: int = Field(default=0, ge=0, le=65535)
    """0: the usual one, 587 for `starttls`, 465 for `tls`, 25 for `none`."""
    security: Literal["starttls", "tls", "none"] = "starttls"
    """How it is spoken to; `none` only inside of your own network, and without a password."""
    user: str = ""
    """User name to log in with; empty: no login."""
    password: str = ""
    """Best as `secret://name`."""
    sender: EmailAddress | Literal[""] = ""
    """The address that e-mails come from; the company's name stands before it."""

    @property
    def usual_port(self) -> int:
        """The port, spelled out."""
        return self.port or {"starttls": 587, "tls": 465, "none": 25}[self.security]


class EmailSection(Section):
    """Recipients of e-mails by queues and cards `notify`."""

    to: tuple[EmailAddress, ...] = Field(min_length=1, max_length=50)
    """Their addresses; all of them stand in the e-mail."""
