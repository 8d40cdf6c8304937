"""The chapters of the reference: the flow language, stories, ERPs, settings, events."""

import inspect
from functools import cache
from typing import Any, Final, cast

from pydantic import TypeAdapter

from console import events_chapter, settings_chapter
from erps.base import Operation, erps
from flows.reference import chapters as language
from flows.reference.keys import Schema, keys_of
from flows.reference.topic import Chapter, Topic
from stories import reference

ABOUT: Final = """
What the card `erp_call` may ask of a connection, by the ERP that its settings name. What an operation wants stands
under `arguments`; what it answers goes into the variable of `save_as`.
"""


@cache
def chapters() -> dict[str, Chapter]:
    """Return the chapters by name, in reading order."""
    found = {**language.chapters(), "operations": _operations(), "stories": reference.chapter()}
    found |= {"settings": settings_chapter.chapter(), "events": events_chapter.chapter()}
    first = ("file", "answers", "operations", "expressions", "stories")
    return {name: found[name] for name in dict.fromkeys((*first, *found))}


def _operations() -> Chapter:
    topics = [
        topic
        for name in erps
        for topic in (
            Topic(name, inspect.getdoc(erps[name]) or ""),
            *(_topic(operation) for operation in erps[name].operations().values()),
        )
    ]
    return Chapter("operations", "Operations", ABOUT.strip(), tuple(topics))


def _topic(operation: Operation) -> Topic:
    asked = operation.request.model_json_schema()
    keys = keys_of(asked, cast("Schema", asked.get("$defs", {})))
    answer = TypeAdapter[Any](operation.answer).json_schema(mode="serialization")
    about = "\n\n".join([operation.summary, *_limits(operation), _answered(answer)])
    return Topic(operation.name, about, keys=keys, level=3)


def _limits(operation: Operation) -> list[str]:
    """Return in sentences what it takes to be run."""
    proof = "Refused until the contact has proved to be this customer (card `confirm_identity`)."
    looks_up = "Refused to a contact, or a network of the web chat, that looks up too many customers."
    return [sentence for sentence, holds in ((proof, operation.proof), (looks_up, operation.looks_up)) if holds]


def _answered(schema: Schema) -> str:
    """Return a description of an answer: its parts, with the docstrings of its model."""
    definitions = cast("Schema", schema.get("$defs", {}))
    many = schema.get("type") == "array"
    model = cast("Schema", schema["items"] if many else schema)
    if "$ref" in model:
        model = cast("Schema", definitions[model["$ref"].rpartition("/")[2]])
    parts = ", ".join(f"`{name}`" for name in model.get("properties", {}))
    about = " ".join(str(model.get("description", "")).split())
    return f"Answers {'a list of records' if many else 'a record'} with {parts}. {about}".strip()
