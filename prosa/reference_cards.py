"""Cards and kinds of answer as reference pages: their docstrings, keys, exits and examples."""

import inspect
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from flows.answers import answers
from flows.cards import cards
from flows.cards.base import Card
from flows.schema import json_schema
from flows.tree import read_tree

Schema = Mapping[str, Any]

COMMON: Final = ("id", "card", "title", "next")
"""The keys that every card has."""
WORDS: Final = {"string": "text", "integer": "number", "boolean": "true or false", "object": "record"}


def cards_page() -> str:
    """Return the page of all cards."""
    schema = json_schema()["$defs"]
    named = ", ".join(f"[`{name}`](#{name})" for name in cards)
    common = keys_table(cast("Schema", schema[cards[next(iter(cards))].__name__]), schema, COMMON)
    head = f"# Cards\n\nThe steps of a flow: {named}.\n\nEvery card has these keys, and those of its own:\n\n{common}"
    return "\n\n".join([head, *(_card(name, cards[name], schema) for name in cards)])


def answers_page() -> str:
    """Return the page of all kinds of answer."""
    parts = ["# Answers\n\nWhat `answer:` of an [`ask_question`](cards.md#ask_question) may say."]
    for name in answers:
        sensitive = "\n\nPersonal data: declare its variable as `sensitive`." if answers[name].sensitive else ""
        parts.append(f"## {name}\n\n{inspect.getdoc(answers[name])}{sensitive}")
    return "\n\n".join(parts)


def keys_table(model: Schema, schema: Schema, names: tuple[str, ...]) -> str:
    """Return the table of the keys *names* of *model*, and of what is inside them."""
    rows = [row for name in names for row in _rows(model, schema, name, name)]
    return "\n".join(["| key | holds | when not said | what it is for |", "|---|---|---|---|", *rows])


def _card(name: str, card: type[Card], schema: Schema) -> str:
    own = cast("Schema", schema[card.__name__])
    keys = keys_table(own, schema, tuple(key for key in own["properties"] if key not in COMMON))
    example = card.model_validate(read_tree(card.example, name).plain())
    ways = ", ".join(f"`{way.name}`" for way in example.ways_out())
    return (
        f"## {name}\n\n![{name}](symbols/{name}.svg)\n\n{inspect.getdoc(card)}\n\n{keys}\n\n"
        f"```yaml\n{card.example.strip()}\n```\n\nExits of this example: {ways}."
    )


def _rows(model: Schema, schema: Schema, name: str, path: str) -> Iterator[str]:
    field = cast("Schema", model["properties"][name])
    holds, inner, many = _holds(field, schema)
    required = name in model.get("required", ())
    instead = "**required**" if required else _default(field.get("default"))
    about = " ".join(str(field.get("description", "")).split())
    yield f"| `{path}` | {holds} | {instead} | {about.replace('|', chr(92) + '|')} |"
    for key in inner.get("properties", {}):
        yield from _rows(inner, schema, key, f"{path}{'[]' if many else ''}.{key}")


def _holds(field: Schema, schema: Schema) -> tuple[str, Schema, bool]:
    """Return what a key holds, in words; the model inside it, and whether it holds many of those."""
    choices = [choice for choice in field.get("anyOf", [field]) if choice.get("type") != "null"]
    choice = cast("Schema", choices[0])
    if "$ref" in choice:
        inner = cast("Schema", schema[choice["$ref"].rpartition("/")[2]])
        return ("keys", inner, False) if "properties" in inner else ("anything", {}, False)
    if choice.get("type") == "array":
        holds, inner, _ = _holds(cast("Schema", choice["items"]), schema)
        return f"list of {holds}", inner, True
    return _word(choice), {}, False


def _word(choice: Schema) -> str:
    if "enum" in choice:
        return ", ".join(f"`{value}`" for value in choice["enum"])
    pattern = str(choice.get("pattern", ""))
    kinds = {
        "the type": "const" in choice,
        "target": "flow:" in pattern,
        "name": pattern.startswith("^[a-z]"),
        "duration": bool(choice.get("examples")),
    }
    return next((word for word, fits in kinds.items() if fits), WORDS.get(str(choice.get("type")), "anything"))


def _default(value: Any) -> str:
    return (
        "" if value in (None, "", [], {}) or isinstance(value, dict) else f"`{json.dumps(value, ensure_ascii=False)}`"
    )
