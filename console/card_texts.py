"""The texts of a card by kind: messages, options, links, reminders."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, cast

from domain.duration import format_duration
from domain.wait_defaults import Reminder
from flows.cards.base import Card

LABEL: Final = ".label"
TITLE: Final = ".title"
LIMITS: Final = ("typing", "settle", "timeout")
"""Keys of cards with durations that the contact notices."""


@dataclass(frozen=True)
class Text:
    """One thing to read."""

    kind: str
    """`said`, `choice`, `link` or `reminder`."""
    key: str
    text: str
    more: tuple[str, ...] = ()
    """The synonyms of a choice; where a link leads; after how long somebody is reminded."""


def texts(card: Card) -> tuple[Text, ...]:
    """Return the texts of *card*: first its message, then options and links, then reminders."""
    return tuple(sorted((one for one in _texts(card) if one.text), key=_place))


def limits(card: Card) -> tuple[tuple[str, str], ...]:
    """Return the durations of `LIMITS` that *card* sets."""
    found = {name: getattr(card, name) for name in LIMITS if name in card.model_fields_set}
    return tuple((name, format_duration(value)) for name, value in found.items() if isinstance(value, timedelta))


def reminded(reminders: Sequence[Reminder] | None, key: str = "reminders") -> tuple[Text, ...]:
    """Return the texts of *reminders*; *key* is their own."""
    return tuple(
        Text("reminder", f"{key}.{place}.text", one.text.strip(), (format_duration(one.after),))
        for place, one in enumerate(reminders or ())
    )


def _place(one: Text) -> int:
    if one.kind in {"choice", "link"}:
        return 1
    return 2 if "." in one.key else 0


def _texts(card: Card) -> Iterator[Text]:
    reminders = {one.key: one for one in reminded(cast("Sequence[Reminder] | None", getattr(card, "reminders", None)))}
    rest = {key: text.strip() for key, text in card.texts().items()}
    while rest:
        key = next(iter(rest))
        text, of = rest.pop(key), key.rpartition(".")[0]
        if key in reminders:
            yield reminders[key]
        elif key.endswith(LABEL):
            synonyms = [name for name in rest if name.startswith(f"{of}.synonyms.")]
            yield Text("choice", key, text, tuple(rest.pop(name) for name in synonyms))
        elif key.endswith(TITLE) and f"{of}.url" in rest:
            yield Text("link", key, text, (rest.pop(f"{of}.url"),))
        else:
            yield Text("said", key, text)
