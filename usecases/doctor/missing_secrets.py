"""Secrets that the settings name, and that are not to be found from here, or can be guessed."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final, NamedTuple, cast

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


def guessable(settings: Settings) -> Iterator[Lack]:
    """Yield the secrets that sign, and the tokens that we ask for, that are too short; those not found are left out."""
    for table, keys in _tables(settings):
        for where, written in _ours(table, keys):
            with suppress(SettingsError):
                value = secrets.resolve(written, settings.data / "secrets").get_secret_value()
                if len(value) < secrets.LEAST:
                    yield Lack(where, written, f"has {len(value)} characters, {secrets.LEAST} or more are safe")


def _ours(table: str, keys: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield key and value of what is ours to choose in a table; tokens of accounts are their providers'."""
    key = _OURS.get(table.partition(".")[0], "")
    said: Any = keys.get(key, ())
    yield from ((f"{table}.{key}", str(value)) for value in ([said] if isinstance(said, str) else said))
    for name, program in cast("dict[str, dict[str, str]]", keys.get("programs", {})).items():
        yield f"{table}.programs.{name}.token", program["token"]


_OURS: Final = {"accounts": "secret", "webhooks": "secret", "api": "token", "flows": "token", "metrics": "token"}


def _tables(settings: Settings) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every table of the settings, and its name."""
    for section, written in settings.model_dump(mode="json", exclude_defaults=True).items():
        if section in {"accounts", "connections", "hosts", "webhooks"}:
            yield from ((f"{section}.{name}", table) for name, table in written.items())
        elif isinstance(written, dict):
            yield section, cast("dict[str, Any]", written)
