"""The layout of e-mails to the company's agents."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
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
from runtime.shown import harmless

LONGEST: Final = 200
"""Characters of a subject."""


def email_message(
    effect: SendEmail, sender: tuple[str, str], to: Iterable[str], queues: Mapping[str, str] | None = None
) -> EmailMessage:
    """Return the e-mail for *effect*, from *sender* (name and address): plain text, the facts below it.

    *queues* are the titles by which queues are called in it, where they have one.
    """
    facts = {**effect.data}
    if facts.get("queue"):
        facts["queue"] = _title(str(facts["queue"]), queues or {})
    name, address = sender
    message = EmailMessage()
    message["Subject"] = one_line(_subject(effect, facts))[:LONGEST]
    message["From"] = Address(one_line(name), addr_spec=address)
    message["To"] = [Address(addr_spec=one) for one in to]
    message["Date"] = format_datetime(datetime.now(UTC))
    # The same in every attempt: SMTP has no other way to tell a repeat.
    message["Message-ID"] = f"<{hashlib.sha256(effect.key.encode()).hexdigest()[:32]}@{address.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answering machine answers it
    message.set_content(harmless("\n".join(_lines(effect.event, facts))))
    return message


def one_line(text: str) -> str:
    """Return *text* in one line without control characters: a contact's name may hold any."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _title(queue: str, titles: Mapping[str, str]) -> str:
    """Return the title of *queue*, else its name."""
    return titles.get(queue) or ("" if queue == "main" else queue)


def _subject(effect: SendEmail, facts: Mapping[str, JsonValue]) -> str:
    standard = _words()["subjects"].get(effect.event)
    return standard.format_map({"queue": "", "protocol": "", **facts}) if standard else effect.subject


def _lines(event: str, facts: Mapping[str, JsonValue]) -> Iterator[str]:
    words = _words()
    yield str(facts.get("text") or words["events"].get(event, event))
    yield ""
    for name, label in words["facts"].items():
        if value := _value(facts.get(name), words["values"] if name == "priority" else {}):
            yield f"{label}: {value}"
    if facts.get("protocol"):
        yield ""
        for label, command in words["commands"].items():
            yield f"{label}: {one_line(command.format_map(facts))}"


def _value(value: JsonValue, known: dict[str, str]) -> str:
    parts = value if isinstance(value, list) else [value]
    return one_line(", ".join(known.get(str(part), str(part)) for part in parts if part is not None))


@cache
def _words() -> dict[str, dict[str, Any]]:
    return yaml.safe_load((Path(__file__).parent / "email_layout.yaml").read_text(encoding="utf-8"))
