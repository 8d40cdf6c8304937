"""`prosa campaign send`: once for each contact, and nothing when a line is wrong."""

import json
from pathlib import Path

import pytest

from tests.prosa.conftest import Prosa


@pytest.fixture(autouse=True)
def contacts(prosa: Prosa, folder: Path) -> Path:
    assert prosa("db", "upgrade").exit_code == 0
    assert prosa("flow", "publish", "--all").exit_code == 0
    file = folder / "contacts.csv"
    file.write_text("address,name,chosen\nana,Ana,azul\nbia,Bia,\n", encoding="utf-8")
    return file


def send(prosa: Prosa, *more: str) -> tuple[int, str]:
    done = prosa("campaign", "send", "contacts.csv", "--account", "site", "--flow", "color", "--rate", "1000/s", *more)
    return done.exit_code, " ".join(done.output.split())


def test_what_was_opened_before_is_not_opened_again(prosa: Prosa, contacts: Path) -> None:
    assert "2 opened" in send(prosa, "--by", "eva")[1]
    contacts.write_text(contacts.read_text(encoding="utf-8") + "caio,Caio,\n", encoding="utf-8")
    code, said = send(prosa)
    assert (code, "1 opened" in said, "2 opened before" in said) == (0, True, True), said
    assert "3 already open: nothing was said 2, 3, 4" in send(prosa, "--name", "another")[1]
    entries = json.loads(prosa("audit", "list", "--format", "json").stdout)
    mine = [(entry["by"], entry["reason"]) for entry in entries if entry["action"] == "conversation open"]
    assert mine.count(("eva", "campaign contacts")) == 2
    assert len(mine) == 3


def test_a_dry_run_opens_nothing(prosa: Prosa, contacts: Path) -> None:
    good = contacts.read_text(encoding="utf-8")
    contacts.write_text(good.replace("ana", "A" * 22).replace("bia", "b" * 22), encoding="utf-8")
    assert send(prosa, "--dry-run")[1] == "✔ 2 contacts, nothing is wrong; nothing was opened"
    assert send(prosa)[1].endswith("2 opened")


def test_who_cannot_be_reached_is_named(prosa: Prosa, contacts: Path) -> None:
    contacts.write_text(contacts.read_text(encoding="utf-8").replace("bia", "b" * 22), encoding="utf-8")
    for more in (["--dry-run"], []):
        said = send(prosa, *more)[1]
        assert "1 of 2 contacts (lines 2) will hear nothing: the channel of 'site', webchat, reaches only" in said
        assert "nothing is wrong" not in said


def test_a_wrong_line_is_named_and_nothing_is_opened(prosa: Prosa, contacts: Path) -> None:
    good = contacts.read_text(encoding="utf-8")
    contacts.write_text(f"{good}ana,Ana,\n", encoding="utf-8")
    code, said = send(prosa)
    assert code == 2
    assert "contacts.csv:4: 'ana' is in line 2 already" in said
    contacts.write_text(good, encoding="utf-8")
    assert "2 opened" in send(prosa)[1]


@pytest.mark.parametrize("wrong", [["--rate", "fast"], ["--template", "hello"], ["--account", "sites"]])
def test_what_does_not_fit_is_refused(prosa: Prosa, wrong: list[str]) -> None:
    assert send(prosa, *wrong)[0] == 2
