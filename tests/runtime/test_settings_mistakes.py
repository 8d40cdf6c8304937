"""Errors about the settings never show a secret, however its key is mistyped."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from channels.base import channels
from domain.errors import SettingsError
from erps.base import erps
from runtime.settings import Settings
from runtime.settings_mistakes import CONFIDENTIAL
from runtime.temporal_credentials import read
from usecases.settings import load

CANARY = "kanarienvogel7"
NAMED_AS_SECRET = re.compile("token|secret|passw|key$|headers|certificate")
OPEN = {"idempotency_key"}


@pytest.mark.parametrize(
    "written",
    [
        f"tokn = '{CANARY}'",
        f"_token = '{CANARY}'",
        f"[api]\ntokne = '{CANARY}'",
        f"[apii]\ntoken = '{CANARY}'",
        f"[api.token]\nvalue = '{CANARY}'",
        f"api = '{CANARY}'",
        f"[mail]\npassword = ['{CANARY}']",
        f"[mail]\nhost = 'm'\nsender = 'a@b.c'\nuser = 'u'\npasword = '{CANARY}'",
        f"accounts = '{CANARY}'",
        f"[accounts.site]\nchannel = 'webchat'\nflow = 'main'\nsecrt = '{CANARY}'",
        f"[accounts.site]\nchannel = 'http'\nflow = 'main'\nurl = 'http://a'\nsecret = {{ '{CANARY}' = '{CANARY}' }}",
        f"[accounts.site]\nchannel = 'http'\nflow = 'main'\nurl = 'htps://me:{CANARY}@a'\nsecret = 's'",
        f"[connections.billing]\nerp = 'demo'\nurl = 'http://a'\ntoken = ['{CANARY}']",
        f"[connections.billing]\nerp = 'demo'\nurl = 'http://a'\ntoken = 't'\nuser = '{CANARY}'",
        f"[connections.billing]\nerp = 'demo'\nurl = 'ftp://me:{CANARY}@a'\ntoken = 't'",
        f"[hosts.a]\nhost = 'a.example'\nheaders = '{CANARY}'",
        f"[hosts.a]\nhost = 'a.example'\nheaders = {{ Authorization = ['{CANARY}'] }}",
        f"[webhooks.a]\nurl = 'ftp://me:{CANARY}@a'\nsecret = 's'",
        f"[webhooks.a]\nurl = 'http://a'\nsecrets = ['{CANARY}']",
        f"[temporal]\naddress = 'http://me:{CANARY}@a:1'",
        f"[temporal]\nkey = '{CANARY}'",
        f"[database]\nurl = {{ password = '{CANARY}' }}",
        f"[[accounts]]\ntoken = '{CANARY}'",
    ],
)
def test_a_secret_under_a_wrong_key_is_not_shown(written: str, tmp_path: Path) -> None:
    assert CANARY not in refused(tmp_path, written)


def test_a_secret_that_is_no_text_is_not_shown(tmp_path: Path) -> None:
    said = refused(tmp_path, "[mail]\npassword = 4711004")
    assert "mail.password: expected a valid string, found a number" in said
    assert "4711004" not in said


def test_a_secret_in_a_variable_of_the_environment_is_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROSA_MAIL__PASWORD", CANARY)
    assert CANARY not in refused(tmp_path, "")
    monkeypatch.delenv("PROSA_MAIL__PASWORD")
    monkeypatch.setenv("PROSA_MAIL", CANARY)
    assert CANARY not in refused(tmp_path, "")


def test_a_private_key_in_the_place_of_its_file_is_not_shown() -> None:
    pem = f"-----BEGIN PRIVATE KEY-----\n{CANARY}\n-----END PRIVATE KEY-----"
    temporal = {"address": "c:1", "tls": True, "tls_certificate": pem, "tls_key": pem}
    with pytest.raises(SettingsError) as error:
        read(Settings.model_validate({"temporal": temporal}))
    assert "temporal.tls_certificate: expected secret://NAME or a path" in str(error.value)
    assert CANARY not in str(error.value)


def test_every_key_that_is_called_a_secret_says_so_in_its_docstring() -> None:
    plug_ins: list[Any] = [*(channels[name] for name in channels), *(erps[name] for name in erps)]
    models: set[type[BaseModel]] = {Settings, *(one.Settings for one in plug_ins)}
    wrong = [
        f"{model.__name__}.{name}"
        for model in all_models(models)
        for name, field in model.model_fields.items()
        if NAMED_AS_SECRET.search(name) and name not in OPEN and CONFIDENTIAL not in (field.description or "")
    ]
    assert wrong == []


def refused(folder: Path, written: str) -> str:
    file = folder / "prosa.toml"
    file.write_text(written)
    with pytest.raises(SettingsError) as error:
        load(file)
    return str(error.value)


def all_models(models: set[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    """Yield *models* and those in their fields."""
    for model in models:
        yield model
        yield from all_models({one for field in model.model_fields.values() for one in inside(field.annotation)})


def inside(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from inside(argument)
