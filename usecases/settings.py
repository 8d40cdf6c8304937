"""Load the settings and validate all of them, also those of channels and ERPs, so that every mistake shows at once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from channels.base import channels
from domain.errors import UnknownNameError
from domain.registry import Registry
from erps.base import erps
from runtime import settings
from runtime.sections import Account, Connection
from runtime.settings import PlugInTables, Settings
from runtime.settings_mistakes import sentences


def load(path: Path | None = None) -> Settings:
    """Read settings from *path* (default: prosa.toml in the working directory) and the environment.

    SettingsError lists all mistakes, a line each, by file and key.
    """
    return settings.load(path, _plug_in_mistakes)


def _plug_in_mistakes(file: Path, tables: PlugInTables) -> Iterator[str]:
    for name, options in tables.accounts.items():
        yield from _mistakes(file, f"accounts.{name}", options, "channel", Account, channels)
    for name, options in tables.connections.items():
        yield from _mistakes(file, f"connections.{name}", options, "erp", Connection, erps)


def _mistakes(
    file: Path, table: str, options: dict[str, Any], key: str, own: type[BaseModel], registry: Registry[Any]
) -> Iterator[str]:
    """Yield the mistakes in the *options* of the plug-in that *key* names; the section itself reads those of *own*."""
    if not isinstance(options.get(key), str):
        return  # its own model says so
    try:
        model: type[BaseModel] = registry[options[key]].Settings
    except UnknownNameError as error:
        yield f"{file}: {table}.{key}: {error}"
        return
    try:
        model.model_validate({name: value for name, value in options.items() if name not in own.model_fields})
    except ValidationError as error:
        yield from sentences(file, model, error, table, *own.model_fields)
