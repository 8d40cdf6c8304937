"""Credentials for Temporal: an API key, certificates; read anew each time, because they are renewed."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from domain.errors import SettingsError
from runtime import secrets
from runtime.settings import FILE, Settings

_PEM: Final = "-----BEGIN "


@dataclass(frozen=True)
class Credentials:
    """An API key and PEM texts; those that the settings do not name are empty."""

    api_key: str = field(default="", repr=False)
    ca: str = field(default="", repr=False)
    certificate: str = field(default="", repr=False)
    key: str = field(default="", repr=False)


def read(settings: Settings) -> Credentials:
    """Read the credentials that `[temporal]` names; SettingsError names the key that cannot be used."""
    section = settings.temporal
    return Credentials(
        api_key=_secret(settings, "api_key"),
        ca=_pem(settings, "tls_ca") if section.tls_ca else "",
        certificate=_pem(settings, "tls_certificate") if section.tls_certificate else "",
        key=_pem(settings, "tls_key") if section.tls_key else "",
    )


def _secret(settings: Settings, name: str) -> str:
    try:
        return secrets.resolve(getattr(settings.temporal, name), settings.data / "secrets").get_secret_value()
    except SettingsError as error:
        raise SettingsError(f"{FILE}: temporal.{name}: {error}") from error


def _pem(settings: Settings, name: str) -> str:
    """Return the PEM text behind `secret://NAME` or in a file of that path."""
    written: str = getattr(settings.temporal, name)
    if _PEM in written:
        raise SettingsError(f"{FILE}: temporal.{name}: expected secret://NAME or a path, found the PEM text itself")
    if written.startswith(secrets.SCHEME):
        text, where = _secret(settings, name), written
    else:
        file = Path(written)
        where = str(file.absolute())
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"{FILE}: temporal.{name}: expected secret://NAME or a PEM file that can be read, "
                f"found {where!r} ({type(error).__name__})"
            ) from error
    if _PEM not in text:
        raise SettingsError(f"{FILE}: temporal.{name}: expected PEM ({_PEM}...) in {where!r}, found something else")
    return text.strip() + "\n"
