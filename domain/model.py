"""The three kinds of pydantic model that Prosa has: values, things people write, a card's memory."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict
from typing_extensions import override


class Value(BaseModel):
    """An immutable value that travels between processes and is kept in histories.

    Unknown fields are ignored and new fields have defaults, because old and new code meet.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    @override
    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        """Return itself: pydantic copies the default of a field for each model that it makes."""
        return self


class Written(BaseModel):
    """Something that a person writes in a file: unknown keys are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Memory(BaseModel):
    """State that a card keeps between two entries of its `play`: mutable, serialised with the conversation."""

    model_config = ConfigDict(extra="ignore", validate_assignment=True, hide_input_in_errors=True)
