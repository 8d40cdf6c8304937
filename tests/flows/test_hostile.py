"""Files that mean harm, or were written by somebody very tired: each is refused, found, or contained.

The first line of each says what becomes of it: `refused: SENTENCE` by the reader, `found: CODE` by the check,
`contained: ERROR` while it is played.
"""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.errors import FlowError
from domain.limits import LIMITS
from flows.check import Installation, load_and_check
from runtime.sections import FlowsSection
from runtime.settings import Settings
from tests.interpreter.world import World
from usecases import flow_files

FILES = sorted((Path(__file__).parent / "hostile").glob("*.yaml"))
SOUND = """
spec: 1
flow: main
variables: {name: {type: text}}
cards:
  - id: ask
    card: ask_question
    text: "Nome?"
    answer: text
    save_as: name
    timeout: 1h
    exits: {invalid: end, no_answer: end}
  - {id: hi, card: send_message, text: "Oi, {{ name }}"}
"""
HANGS = 20.0
"""Seconds; without the limits the worst of them would take for ever."""


def fate(file: Path) -> tuple[str, str]:
    """Return what is to become of *file*, and with which words."""
    with file.open(encoding="utf-8") as lines:
        what, _, words = lines.readline().removeprefix("# ").strip().partition(": ")
    return what, words


def those(what: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "file", [file for file in FILES if fate(file)[0] == what], ids=lambda file: file.stem
    )


def test_the_corpus_is_as_large_as_promised_and_every_file_has_a_fate() -> None:
    assert len(FILES) >= 60
    assert {fate(file)[0] for file in FILES} == {"refused", "found", "contained"}


@pytest.fixture(autouse=True)
def in_time() -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < HANGS


@those("refused")
def test_what_cannot_be_a_flow_is_refused_with_file_line_and_reason(file: Path) -> None:
    with pytest.raises(FlowError) as caught:
        flow_files.read(file)
    said = str(caught.value)
    assert fate(file)[1] in said
    assert all(line.startswith(f"{file}:") for line in said.splitlines())


@those("found")
def test_what_would_go_wrong_is_found_before_it_is_published(file: Path) -> None:
    _, findings = load_and_check(file.read_text(encoding="utf-8"), file.name, Installation(), {})
    errors = [finding for finding in findings if finding.severity == "error"]
    assert fate(file)[1] in [finding.code for finding in errors]
    assert all(finding.line and finding.remedy for finding in errors)


@those("contained")
async def test_what_goes_wrong_all_the_same_ends_with_an_apology(file: Path) -> None:
    world = World({"main": flow_files.content(file)}, [(0, "oi"), (10, "oi"), (20, "oi")])
    await world.play()
    failed = [event.data["error"] for event in world.events if event.kind == "step_failed"]
    assert fate(file)[1] in failed
    assert ("conversation_ended", "error") in [(event.kind, event.data.get("resolution")) for event in world.events]
    assert len(world.events) < 3 * LIMITS.cards_per_turn * 4
    assert len(world.said) < 3 * LIMITS.messages_per_turn * 5
    assert sum(len(event.model_dump_json()) for event in world.events) < 3 * LIMITS.journal_per_turn * 5
    assert max(len(event.model_dump_json()) for event in world.events) < 2 * LIMITS.variable


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"x: " + b"a" * 5_000_000, f"{LIMITS.flow_file} at most"),
        (b"- " * 2_500_000, f"{LIMITS.flow_file} at most"),
        ("flow: atenção".encode("latin-1"), "expected text in UTF-8, found something else at byte 10"),
        ("flow: main".encode("utf-16"), "expected text in UTF-8, found something else at byte 0"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "expected text in UTF-8, found something else at byte 0"),
        (b"\x00" * 1_000, "not readable as YAML"),
    ],
    ids=["5 MB of text", "5 MB of dashes", "Latin-1", "UTF-16", "a picture", "zeros"],
)
def test_what_is_no_text_or_too_much_of_it_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "flow.yaml"
    file.write_bytes(content)
    with pytest.raises(FlowError, match=said):
        flow_files.read(file)


def test_a_folder_of_them_leaves_what_is_sound_readable(tmp_path: Path) -> None:
    for file in FILES:
        (tmp_path / file.name).write_bytes(file.read_bytes())
    sound = "spec: 1\nflow: sound\ncards:\n  - {id: bye, card: close}\n"
    (tmp_path / "sound.yaml").write_text(sound, encoding="utf-8")
    found = flow_files.readable(Settings(flows=FlowsSection(directory=str(tmp_path))))
    assert set(found) == {"main", "sound"}


async def test_others_are_served_meanwhile() -> None:
    endless = World({"main": flow_files.content(FILES[0].with_name("contained_circle.yaml"))}, [(0, "oi")])
    other = World({"main": SOUND}, [(0, "oi"), (5, "Ana")])
    await asyncio.gather(endless.play(), other.play())
    assert other.said[:2] == ["Nome?", "Oi, Ana"]
