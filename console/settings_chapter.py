"""The chapter on settings: every table and key of `prosa.toml`, from the classes that read it."""

import inspect
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast, get_args

from pydantic import BaseModel

from channels.base import channels
from erps.base import erps
from flows.reference.keys import Schema, keys_of
from flows.reference.topic import Chapter, Key, Topic
from runtime.settings import Settings

ABOUT: Final = """
Everything that `prosa.toml` may say. Each table below is a section of the file; where one has `NAME` in it, there may
be several, each with a name of your own. The environment wins over the file: `PROSA_GATEWAY__PORT=8081` is `port` under
`[gateway]`. A key that does not exist is refused by name.
"""
_PLUGINS: Final[Mapping[str, Mapping[str, type[BaseModel]]]] = {
    "accounts": {name: channels[name].Settings for name in channels},
    "connections": {name: erps[name].Settings for name in erps},
}
"""The keys that channels and ERPs add to the tables that name them."""


def chapter() -> Chapter:
    """Return it."""
    tables = {name: table for name, field in Settings.model_fields.items() if (table := _table(field.annotation))}
    own = Topic("Above all tables", "", keys=_keys(Settings, tuple(set(Settings.model_fields) - set(tables))))
    topics = (topic for name, (table, many) in tables.items() for topic in _topics(name, table, many=many))
    return Chapter("settings", "Settings", ABOUT.strip(), (own, *topics))


def _table(annotation: Any) -> tuple[type[BaseModel], bool] | None:
    """Return the class of a table, and whether there may be several by name; None for a single key."""
    inner = get_args(annotation)
    found = inner[-1] if inner else annotation
    return (found, bool(inner)) if isinstance(found, type) and issubclass(found, BaseModel) else None


def _topics(name: str, table: type[BaseModel], *, many: bool) -> Iterator[Topic]:
    path = f"{name}.NAME" if many else name
    yield Topic(path, f"`[{path}]` {_about(table)}", keys=_keys(table))
    for plugin, settings in _PLUGINS.get(name, {}).items():
        about = f"`[{path}]` of `{plugin}` has these keys too. {_about(settings)}"
        yield Topic(f"{name} of {plugin}", about, keys=_keys(settings), level=3)


def _about(table: type[BaseModel]) -> str:
    return inspect.getdoc(table) or ""


def _keys(table: type[BaseModel], names: tuple[str, ...] | None = None) -> tuple[Key, ...]:
    schema = table.model_json_schema()
    return keys_of(schema, cast("Schema", schema.get("$defs", {})), names)
