"""Types of keys that tell what an author writes there: a template, an expression, the name of something."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import GetJsonSchemaHandler, JsonValue
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

IN_SCHEMA: Final = "x-prosa"
"""The key of the JSON Schema that says the same to editors."""

Kind = Literal["template", "value", "expression", "variable", "target", "flow", "setting"]


@dataclass(frozen=True)
class Holds:
    """The kind of value under a key, as part of its annotated type: `Annotated[str, Holds("template")]`."""

    kind: Kind
    table: str = ""
    """For a `setting`: the table of prosa.toml that has the name."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Add it to the schema."""
        return _with(handler(core), {"holds": self.kind, **({"table": self.table} if self.table else {})})


@dataclass(frozen=True)
class Knows:
    """The names that are known there beside the variables: `Annotated[Template, Knows("item")]`."""

    names: tuple[str, ...]

    def __init__(self, *names: str) -> None:
        """Take *names* in."""
        object.__setattr__(self, "names", names)

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Add it to the schema."""
        return _with(handler(core), {"knows": list(self.names)})


@dataclass(frozen=True)
class Gives:
    """The type of the value that a variable gets: `Annotated[SavesTo, Gives("record")]`."""

    type: str

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Add it to the schema."""
        return _with(handler(core), {"gives": self.type})


@dataclass(frozen=True)
class Journalled:
    """Journal and logs keep the filled template: `Annotated[Template, Journalled()]`."""


Template = Annotated[str, Holds("template")]
"""A text with `{{ expressions }}`; it is rendered."""

Fillable = Annotated[JsonValue, Holds("value")]
"""A value with templates at any depth; it is filled, and a single `{{ expression }}` keeps its type."""

Expression = Annotated[str, Holds("expression")]
"""An expression without braces; it is evaluated."""


def _with(schema: JsonSchemaValue, said: Mapping[str, JsonValue]) -> JsonSchemaValue:
    return {**schema, IN_SCHEMA: {**schema.get(IN_SCHEMA, {}), **said}}
