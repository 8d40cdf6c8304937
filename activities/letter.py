"""What an e-mail to people of the company looks like."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import JsonValue

from domain.call import SendEmail

LONGEST: Final = 200
"""Characters of a subject."""


def letter(effect: SendEmail, sender: tuple[str, str], to: Iterable[str]) -> EmailMessage:
    """Return the e-mail for *effect*, from *sender* (name and address): plain text, the facts below it."""
    name, address = sender
    message = EmailMessage()
    message["Subject"] = one_line(effect.subject)[:LONGEST]
    message["From"] = Address(one_line(name), addr_spec=address)
    message["To"] = [Address(addr_spec=one) for one in to]
    message["Date"] = format_datetime(datetime.now(UTC))
    # The same in every attempt: SMTP has no other way to tell a repeat.
    message["Message-ID"] = f"<{hashlib.sha256(effect.key.encode()).hexdigest()[:32]}@{address.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answering machine answers it
    message.set_content("\n".join(_lines(effect)).encode(errors="replace").decode())
    return message


def one_line(text: str) -> str:
    """Return *text* in one line without control characters: what a contact is called may hold any."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _lines(effect: SendEmail) -> Iterator[str]:
    words = _words()
    yield str(effect.data.get("text") or words["events"].get(effect.event, effect.event))
    yield ""
    for name, label in words["facts"].items():
        if value := _value(effect.data.get(name), words["values"] if name == "priority" else {}):
            yield f"{label}: {value}"


def _value(value: JsonValue, known: dict[str, str]) -> str:
    parts = value if isinstance(value, list) else [value]
    return one_line(", ".join(known.get(str(part), str(part)) for part in parts if part is not None))


@cache
def _words() -> dict[str, dict[str, Any]]:
    return yaml.safe_load((Path(__file__).parent / "letter.yaml").read_text(encoding="utf-8"))
