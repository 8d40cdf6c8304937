import json
from pathlib import Path

import pytest

from tests.prosa.conftest import Prosa

RIGHT = """
story: a color is told
flow: hello
talk:
  - contact: hi
  - bot: Olá
  - bot: Cor?
  - contact: red
  - ended: completed
"""

WRONG = """
flow: color
stories:
  - story: the color is asked otherwise
    talk:
      - contact: hi
      - bot: Qual cor?
  - story: nobody answers
    talk:
      - contact: hi
      - bot: Cor?
      - silence: 5m
      - ended: completed
"""


CLOCK = "spec: 1\nflow: clock\ncards:\n" + "".join(
    f"  - {{id: h{hour}, card: send_message, text: tick}}\n" for hour in range(1, 13)
)


@pytest.fixture
def stories(folder: Path) -> Path:
    beside = folder / "flows" / "stories"
    beside.mkdir()
    (beside / "right.yaml").write_text(RIGHT, encoding="utf-8")
    return beside


def test_stories_that_pass_say_what_they_reached(prosa: Prosa, folder: Path, stories: Path) -> None:
    (folder / "flows" / "clock.yaml").write_text(CLOCK, encoding="utf-8")
    done = prosa("flow", "test", "--report", "coverage.html")
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert [line.split() for line in lines[1:4]] == [
        ["clock", "0/12", "0/12", "-", "-", "-"],
        ["color", "1/1", "1/3", "-", "-", "0/1"],
        ["hello", "2/2", "2/2", "-", "-", "-"],
    ]
    assert lines[4:6] == ["• no story reaches in clock:", "    card      h1   flows/clock.yaml:4"]
    assert lines[15:19] == [
        "    and 2 more: --all names them",
        "• no story reaches in color:",
        "    exit      ask.invalid    flows/color.yaml:13",
        "    exit      ask.no_answer  flows/color.yaml:13",
    ]
    assert lines[-2].startswith("1 stories: 1 passed")
    assert "a color is told" in Path("coverage.html").read_text(encoding="utf-8")


def test_a_story_that_fails_shows_the_first_difference_whichever_process_played_it(
    prosa: Prosa, folder: Path, stories: Path
) -> None:
    (stories / "wrong.yaml").write_text(WRONG, encoding="utf-8")
    (folder / "flows" / "clock.yaml").write_text(CLOCK, encoding="utf-8")
    done = prosa("flow", "test", "--processes", "2", "--all")
    assert done.exit_code == 1, done.output
    assert done.stdout.splitlines()[:4] == [
        "✘ the color is asked otherwise  flows/stories/wrong.yaml:7",
        "    contact  hi",
        "  > expected Qual cor?",
        "  > found    Cor?",
    ]
    assert "3 stories: 2 passed, 1 failed" in done.stdout
    assert "    card      h12  flows/clock.yaml:15" in done.stdout.splitlines()


def test_programs_read_outcomes_in_the_order_of_the_files(prosa: Prosa, stories: Path) -> None:
    (stories / "wrong.yaml").write_text(WRONG, encoding="utf-8")
    done = prosa("flow", "test", "color", "--format", "json")
    assert done.exit_code == 1
    said = json.loads(done.stdout)
    assert [(one["story"], one["passed"], one["found"]) for one in said["stories"]] == [
        ("the color is asked otherwise", False, "Cor?"),
        ("nobody answers", True, None),
    ]
    assert said["coverage"] == {
        "color": {
            "cards": {"all": 1, "reached": 1, "missed": []},
            "exits": {"all": 3, "reached": 1, "missed": ["ask.answered", "ask.invalid"]},
            "options": {"all": 0, "reached": 0, "missed": []},
            "reminders": {"all": 0, "reached": 0, "missed": []},
            "timeouts": {"all": 1, "reached": 1, "missed": []},
        }
    }


def test_what_cannot_be_played_is_named(prosa: Prosa, folder: Path, stories: Path) -> None:
    (folder / "other.yaml").write_text(RIGHT.replace("flow: hello", "flow: helo"), encoding="utf-8")
    (folder / "broken.yaml").write_text(RIGHT.replace("contact: hi", "contakt: hi"), encoding="utf-8")
    (folder / "empty").mkdir()
    for given, said in {
        "other.yaml": "other.yaml:2: there is no flow 'helo' that can be read, did you mean 'hello'?",
        "broken.yaml": "broken.yaml:5: step 1: unknown step 'contakt', did you mean 'contact'?",
        "colour": "'colour': expected a file, a folder, or a flow that has stories in",
        "empty": "expected stories in",
    }.items():
        done = prosa("flow", "test", given)
        assert done.exit_code == 2
        assert said in done.stderr
