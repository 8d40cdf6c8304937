"""The types of variables."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Annotated, Final

from pydantic import AfterValidator, WithJsonSchema

from domain.suggestion import nearest_or_all
from flows.answers import answers

ANY: Final = "any"

GENERAL: Final[Mapping[str, str]] = {
    "text": "words",
    "number": "a number",
    "boolean": "true or false",
    "list": "several values in order: the invoices of a customer",
    "record": "a value with named parts: `customer.name`",
    "file": "a file that somebody sent, or an operation made",
    ANY: "whatever it is given",
}
"""Types with a description, those that are no kind of answer first."""

TYPES: Final = (*GENERAL, *(name for name in answers if answers[name].must_save and name not in GENERAL))
"""The general ones, and one for each kind of answer that has a value of its own: `money`, `date`, `cpf`."""


def _one_of(what: str, known: Collection[str]) -> Callable[[str], str]:
    def check(name: str) -> str:
        if name not in known:
            raise ValueError(f"unknown {what} {name!r}{nearest_or_all(name, known)}")
        return name

    return check


AnswerName = Annotated[
    str, AfterValidator(_one_of("answer", tuple(answers))), WithJsonSchema({"type": "string", "enum": list(answers)})
]
"""The name of a kind of answer."""
TypeName = Annotated[
    str, AfterValidator(_one_of("type", TYPES)), WithJsonSchema({"type": "string", "enum": list(TYPES)})
]
"""The name of a type."""


def fits(found: str, declared: str) -> bool:
    """Whether a value of type *found* fits a variable of type *declared*.

    Every `cpf` is a `cpf_cnpj` and a `text`; a `text` may be a `cpf`, and only the conversation knows.
    """
    above = tuple(_above(found))
    return ANY in above or declared == ANY or declared in above or found in _above(declared)


def _above(name: str) -> Iterator[str]:
    """Yield *name* and the types that each value of it has as well, the nearest first."""
    while name:
        yield name
        name = answers[name].also if name in answers else ""
