"""What pydantic finds wrong in a flow, in the words of its author."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from flows.cards import cards
from flows.flow import Flow
from flows.suggestion import nearest_or_all

_EXPECTED: Final = {
    "too_short": "at least one",
    "string_type": "a text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a mapping (key: value)",
    "model_type": "a mapping (key: value)",
    "model_attributes_type": "a mapping (key: value)",
    "invalid_key": "a text as key",
}
_SHOWN: Final = 60


def sentence(details: ErrorDetails, path: Sequence[str], given: object) -> str:
    """Return what is wrong at *path*, with what was expected and what was found."""
    context: dict[str, Any] = details.get("ctx") or {}
    *above, last = path or ("",)
    inside = f" in {'.'.join(above)!r}" if above else ""
    at = f"key {'.'.join(path)!r}: " if path else ""
    match details["type"]:
        case "extra_forbidden":
            known = known_keys(details["loc"][:-1])
            said = f"unknown key {last!r}{inside}{nearest_or_all(last, known)}"
        case "missing":
            said = f"key {last!r}{inside} is missing"
        case "union_tag_invalid":
            tag = str(context.get("tag"))
            said = f"unknown card type {tag!r}{nearest_or_all(tag, cards)}"
        case "union_tag_not_found":
            keys = f"key 'card' is missing, or is not one of {', '.join(cards)}"
            said = keys if isinstance(given, dict) else f"expected a card, found {shown(given)}"
        case "value_error":
            said = f"{at}{context['error']}"
        case "literal_error":
            said = f"{at}expected {context['expected']}, found {shown(given)}"
        case "string_pattern_mismatch":
            said = f"{at}{shown(given)} is not allowed: names have only a-z, 0-9 and _, and begin with a letter"
        case kind if kind in _EXPECTED:
            quotes = "; put it in quotes" if kind == "string_type" and isinstance(given, int | float) else ""
            said = f"{at}expected {_EXPECTED[kind]}, found {shown(given)}{quotes}"
        case _:
            message = details["msg"]
            said = f"{at}{message[:1].lower()}{message[1:]}, found {shown(given)}"
    return said


def known_keys(loc: Sequence[str | int]) -> list[str]:
    """Return the keys that may stand at a pydantic location."""
    model: type[BaseModel] | None = Flow
    for part in loc:
        if isinstance(part, str) and part in cards:
            model = cards[part]
        elif isinstance(part, str) and model is not None:
            fields = {field.alias or name: field for name, field in model.model_fields.items()}
            if part in fields:
                model = next(_models(fields[part].annotation), None)
    return [field.alias or name for name, field in model.model_fields.items()] if model else []


def shown(value: object) -> str:
    """Return *value* as a message names it."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"the number {str(value)[:_SHOWN]}"
    if value in ([], {}):
        return "none"
    if isinstance(value, str):
        return repr(value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…")
    return "a list" if isinstance(value, list) else "a mapping (key: value)"


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)
