"""Secrets that the settings name, and that are not to be found from here."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, cast

from domain.errors import SettingsError
from runtime import secrets
from runtime.settings import Settings
from usecases.doctor.causes import named_secrets


class Lack(NamedTuple):
    """One secret that is not to be found."""

    table: str
    """Table of the settings that names it."""
    name: str
    """`secret://NAME`, as it is written."""
    why: str
    """Where it was looked for."""


def lacking(settings: Settings) -> Iterator[Lack]:
    """Yield every secret that *settings* name and that is not to be found with the variables of this process."""
    directory = settings.data / "secrets"
    for table, keys in _tables(settings):
        for name in named_secrets(keys):
            try:
                secrets.resolve(name, directory)
            except SettingsError as error:
                yield Lack(table, name, str(error))


def _tables(settings: Settings) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every table of the settings, and its name."""
    for section, written in settings.model_dump(mode="json", exclude_defaults=True).items():
        if section in {"accounts", "connections", "hosts", "webhooks"}:
            yield from ((f"{section}.{name}", table) for name, table in written.items())
        elif isinstance(written, dict):
            yield section, cast("dict[str, Any]", written)
