import asyncio
from pathlib import Path

import pytest

from domain.errors import SettingsError
from prosa.up import entry_flows
from runtime import settings
from tests.prosa.conftest import COLOR, HELLO, Prosa


@pytest.fixture(autouse=True)
def database(prosa: Prosa) -> None:
    assert prosa("db", "upgrade").exit_code == 0


def test_what_was_never_published_is_published_once() -> None:
    assert prepared().startswith("published color 1 (")
    assert prepared() == "2 published, as in the files"


def test_a_file_that_differs_is_named_with_the_command_and_not_published(prosa: Prosa, folder: Path) -> None:
    prepared()
    (folder / "flows" / "color.yaml").write_text(COLOR.replace("Cor?", "Qual cor?"), encoding="utf-8")
    said = prepared()
    assert "color differs from what is published: `prosa flow publish color`" in said
    assert prepared() == said


def test_a_missing_entry_flow_is_named_with_its_account(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROSA_ACCOUNTS__SITE__FLOW", "helo")
    with pytest.raises(SettingsError, match=r"accounts.site.flow: flow 'helo' is not published(?s:.)*color, hello"):
        prepared()


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ('says = ["promo"]\nflow = "helo"', r"accounts.site.entries.1.flow: flow 'helo' is not published"),
        ('says = ["promo", "Promo!"]\nflow = "hello"', r"entries.1.says: 'Promo!' is there already, as 'promo'"),
        ('mentions = ["!"]\nflow = "hello"', r"entries.1.mentions: '!' has no word in it"),
        ('missed_call = true\nflow = "color"\ninputs = {shade = 1}', r"entries.1.inputs: flow 'color' has no variable"),
        ('missed_call = true\nflow = "color"\ninputs = {chosen = [1]}', r"input 'chosen': expected text, found list"),
    ],
)
def test_a_way_in_that_leads_nowhere_is_named_with_its_key(
    prosa: Prosa, folder: Path, entry: str, sentence: str
) -> None:
    with (folder / "prosa.toml").open("a", encoding="utf-8") as file:
        file.write(f"[[accounts.site.entries]]\n{entry}\n")
    with pytest.raises(SettingsError, match=sentence):
        prepared()
    checked = prosa("flow", "check")
    assert "accounts.site.entries.1" in checked.output


@pytest.mark.parametrize("mark", ["", 'says = ["promo"]\nmissed_call = true'])
def test_a_way_in_has_one_mark(folder: Path, mark: str) -> None:
    with (folder / "prosa.toml").open("a", encoding="utf-8") as file:
        file.write(f'[[accounts.site.entries]]\nflow = "hello"\n{mark}\n')
    with pytest.raises(SettingsError, match=r"accounts.site.entries.1: (?s:.)*expected one of says, mentions"):
        settings.load()


def test_a_file_with_mistakes_is_named_and_keeps_nothing_else_from_working(folder: Path) -> None:
    prepared()
    (folder / "flows" / "hello.yaml").write_text("spec: 1\nflow: hello\n", encoding="utf-8")
    assert "hello.yaml has mistakes: `prosa flow check` lists them" in prepared()


def test_an_entry_flow_with_mistakes_is_not_published(folder: Path) -> None:
    (folder / "flows" / "hello.yaml").write_text(HELLO.replace("flow: color", "flow: colour"), encoding="utf-8")
    with pytest.raises(
        SettingsError, match=r"'hello' is not published(?s:.)*mistakes in hello.yaml: `prosa flow check`"
    ):
        prepared()


def test_a_flow_that_calls_one_with_mistakes_is_left_out_and_keeps_nothing_else_from_working(folder: Path) -> None:
    broken = HELLO.replace("flow: hello", "flow: broken").replace(
        "card: run_flow, flow: color", "card: notify, to: nobody, text: a"
    )
    calling = HELLO.replace("flow: hello", "flow: calling").replace("flow: color", "flow: broken")
    (folder / "flows" / "broken.yaml").write_text(broken, encoding="utf-8")
    (folder / "flows" / "calling.yaml").write_text(calling, encoding="utf-8")
    said = prepared()
    assert said.startswith("published color 1 (")
    assert "broken.yaml has mistakes" in said
    assert "calling is left out: it calls a flow that has mistakes" in said
    assert "published" not in prepared()


def prepared() -> str:
    return asyncio.run(entry_flows.prepare(settings.load()))
