from pathlib import Path

import pytest

from tests.prosa.conftest import Prosa


@pytest.mark.parametrize(
    ("form", "beginning"), [("svg", b"<svg xmlns"), ("png", b"\x89PNG\r\n"), ("html", b"<!doctype html>")]
)
def test_a_flow_is_drawn_into_a_file_of_each_form(prosa: Prosa, folder: Path, form: str, beginning: bytes) -> None:
    done = prosa("flow", "draw", "hello", "-o", f"hello.{form}")
    assert done.stdout == f"✔ hello.{form}\n"
    assert (folder / f"hello.{form}").read_bytes().startswith(beginning)


def test_a_drawing_links_to_the_flows_that_it_calls_and_is_the_same_each_time(prosa: Prosa, folder: Path) -> None:
    prosa("flow", "draw", "hello", "-o", "hello.svg")
    first = (folder / "hello.svg").read_bytes()
    assert b'<a href="color.svg">' in first
    prosa("flow", "draw", "flows/hello.yaml", "--output", "hello.svg")
    assert (folder / "hello.svg").read_bytes() == first


def test_words_of_the_drawing_are_in_the_language_asked_for(prosa: Prosa, folder: Path) -> None:
    for language, word in (("en", ">Question<"), ("pt-BR", ">Pergunta<")):
        prosa("flow", "draw", "color", "-o", "color.svg", "--language", language)
        assert word in (folder / "color.svg").read_text(encoding="utf-8")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["hello", "-o", "hello.pdf"], "hello.pdf"),
        (["flows", "-o", "x.svg"], "expected one flow, found 2"),
        (["hello", "-o", "nowhere/x.svg"], "no such file"),
        (["nothing", "-o", "x.svg"], "nothing"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(prosa: Prosa, arguments: list[str], said: str) -> None:
    done = prosa("flow", "draw", *arguments)
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.replace("│", " ").split())
