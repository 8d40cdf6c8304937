"""Secrets: settings name them, `secret://name`; their values are read where they are used."""

import contextlib
import os
import secrets
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from domain.errors import SettingsError

SCHEME: Final = "secret://"
INSTALLATION: Final = "installation.key"


def resolve(value: str, directory: Path) -> SecretStr:
    """Return the value behind `secret://NAME`: PROSA_SECRET_NAME, else the file *directory*/NAME.

    Anything that is not such a name is returned as it is. SettingsError says where a missing one was looked for.
    """
    if not value.startswith(SCHEME):
        return SecretStr(value)
    name = value.removeprefix(SCHEME)
    variable = f"PROSA_SECRET_{name.upper()}"
    if variable in os.environ:
        return SecretStr(os.environ[variable])
    file = directory / name
    if file.is_file():
        return SecretStr(file.read_text(encoding="utf-8").strip())
    raise SettingsError(f"secret {name!r}: expected the variable {variable} or the file {file}, found neither")


def installation_key(directory: Path) -> bytes:
    """Return the key of this installation, 32 bytes: hides addresses, signs tokens; made at its first use."""
    value = os.environ.get("PROSA_SECRET_INSTALLATION")
    if value:
        return value.encode()
    file = directory / INSTALLATION
    if not file.exists():
        directory.mkdir(parents=True, exist_ok=True)
        draft = directory / f".{INSTALLATION}.{os.getpid()}"
        draft.write_text(secrets.token_hex(32), encoding="utf-8")
        draft.chmod(0o600)
        with contextlib.suppress(FileExistsError):  # another process made it meanwhile
            os.link(draft, file)
        draft.unlink()
    return bytes.fromhex(file.read_text(encoding="utf-8").strip())
