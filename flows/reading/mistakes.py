"""Turn pydantic's errors into messages in the words of a flow's author."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from domain.suggestion import nearest_or_all
from flows.reading.tree import Node

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
_FEW: Final = 8
"""So many keys are named at most."""


@dataclass(frozen=True)
class Dialect:
    """How one kind of file is built, as far as its mistakes are to be told in its author's words."""

    model: type[BaseModel]
    lists: Mapping[str, Callable[[Node, int], str]]
    """Keys of lists, each with a function from an element and its place to its name (`card 'ask'`)."""
    typed: str
    """The list whose elements are of several types, so that pydantic's location names the type after the place."""
    types: Mapping[str, type[BaseModel]]
    """Those types."""
    untyped: Callable[[object], str]
    """Sentence for an element of an unknown kind."""


def mistakes(tree: Node, error: ValidationError, dialect: Dialect) -> list[tuple[int, str]]:
    """Return line and sentence of everything that pydantic has found wrong, each once."""
    details = [one for one in error.errors(include_url=False) if not _is_echo(one)]
    return list(dict.fromkeys(_mistake(tree, one, dialect) for one in details))


def _mistake(tree: Node, details: ErrorDetails, dialect: Dialect) -> tuple[int, str]:
    line, node, path = tree.line, tree, list[str]()
    owner = ""
    loc = details["loc"]
    for place, part in enumerate(loc):
        if _is_type(loc, place, dialect):
            continue
        if (child := node.child(part)) is None:
            # Either it is missing, or pydantic has added it: `[key]`.
            path += [str(part)] if details["type"] == "missing" else []
            continue
        line = node.key_lines.get(str(part), child.line)
        if isinstance(part, str):
            path.append(part)
        elif len(path) == 1 and path[0] in dialect.lists:
            owner += f"{dialect.lists[path.pop()](child, part)}: "
        node = child
    hidden = details["type"] == "string_type" and node.scalar is None and node.comment
    remedy = "; put a text that begins with # in quotes" if hidden else ""
    return line, f"{owner}{_sentence(details, path, dialect)}{remedy}"


def _is_type(loc: Sequence[str | int], place: int, dialect: Dialect) -> bool:
    """Whether the part at *place* is the type of an element of the typed list."""
    return place > 1 and isinstance(loc[place - 1], int) and loc[place - 2] == dialect.typed


def _is_echo(details: ErrorDetails) -> bool:
    """Whether pydantic only says that nothing is left of a list because all of it was wrong."""
    return details["type"] == "too_short" and bool(details.get("input"))


def _sentence(details: ErrorDetails, path: Sequence[str], dialect: Dialect) -> str:
    """Return the mistake at *path*, with the expected and the found value."""
    context: dict[str, Any] = details.get("ctx") or {}
    given: object = details.get("input")
    *above, last = path or ("",)
    inside = f" in {'.'.join(above)!r}" if above else ""
    at = f"key {'.'.join(path)!r}: " if path else ""
    match details["type"]:
        case "extra_forbidden":
            known = _known_keys(details["loc"][:-1], dialect)
            said = f"unknown key {last!r}{inside}{nearest_or_all(last, known)}"
        case "missing":
            said = f"key {last!r}{inside} is missing"
        case "union_tag_invalid" | "union_tag_not_found":
            said = dialect.untyped(given)
        case "value_error":
            said = f"{at}{context['error']}"
        case "literal_error":
            said = f"{at}expected {context['expected']}, found {shown(given)}"
        case "string_pattern_mismatch" if "[a-z][a-z0-9_]" not in context["pattern"]:
            said = f"{at}{shown(given)} is not allowed: it does not look like {context['pattern']}"
        case "string_pattern_mismatch":
            said = f"{at}{shown(given)} is not allowed: names have only a-z, 0-9 and _, and begin with a letter"
        case kind if kind in _EXPECTED:
            said = f"{at}expected {_EXPECTED[kind]}, found {shown(given)}{_hint(details, dialect)}"
        case _:
            message = details["msg"]
            said = f"{at}{message[:1].lower()}{message[1:]}, found {shown(given)}"
    return said


def _hint(details: ErrorDetails, dialect: Dialect) -> str:
    """Return the remedy for a value of another kind; empty when the expectation says it."""
    if details["type"] == "string_type" and isinstance(details.get("input"), int | float):
        return "; put it in quotes"
    keys = _known_keys(details["loc"], dialect) if details["type"] == "model_type" else []
    return f"; its keys are {', '.join(keys)}" if 0 < len(keys) <= _FEW else ""


def _known_keys(loc: Sequence[str | int], dialect: Dialect) -> list[str]:
    """Return the keys that may stand at a pydantic location."""
    model: type[BaseModel] | None = dialect.model
    for place, part in enumerate(loc):
        if _is_type(loc, place, dialect):
            model = dialect.types[str(part)]
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
