"""The causes of failing calls in words, by error code, and how to mend them."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from runtime import secrets
from runtime.secrets import SCHEME
from runtime.settings import Settings


class Cause(NamedTuple):
    """A cause in words, and how to mend it."""

    what: str
    mend: tuple[str, ...]


AGAIN: Final = "`prosa conversation retry PROTOCOL` then plays the failed step again, for each contact who was told so"


def of_erp(settings: Settings, name: str, code: str) -> Cause:
    """Return why calls to connection *name* fail with *code*."""
    place = f"connections.{name}"
    options = settings.connections[name].options if name in settings.connections else {}
    match code:
        case "erp_credential":
            return Cause(
                f"the ERP of connection {name!r} refuses our credential",
                _renew(options, place),
            )
        case "erp_malformed" | "erp_not_found" | "erp_rejected":
            return Cause(
                f"the ERP of connection {name!r} answers something else than it should (a login page, half an answer)",
                (f"open {place}.url in a browser; tell whoever runs that system",),
            )
        case "settings":
            return Cause(
                f"connection {name!r} is not set up",
                (
                    f"mend {place} in prosa.toml, start the workers again",
                    *(f"{secret} is read from: {_where(secret)}" for secret in named_secrets(options)),
                ),
            )
        case _:
            return Cause(
                f"the ERP of connection {name!r} does not answer",
                (f"start that system, or mend {place}.url in prosa.toml and start the workers again",),
            )


def of_account(settings: Settings, name: str, code: str) -> Cause:
    """Return why the messages of account *name* are not taken with *code*."""
    place = f"accounts.{name}"
    match code:
        case "credential":
            options = settings.accounts[name].options if name in settings.accounts else {}
            return Cause(f"the provider of account {name!r} refuses our credential", _renew(options, place))
        case "not_sent" if name not in settings.accounts:
            return Cause(f"account {name!r} has open conversations and is not in prosa.toml", (f"add [{place}] again",))
        case "operator":
            return Cause(f"account {name!r} cannot be worked with", (f"mend {place} in prosa.toml",))
        case _:
            return Cause(
                f"the provider of account {name!r} does not take messages",
                ("look at the provider's status page; nothing is lost, sending is tried again for 24 hours",),
            )


def of_mail(settings: Settings, code: str) -> tuple[str, ...]:
    """Return the remedy for a mail server that fails with *code*."""
    said = settings.mail
    if code == "email_unavailable":
        return ("see whether it runs; mend host and port under [mail] in prosa.toml, start the workers again",)
    if code == "settings":
        named = (f"{secret} is read from: {_where(secret)}" for secret in named_secrets({"password": said.password}))
        return (*named, "mend [mail] and [emails] in prosa.toml, start the workers again")
    speak = "ask whoever runs it whether it is spoken to by starttls, tls or none, and write that as mail.security"
    return (*(_renew({"password": said.password}, "mail") if said.user else ()), speak)


def _renew(options: Mapping[str, Any], place: str) -> tuple[str, ...]:
    again = "start the workers again"
    named = named_secrets(options)
    if not named:
        return (f"ask for a new credential, and write it into {place} of prosa.toml", again)
    return (f"ask for a new credential; put it where {named[0]} is read from: {_where(named[0])}", again)


def _where(secret: str) -> str:
    file = f"the file {secret.removeprefix(SCHEME)} in the folder secrets of the data"
    return f"the variable {secrets.variable(secret)} of the workers, else {file}"


def named_secrets(options: Mapping[str, Any]) -> list[str]:
    """Return every `secret://name` among the values of *options*, lists included."""
    return re.findall(rf"{SCHEME}[\w.-]+", json.dumps(dict(options), default=str))
