import subprocess
import sys
from pathlib import Path

import pytest

from domain.errors import SettingsError
from runtime import signing
from runtime.secrets import INSTALLATION, former_keys, installation_key, resolve, token
from runtime.settings import Settings
from usecases.doctor.missing_secrets import guessable

MAKE = (
    "import sys, pathlib; from runtime.secrets import installation_key as k; print(k(pathlib.Path(sys.argv[1])).hex())"
)


def test_what_is_not_a_name_of_a_secret_is_taken_as_it_is(tmp_path: Path) -> None:
    assert resolve("plain", tmp_path).get_secret_value() == "plain"


def test_a_secret_comes_from_its_file_without_the_line_end(tmp_path: Path) -> None:
    (tmp_path / "demo_erp").write_text("s3cret ção\n", encoding="utf-8")
    assert resolve("secret://demo_erp", tmp_path).get_secret_value() == "s3cret ção"


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "demo_erp").write_text("file")
    monkeypatch.setenv("PROSA_SECRET_DEMO_ERP", "environment")
    assert resolve("secret://demo_erp", tmp_path).get_secret_value() == "environment"


def test_a_missing_secret_is_told_with_both_places_where_it_was_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError) as refusal:
        resolve("secret://demo_erp", Path("secrets"))
    assert str(refusal.value) == (
        f"secret 'demo_erp': expected the variable PROSA_SECRET_DEMO_ERP or the file {tmp_path}/secrets/demo_erp, "
        "found neither"
    )


@pytest.mark.parametrize("name", ["", "../installation.key", "/etc/passwd", "a/b", ".", "..", "a b", "a\0b"])
def test_a_name_cannot_lead_out_of_the_folder_of_secrets(name: str, tmp_path: Path) -> None:
    (tmp_path / INSTALLATION).write_text("hidden")
    folder = tmp_path / "secrets"
    folder.mkdir()
    with pytest.raises(SettingsError, match="expected letters"):
        resolve(f"secret://{name}", folder)


def test_a_secret_that_is_not_text_is_told_by_its_file_and_not_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "demo").write_bytes(b"hunter2\xff")
    with pytest.raises(SettingsError) as refusal:
        resolve("secret://demo", tmp_path)
    assert str(tmp_path / "demo") in str(refusal.value)
    assert "hunter2" not in str(refusal.value) + repr(refusal.value.__context__ and refusal.value.__cause__)


def test_a_secret_is_not_readable_where_its_holder_is_printed(tmp_path: Path) -> None:
    assert "plain" not in repr(resolve("plain", tmp_path)) + str(resolve("plain", tmp_path))


def test_the_installation_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    key = installation_key(folder)
    assert len(key) == 32
    assert installation_key(folder) == key
    assert installation_key(tmp_path / "other") != key
    assert (folder / INSTALLATION).stat().st_mode & 0o777 == 0o600
    assert [file.name for file in folder.iterdir()] == [INSTALLATION]


def test_processes_that_start_at_once_agree_on_the_installation_key(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    command = [sys.executable, "-c", MAKE, str(folder)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(8)]
    keys = {process.communicate(timeout=60)[0] for process in running}
    assert {process.returncode for process in running} == {0}
    assert len(keys) == 1
    assert keys == {f"{installation_key(folder).hex()}\n"}
    assert [file.name for file in folder.iterdir()] == [INSTALLATION]


def test_the_installation_key_may_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROSA_SECRET_INSTALLATION", "from outside")
    assert installation_key(tmp_path) == b"from outside"
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_installation_key_is_told_and_not_replaced(tmp_path: Path) -> None:
    (tmp_path / INSTALLATION).write_text("not hex")
    with pytest.raises(
        SettingsError, match=r"installation\.key: expected the key of this installation, 64 hex"
    ) as found:
        installation_key(tmp_path)
    assert "not hex" not in str(found.value)
    (tmp_path / INSTALLATION).write_text("")
    with pytest.raises(SettingsError):
        installation_key(tmp_path)


def test_the_keys_behind_the_first_are_former_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new, old = "ab" * 32, "cd" * 32
    (tmp_path / INSTALLATION).write_text(f"{old}\n")
    assert former_keys(tmp_path) == ()
    (tmp_path / INSTALLATION).write_text(f"{new}\n{old}\n")
    assert installation_key(tmp_path) == bytes.fromhex(new)
    assert former_keys(tmp_path) == (bytes.fromhex(old),)
    (tmp_path / INSTALLATION).write_text(f"{new}\nnonsense\n")
    with pytest.raises(SettingsError):
        former_keys(tmp_path)
    monkeypatch.setenv("PROSA_SECRET_INSTALLATION", "new\nold")
    assert (installation_key(tmp_path), former_keys(tmp_path)) == (b"new", (b"old",))


@pytest.mark.parametrize("blank", ["", " \n"])
def test_an_empty_secret_is_none(blank: str, tmp_path: Path) -> None:
    (tmp_path / "wire").write_text(blank)
    with pytest.raises(SettingsError, match=r"the file .*wire is empty: expected a secret"):
        resolve("secret://wire", tmp_path)


def test_a_token_that_can_be_guessed_is_refused(tmp_path: Path) -> None:
    (tmp_path / "short").write_text("x" * 15)
    (tmp_path / "long").write_text("x" * 16)
    assert token("secret://long", tmp_path, "flows.token") == "x" * 16
    assert token("", tmp_path, "flows.token") == ""
    with pytest.raises(SettingsError, match=r"flows\.token: expected 16 characters or more, found 15"):
        token("secret://short", tmp_path, "flows.token")


@pytest.mark.parametrize("secret", ["x" * 15, "whsec_eHh4", "whsec_"])
def test_a_secret_that_can_be_guessed_does_not_sign(secret: str) -> None:
    with pytest.raises(SettingsError, match="16 bytes or more"):
        signing.signed([secret], "id", 0, b"")


def test_the_doctor_names_each_secret_of_ours_that_can_be_guessed(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "wire").write_text("short")
    account = {"channel": "http", "flow": "f", "url": "https://a.example", "secret": ["secret://wire", "x" * 16]}
    settings = Settings.model_validate(
        {
            "data": tmp_path,
            "accounts": {"front": account, "other": {**account, "secret": "secret://nowhere"}},
            "connections": {"billing": {"erp": "demo", "url": "http://127.0.0.1:9", "token": "demo"}},
            "api": {"token": "y", "programs": {"crm": {"token": "z"}}},
        }
    )
    assert sorted((one.table, one.why) for one in guessable(settings)) == [
        ("accounts.front.secret", "has 5 characters, 16 or more are safe"),
        ("api.programs.crm.token", "has 1 characters, 16 or more are safe"),
        ("api.token", "has 1 characters, 16 or more are safe"),
    ]
