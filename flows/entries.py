"""Choose the entry point of a conversation: the first that matches its first message."""

from collections.abc import Sequence
from typing import NamedTuple

from domain.entry import Entry, Mark
from domain.message import Inbound
from flows.understanding.phrases import mentions, says

WORDED: tuple[Mark, ...] = ("says", "mentions")
"""The marks that are words of the contact."""


class Found(NamedTuple):
    """A way in that fits, and why."""

    number: int
    """Number among the account's entries, counted from 1."""
    entry: Entry
    by: Mark
    found: str = ""
    """The words, or the referral."""


def find(entries: Sequence[Entry], message: Inbound) -> Found | None:
    """Return the first of *entries* that *message* comes by; None when it comes by none."""
    marks = (_mark(number, entry, message) for number, entry in enumerate(entries, 1))
    return next((found for found in marks if found is not None), None)


def _mark(number: int, entry: Entry, message: Inbound) -> Found | None:
    if entry.missed_call and message.missed_call:
        return Found(number, entry, "missed_call")
    if message.referral and message.referral in entry.referral:
        return Found(number, entry, "referral", message.referral)
    if message.choice is not None:  # a tap on something old: its label is no word of the contact
        return None
    for phrase in entry.says if not (message.files or message.truncated) else ():
        if says(message.text, (phrase,)):
            return Found(number, entry, "says", phrase)
    for phrase in entry.mentions:
        if mentions(message.text, (phrase,)):
            return Found(number, entry, "mentions", phrase)
    return None
