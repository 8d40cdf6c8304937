"""Compare messages, places and calls with the expectations of a story."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import JsonValue

from domain.call import Call
from domain.event import Event
from domain.message import Content
from stories.steps import Asks, Ends, Hears


def fits(pattern: str, text: str) -> bool:
    """Whether *text* matches *pattern*; a `*` at its end stands for the rest."""
    pattern, text = pattern.strip(), text.strip()
    return text.startswith(pattern[:-1].rstrip()) if pattern.endswith("*") else text == pattern


def is_heard(step: Hears | Ends, event: Event) -> bool:
    """Whether *event*, a message of the bot or the end, matches *step*."""
    if isinstance(step, Ends):
        return event.kind == "conversation_ended" and event.data.get("resolution") == step.ended
    return (
        event.kind == "message_sent"
        and fits(step.bot, text(event))
        and step.options in (None, labels(event))
        and (step.links is None or are_offered(step.links, event))
        and step.file in (None, file_name(event))
        and step.location in (None, place(event))
        and step.contact_card in (None, person(event))
        and step.template in (None, template(event))
    )


def text(event: Event) -> str:
    """Return the text of a message; a file has its name elsewhere."""
    content = Content.model_validate(event.data)
    return content.text if content.file else content.words


def place(event: Event) -> str | None:
    """Return the name of the place that a message shows."""
    location = Content.model_validate(event.data).location
    return location.name if location else None


def template(event: Event) -> str | None:
    """Return the name of the template by which a message is said."""
    sending = Content.model_validate(event.data).template
    return sending.name if sending else None


def person(event: Event) -> str | None:
    """Return the name on the contact card that a message brings."""
    card = Content.model_validate(event.data).contact_card
    return card.name if card else None


def labels(event: Event) -> tuple[str, ...]:
    """Return the labels of the options that a message offers."""
    return tuple(label for label, _ in options(event))


def options(event: Event) -> list[tuple[str, str]]:
    """Return label and id of the options that a message offers."""
    offered = event.data.get("options")
    records = [one for one in offered if isinstance(one, dict)] if isinstance(offered, list) else []
    return [(str(one["label"]), str(one["id"])) for one in records]


def are_offered(expected: Mapping[str, str], event: Event) -> bool:
    """Whether the links that a message offers are those *expected*: titles, and patterns of addresses."""
    found = links(event)
    return expected.keys() == found.keys() and all(fits(expected[title], url) for title, url in found.items())


def links(event: Event) -> dict[str, str]:
    """Return the links that a message offers, each address by its title."""
    return {link.title: link.url for link in Content.model_validate(event.data).links}


def file_name(event: Event) -> str | None:
    """Return the name of the file that a message brings."""
    file = event.data.get("file")
    return str(file.get("name")) if isinstance(file, dict) else None


def is_called(step: Asks, effect: Call[Any]) -> bool:
    """Whether *effect* is the call that *step* expects; arguments that it does not name do not matter."""
    return effect.called == step.called and contains(effect.call_arguments, step.arguments)


def contains(whole: dict[str, JsonValue], part: dict[str, JsonValue]) -> bool:
    """Whether every key of *part* has the same value in *whole*."""
    return all(name in whole and whole[name] == value for name, value in part.items())


def in_order(expected: Sequence[str], found: Sequence[str]) -> bool:
    """Whether *expected* stands in *found* in that order, others between them or not."""
    rest = iter(found)
    return all(one in rest for one in expected)
