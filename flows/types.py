"""What a variable may hold."""

from typing import Annotated, Final

from pydantic import AfterValidator, WithJsonSchema

from flows.answers import answers
from flows.suggestion import nearest_or_all

_GENERAL: Final = ("text", "number", "boolean", "list", "record", "file", "any")

TYPES: Final = (*_GENERAL, *(name for name in answers if answers[name].must_save and name not in _GENERAL))
"""The general ones, and one for each kind of answer that has a value of its own: `money`, `date`, `cpf`."""


def _known(name: str) -> str:
    if name not in TYPES:
        raise ValueError(f"unknown type {name!r}{nearest_or_all(name, TYPES)}")
    return name


TypeName = Annotated[str, AfterValidator(_known), WithJsonSchema({"type": "string", "enum": list(TYPES)})]
"""The name of a type."""
