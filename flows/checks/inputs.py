"""Check the inputs of a flow: each exists and has the right type."""

from collections.abc import Mapping

from pydantic import JsonValue

from domain.errors import AuthorError, UnknownNameError
from domain.suggestion import nearest_or_all
from flows.checks.types import type_of
from flows.flow import Variable
from flows.types import fits


def check_inputs(flow: str, known: Mapping[str, Variable], inputs: Mapping[str, JsonValue]) -> None:
    """Raise AuthorError for the first of *inputs* that is none of the variables *known* to *flow*, or does not fit."""
    for name, value in inputs.items():
        if name not in known:
            raise UnknownNameError(f"flow {flow!r} has no variable {name!r}{nearest_or_all(name, known)}")
        if not fits(type_of(value), known[name].type):
            raise AuthorError(f"input {name!r}: expected {known[name].type}, found {type_of(value)}")
