"""The pages that people read, and what stands on them."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parent.parent.parent
DOCS: Final = ROOT / "docs"
INDEX: Final = DOCS / "README.md"
HOW_TO: Final = DOCS / "how-to"
PAGES: Final = sorted(
    [*DOCS.rglob("*.md"), *(ROOT / f"{name}.md" for name in ("README", "ARCHITECTURE", "CONTRIBUTING"))]
)

_FENCE: Final = re.compile(r"^```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
_SPAN: Final = re.compile(r"`([^`\n]+)`")
_COMMAND: Final = re.compile(r"([A-Z_]+=\S+ )*prosa ")
_ENDS: Final = frozenset({"|", "&", ";", "&&", "||", ">"})

each_page: Final = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())


def blocks(page: Path, *kinds: str) -> list[str]:
    """Return the fenced blocks of one of *kinds*; the kind of a block that names none is empty."""
    return [found["text"] for found in _FENCE.finditer(page.read_text("utf-8")) if found["kind"] in kinds]


def prose(page: Path) -> str:
    """Return the page without its fenced blocks."""
    return _FENCE.sub("", page.read_text("utf-8"))


def commands(page: Path) -> Iterator[list[str]]:
    """Return the arguments of each `prosa ...` on a page, in blocks and in sentences."""
    shown = [line for block in blocks(page, "", "console", "sh", "bash") for line in block.splitlines()]
    shown += [span for span in _SPAN.findall(prose(page)) if _COMMAND.match(span)]
    for line in shown:
        words = _words(line.removeprefix("$ "))
        for place, word in enumerate(words):
            if word == "prosa" or word.endswith("/bin/prosa"):
                rest = words[place + 1 :]
                yield rest[: next((end for end, one in enumerate(rest) if one in _ENDS), len(rest))]


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line, comments=True)
    except ValueError:  # what a command answers, not what one types
        return []
