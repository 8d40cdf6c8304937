"""Sentences for mistakes in the settings: the file, the key, what was expected and, where it is no secret, found."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from domain.suggestion import nearest

CONFIDENTIAL: Final = "`secret://name`"
"""Stands in the docstring of every key that may hold a secret."""
_WORDS: Final = {
    "extra_forbidden": "unknown key",
    "missing": "missing key",
    "model_type": "expected a table",
    "model_attributes_type": "expected a table",
    "dict_type": "expected a table",
}
"""Plain sentences for errors of pydantic, by type."""
_SILENT: Final = ("missing", "extra_forbidden")
"""Errors that have found nothing, or something of which nobody knows what it is."""
_OF_ANY_TEXT: Final = ("string_type", "string_too_short", "string_too_long")
"""Errors of keys that take any text, as secrets are."""
_LOGIN: Final = re.compile(r"//[^/?#\s]*@")
_SHOWN: Final = 80


def sentences(file: Path, model: type[BaseModel], error: ValidationError, under: str = "", *more: str) -> list[str]:
    """Return a sentence for each mistake in *error* of *model*, whose table is *under* (`accounts.site`).

    An unknown key is told with the nearest one of its table; *more* are keys of that table beside those of the model.
    """
    return [_sentence(file, model, found, under, more) for found in error.errors()]


def _sentence(file: Path, model: type[BaseModel], found: Any, under: str, more: tuple[str, ...]) -> str:
    key = ".".join([*([under] if under else []), *(_part(part) for part in found["loc"])])
    variable = "PROSA_" + key.upper().replace(".", "__")
    message: str = found["msg"].removeprefix("Value error, ").replace("Input should be", "expected")
    kind: str = found["type"]
    what = _WORDS.get(kind, message[:1].lower() + message[1:])
    if kind == "extra_forbidden":
        *table, last = found["loc"]
        known = [*_keys(model, tuple(table)), *(() if table else more)]
        what += nearest(str(last), known)
    told = _LOGIN.sub("//***@", f"{what}{_found(model, found)}")
    return f"{file}: {key}: {told} (or {variable} in the environment)"


def _part(part: str | int) -> str:
    return str(part + 1) if isinstance(part, int) else part  # people count tables from one


def _found(model: type[BaseModel], found: Any) -> str:
    """Return what stands there, as far as it can be no secret: else only what kind of thing it is."""
    kind, value = found["type"], found["input"]
    if kind in _SILENT or (kind == "value_error" and isinstance(value, dict)):
        return ""
    secret = any(CONFIDENTIAL in (field.description or "") for field in _fields(model, found["loc"]))
    if secret or kind in _OF_ANY_TEXT or (kind in _WORDS and isinstance(value, str)):
        return f", found {_kind(value)}"
    return f", found {_shown(value)}"


def _kind(value: object) -> str:
    if isinstance(value, str):
        return f"a text of {len(value)} characters" if value else "an empty text"
    if isinstance(value, bool):
        return "true or false"
    return "a number" if isinstance(value, int | float) else _shown(value)


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list | tuple):
        return "a list"
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _keys(model: type[BaseModel], path: tuple[str | int, ...]) -> list[str]:
    """Return the keys of the table at *path* in *model*; none where it is not a table with fixed keys."""
    *_, at = _types(model, path)
    return list(at.model_fields) if isinstance(at, type) and issubclass(at, BaseModel) else []


def _fields(model: type[BaseModel], path: tuple[str | int, ...]) -> Iterator[FieldInfo]:
    """Yield the fields of the keys in *path*."""
    for at, part in zip(_types(model, path), path, strict=False):
        if isinstance(at, type) and issubclass(at, BaseModel) and str(part) in at.model_fields:
            yield at.model_fields[str(part)]


def _types(model: type[BaseModel], path: tuple[str | int, ...]) -> Iterator[Any]:
    """Yield the type of *model* itself, and of the value at each part of *path*; None where there is no such key."""
    at: Any = model
    yield at
    for part in path:
        if isinstance(at, type) and issubclass(at, BaseModel):
            field = at.model_fields.get(str(part))
            at = field.annotation if field else None
        elif isinstance(get_origin(at), type) and issubclass(get_origin(at) or type, Mapping):
            at = get_args(at)[1]
        else:
            at = next(iter(get_args(at)), None)
        yield at
