"""Links between pages lead somewhere, and every page can be reached from the index."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.docs.pages import DOCS, INDEX, ROOT, each_page, prose

LINK = re.compile(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def links(page: Path) -> Iterator[tuple[str, Path, str]]:
    """Return each link to a place of ours as it is written, with its file and its heading."""
    for found in LINK.finditer(prose(page)):
        written = found[1] or found[2]
        if not re.match(r"[a-z]+:", written):
            file, _, heading = written.partition("#")
            yield written, (page.parent / file).resolve() if file else page, heading


def headings(page: Path) -> set[str]:
    """Return the headings as hosting sites name them in links."""
    said = (heading.replace("`", "").lower() for heading in HEADING.findall(prose(page)))
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in said}


def dead(page: Path) -> list[str]:
    return [
        written
        for written, file, heading in links(page)
        if not file.exists() or (heading and heading not in headings(file))
    ]


@each_page
def test_every_link_leads_somewhere(page: Path) -> None:
    assert dead(page) == []


def test_a_link_to_nowhere_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# One `two`, three\n[a](#one-two-three) [b](#four) [c](five.md) ![d](https://six.example)", "utf-8"
    )
    assert dead(page) == ["#four", "five.md"]


def test_every_page_can_be_reached_from_the_index() -> None:
    reached, waiting = {INDEX}, [INDEX]
    while waiting:
        for _, file, _ in links(waiting.pop()):
            if file.suffix == ".md" and file.exists() and file not in reached:
                reached.add(file)
                waiting.append(file)
    missing = {page.relative_to(ROOT).as_posix() for page in DOCS.rglob("*.md")} - {
        page.relative_to(ROOT).as_posix() for page in reached
    }
    assert missing <= {"docs/adr/0000-template.md"}
