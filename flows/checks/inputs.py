"""Values that a flow is given from outside: each is that of a variable, and is read as people write its kind."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from pydantic import JsonValue

from domain.errors import AuthorError, InvalidAnswerError, UnknownNameError
from domain.message import Inbound
from domain.suggestion import nearest_or_all
from flows.answers import answers
from flows.checks.types import type_of
from flows.flow import Variable
from flows.parts.question import Question
from flows.types import fits
from flows.understanding.phrases import normalise

_READ: Final = frozenset(
    {"cep", "cnpj", "cpf", "cpf_cnpj", "date", "email", "money", "number", "phone", "time"} & set(answers)
)
"""Kinds whose values are read from texts as those of contacts are."""
_BOOLEANS: Final = {
    **dict.fromkeys(("sim", "s", "true", "verdadeiro", "yes", "1"), True),
    **dict.fromkeys(("nao", "n", "false", "falso", "no", "0"), False),
}
_SPOILT: Final = re.compile(r"[0-9]+(?:[.,][0-9]+)?[Ee]\+?[0-9]+|[0-9]{8,}[.,]0|[='].*", re.DOTALL)
"""What spreadsheets make of long numbers and of what they take for formulas: `5,54999E+12`, `5549999990001.0`."""


def read_inputs(
    flow: str, known: Mapping[str, Variable], inputs: Mapping[str, JsonValue], today: date
) -> dict[str, JsonValue]:
    """Return *inputs* as their variables hold them: of `money`, `1.234,56` is `1234.56`; dates are seen from *today*.

    AuthorError for the first that is none of the variables *known* to *flow*, or does not fit.
    """
    return {name: _read(flow, known, name, value, today) for name, value in inputs.items()}


def unspoilt(what: str, text: str) -> str:
    """Return *text*; AuthorError when a spreadsheet has made something else of it."""
    if _SPOILT.fullmatch(text):
        raise AuthorError(
            f"{what}: expected what was typed, found {text!r}: format the column as text in the spreadsheet"
        )
    return text


def _read(flow: str, known: Mapping[str, Variable], name: str, value: JsonValue, today: date) -> JsonValue:
    if name not in known:
        raise UnknownNameError(f"flow {flow!r} has no variable {name!r}{nearest_or_all(name, known)}")
    declared = known[name].type
    if isinstance(value, str):
        unspoilt(f"input {name!r}", value.strip())
        if declared == "boolean":
            value = _BOOLEANS.get(normalise(value), value)
        elif declared in _READ:
            value = _understood(name, declared, value, today)
    if not fits(type_of(value), declared):
        raise AuthorError(f"input {name!r}: expected {declared}, found {type_of(value)}")
    return value


def _understood(name: str, kind: str, text: str, today: date) -> JsonValue:
    message = Inbound.model_construct(message_id=name, at=None, text=text)
    try:
        return answers[kind]().hear(message, Question(today=today)).value
    except InvalidAnswerError as error:
        raise AuthorError(f"input {name!r}: expected {kind}, found {text!r} ({error})") from None
