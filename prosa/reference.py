"""`make docs`: the reference pages under `docs/reference/`, written from the code."""

from pathlib import Path
from typing import Final

from prosa import reference_cards, reference_commands, reference_stories

FOLDER: Final = Path(__file__).parent.parent / "docs" / "reference"
MADE: Final = "<!-- made by `make docs` from the code: change it there -->\n"


def pages() -> dict[str, str]:
    """Return every page by the name of its file."""
    written = {
        "cards.md": reference_cards.cards_page(),
        "answers.md": reference_cards.answers_page(),
        "stories.md": reference_stories.page(),
        "commands.md": reference_commands.page(),
    }
    return {name: f"{MADE}\n{text.rstrip()}\n" for name, text in written.items()}


def main() -> None:
    """Write the pages, and delete those that are made no more."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    made = pages()
    for old in FOLDER.glob("*.md"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
