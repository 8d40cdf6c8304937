"""Secrets: settings name them, `secret://name`; their values are read where they are used."""

import contextlib
import os
import re
import secrets
import tempfile
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from domain.errors import SettingsError

SCHEME: Final = "secret://"
INSTALLATION: Final = "installation.key"
LEAST: Final = 16
"""Characters of a token that we ask for, and bytes of a secret that signs: shorter ones can be guessed."""
_BYTES: Final = 32
_KEY: Final = re.compile(f"[0-9a-f]{{{2 * _BYTES}}}")
_NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*")


def resolve(value: str, directory: Path) -> SecretStr:
    """Return the value behind `secret://NAME`: PROSA_SECRET_NAME, else the file *directory*/NAME.

    Anything that is not such a name is returned as it is. SettingsError says where a missing one was looked for.
    """
    if not value.startswith(SCHEME):
        return SecretStr(value)
    name = value.removeprefix(SCHEME)
    if not _NAME.fullmatch(name):
        raise SettingsError(f"secret {name!r}: expected letters, digits, '_', '-' and '.' after {SCHEME!r}")
    if (given := variable(value)) in os.environ:
        return _filled(os.environ[given], f"the variable {given}")
    file = directory / name
    if file.is_file():
        return _filled(_read(file).strip(), f"the file {file.absolute()}")
    raise SettingsError(f"secret {name!r}: expected the variable {given} or the file {file.absolute()}, found neither")


def token(value: str, directory: Path, key: str) -> str:
    """Return the token that *key* of the settings names, as `resolve` does; empty when there is none.

    SettingsError for one that can be guessed.
    """
    if not value:
        return ""
    found = resolve(value, directory).get_secret_value()
    check_length(found, key)
    return found


def check_length(value: str, key: str) -> None:
    """SettingsError when *value*, which *key* of the settings names, is so short that it can be guessed."""
    if len(value) < LEAST:
        raise SettingsError(f"{key}: expected {LEAST} characters or more, found {len(value)}")


def variable(value: str) -> str:
    """Return the environment variable of `secret://NAME`."""
    return f"PROSA_SECRET_{value.removeprefix(SCHEME).upper()}"


def installation_key(directory: Path) -> bytes:
    """Return the key of this installation, 32 bytes: hides addresses, signs tokens; made at its first use."""
    return _keys(directory)[0]


def former_keys(directory: Path) -> tuple[bytes, ...]:
    """Return the keys behind the first: their signatures are still accepted, and nothing is signed with them."""
    return _keys(directory)[1:]


def _keys(directory: Path) -> tuple[bytes, ...]:
    """Return all keys, one a line, the newest first."""
    value = os.environ.get("PROSA_SECRET_INSTALLATION", "").split("\n")
    if value[0]:
        return tuple(line.encode() for line in value if line)
    file = directory / INSTALLATION
    if not file.exists():
        _make(file)
    lines = _read(file).split()
    if not lines or not all(_KEY.fullmatch(line) for line in lines):  # an empty key would sign, and anybody could
        raise SettingsError(f"{file}: expected the key of this installation, {2 * _BYTES} hex digits a line")
    return tuple(bytes.fromhex(line) for line in lines)


def _make(file: Path) -> None:
    """Write a new key under another name, sync it, link it: it is whole, and the first of several processes wins."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=file.parent, prefix=f".{INSTALLATION}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            opened.write(secrets.token_hex(_BYTES))
            opened.flush()
            os.fsync(opened.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, file)
    finally:
        Path(draft).unlink()


def _filled(value: str, where: str) -> SecretStr:
    if not value:  # an empty key would sign, and anybody could
        raise SettingsError(f"{where} is empty: expected a secret")
    return SecretStr(value)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: expected a secret in UTF-8 that can be read: {type(error).__name__}") from None
