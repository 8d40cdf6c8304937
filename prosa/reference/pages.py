"""`make docs`: the reference under `docs/reference/`, pages and pictures, made from the code."""

from typing import Final

from prosa.reference import commands, drawings, language
from runtime.source import ROOT

FOLDER: Final = ROOT / "docs" / "reference"
MADE: Final = "<!-- made by `make docs` from the code: change it there -->\n"


def pages() -> dict[str, str]:
    """Return every page by the name of its file."""
    written = {
        **language.pages(),
        "commands.md": commands.page(),
        "flows.md": drawings.page(),
    }
    return {name: f"{MADE}\n{text.rstrip()}\n" for name, text in written.items()}


def files() -> dict[str, bytes]:
    """Return everything of the folder, by name: the pages, and their pictures."""
    return {name: text.encode() for name, text in pages().items()} | drawings.files()


def written() -> dict[str, bytes]:
    """Return the files of the folder, by name."""
    found = sorted([*FOLDER.rglob("*.md"), *FOLDER.rglob("*.svg")])
    return {file.relative_to(FOLDER).as_posix(): file.read_bytes() for file in found}


def main() -> None:
    """Write the folder, and delete obsolete files."""
    made = files()
    for name in written():
        if name not in made:
            (FOLDER / name).unlink()
    for name, content in made.items():
        (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / name).write_bytes(content)
