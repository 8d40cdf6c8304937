"""Sentences for mistakes in the settings: the file, the key, the expected and the found value."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, get_args, get_origin

from pydantic import BaseModel, ValidationError

from domain.suggestion import nearest

_WORDS: Final = {
    "extra_forbidden": "unknown key",
    "missing": "missing key",
    "model_type": "expected a table",
    "model_attributes_type": "expected a table",
    "dict_type": "expected a table",
}
"""Plain sentences for errors of pydantic, by type."""


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
    whole_table = kind == "value_error" and isinstance(found["input"], dict)  # there may be secrets in it
    value = "" if kind == "missing" or whole_table else f", found {found['input']!r}"
    return f"{file}: {key}: {what}{value} (or {variable} in the environment)"


def _part(part: str | int) -> str:
    return str(part + 1) if isinstance(part, int) else part  # people count tables from one


def _keys(model: type[BaseModel], path: tuple[str | int, ...]) -> list[str]:
    """Return the keys of the table at *path* in *model*; none where it is not a table with fixed keys."""
    at: Any = model
    for part in path:
        if isinstance(at, type) and issubclass(at, BaseModel):
            field = at.model_fields.get(str(part))
            at = field.annotation if field else None
        elif isinstance(get_origin(at), type) and issubclass(get_origin(at) or type, Mapping):
            at = get_args(at)[1]
        else:
            at = next(iter(get_args(at)), None)
    return list(at.model_fields) if isinstance(at, type) and issubclass(at, BaseModel) else []
