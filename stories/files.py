"""Story files: where they are, and the stories in them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from domain.errors import FlowError
from domain.suggestion import nearest_or_all
from runtime.settings import Settings
from stories.reader import StoryFile, read_stories
from usecases import flow_files

FOLDER: Final = "stories"
"""The folder of stories, beside the flows."""


def stories(settings: Settings, given: Iterable[str] = ()) -> list[StoryFile]:
    """Return the stories *given*: files, folders, or names of flows; all beside the flows when none is.

    FlowError for what is neither, when there are none, and for every mistake in the files.
    """
    beside = flow_files.directory(settings) / FOLDER
    paths = list(given)
    found = [story for one in paths for story in _stories(beside, one)] if paths else _read(_below(beside))
    if not found:
        raise FlowError(f"expected stories in {', '.join(paths) or beside}, found none")
    return found


def _stories(beside: Path, given: str) -> list[StoryFile]:
    path = Path(given)
    if path.is_dir():
        return _read(_below(path / FOLDER if (path / FOLDER).is_dir() else path))
    if path.is_file():
        return _read([path])
    everything = _read(_below(beside))
    if named := [story for story in everything if story.story.flow == given]:
        return named
    known = nearest_or_all(given, sorted({story.story.flow for story in everything}))
    raise FlowError(f"{given!r}: expected a file, a folder, or a flow that has stories in {beside}{known}")


def _below(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.yaml")) if folder.is_dir() else []


def _read(paths: Iterable[Path]) -> list[StoryFile]:
    found: list[StoryFile] = []
    mistakes: list[str] = []
    for path in paths:
        try:
            found += read_stories(flow_files.content(path), _near(path))
        except FlowError as error:
            mistakes.append(str(error))
    if mistakes:
        raise FlowError("\n".join(mistakes))
    return found


def _near(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
