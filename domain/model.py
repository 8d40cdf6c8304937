"""The three kinds of pydantic model that Prosa has: values, things people write, a card's memory."""

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """An immutable value that travels between processes and is kept in histories.

    Unknown fields are ignored and new fields have defaults, because old and new code meet.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")


class Written(BaseModel):
    """Something that a person writes in a file: unknown keys are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Memory(BaseModel):
    """State that a card keeps between two entries of its `play`: mutable, serialised with the conversation."""

    model_config = ConfigDict(extra="ignore", validate_assignment=True)
