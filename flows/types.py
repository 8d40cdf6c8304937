"""What a variable may hold."""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import AfterValidator, WithJsonSchema

from flows.answers import answers
from flows.suggestion import nearest_or_all

GENERAL: Final[Mapping[str, str]] = {
    "text": "words",
    "number": "a number",
    "boolean": "true or false",
    "list": "several values in order: the invoices of a customer",
    "record": "a value with named parts: `customer.name`",
    "file": "a file that somebody sent, or an operation made",
    "any": "whatever it is given",
}
"""The types that are no kind of answer first, and what they hold."""

TYPES: Final = (*GENERAL, *(name for name in answers if answers[name].must_save and name not in GENERAL))
"""The general ones, and one for each kind of answer that has a value of its own: `money`, `date`, `cpf`."""


def _known(name: str) -> str:
    if name not in TYPES:
        raise ValueError(f"unknown type {name!r}{nearest_or_all(name, TYPES)}")
    return name


TypeName = Annotated[str, AfterValidator(_known), WithJsonSchema({"type": "string", "enum": list(TYPES)})]
"""The name of a type."""
