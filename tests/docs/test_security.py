"""docs/security.md: every file and every test that it names is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ITEMS = [
    [cell.strip() for cell in row.strip("|").split("|")] for row in re.findall(r"^\| \d+\..*\|$", PAGE, re.MULTILINE)
]


def test_every_item_has_a_state_and_a_test_or_says_that_there_is_none() -> None:
    assert len(ITEMS) > 90
    assert {row[2] for row in ITEMS} == {"met", "in part", "not"}
    assert [row[0] for row in ITEMS if len(row) != 5 or not (row[4] == "no test" or row[4].startswith("`tests/"))] == []


def test_every_file_and_test_that_is_named_exists() -> None:
    named = set(re.findall(r"`([a-z_-]+/[A-Za-z0-9_./-]+\.(?:py|js))(?:::(\w+))?`", PAGE))
    assert len(named) > 60
    missing = {file for file, _ in named if not (ROOT / file).is_file()}
    assert missing == set()
    untold = {
        f"{file}::{test}"
        for file, test in named
        if test and f"def {test}(" not in (ROOT / file).read_text(encoding="utf-8")
    }
    assert untold == set()
