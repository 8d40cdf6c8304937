"""Read stories from a YAML file, or list all mistakes in it, with their lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from pydantic import ValidationError

from domain.errors import FlowError
from domain.suggestion import nearest_or_all
from flows.reading.mistakes import Dialect, mistakes, shown
from flows.reading.tree import Node, read_tree
from stories.steps import ANYTHING, steps
from stories.story import Stories, Story


@dataclass(frozen=True)
class StoryFile:
    """One story, and where it stands."""

    story: Story
    file: str
    line: int
    """Where it begins, counted from 1."""
    lines: tuple[int, ...]
    """Of each step of its talk."""


def read_stories(text: str, file: str) -> list[StoryFile]:
    """Return the stories that *text* says, one or many; FlowError lists every mistake, one a line: `FILE:LINE: ...`."""
    tree = read_tree(text, file)
    if tree.keys is None:
        raise FlowError(f"{file}:{tree.line}: expected a mapping with the keys 'story', 'flow' and 'talk'")
    many = "stories" in tree.keys
    try:
        stories = Stories.model_validate(tree.plain()).each() if many else (Story.model_validate(tree.plain()),)
    except ValidationError as error:
        found = sorted(mistakes(tree, error, _MANY if many else _ONE))
        raise FlowError("\n".join(f"{file}:{line}: {said}" for line, said in found)) from None
    nodes = tree.keys["stories"].items or [] if many else [tree]
    return [StoryFile(story, file, node.line, _lines(node)) for story, node in zip(stories, nodes, strict=True)]


def _lines(story: Node) -> tuple[int, ...]:
    talk = story.child("talk")
    return tuple(step.line for step in (talk.items or ())) if talk else ()


def _story(node: Node, place: int) -> str:
    name = node.child("story")
    return f"story {name.scalar!r}" if name and isinstance(name.scalar, str) else f"story {place + 1} of the list"


def _step(node: Node, place: int) -> str:
    del node
    return f"step {place + 1}"


def _untyped(step: object) -> str:
    key = next(iter(cast("Mapping[str, object]", step)), None) if isinstance(step, Mapping) else None
    if key is None:
        return f"expected a step ({', '.join(steps)}, or {ANYTHING}), found {shown(cast('object', step))}"
    return f"unknown step {key!r}{nearest_or_all(key, steps)}"


_ONE: Final = Dialect(model=Story, lists={"talk": _step}, typed="talk", types=steps, untyped=_untyped)
_MANY: Final = Dialect(
    model=Stories, lists={"stories": _story, "talk": _step}, typed="talk", types=steps, untyped=_untyped
)
