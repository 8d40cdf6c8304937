"""The standard sentences of a flow, in each language that has a file here."""

from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any, Final

from pydantic import ConfigDict

from domain.model import Written
from flows.tree import read_tree


class Texts(Written):
    """What Prosa says by itself, `{{ expressions }}` allowed, and the words it understands."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    text_too_long: str
    """A message was longer than can be read in one go."""
    choose_one: str
    """An answer is not one of the options; they are shown again."""
    invalid: str
    """An answer is not what the question takes."""
    choose_score: str
    """An answer to a survey is not a score, which goes from `lowest` to `highest`."""
    for_example: str
    """Follows `invalid` when the question gives an example, known here as `example`."""
    apology: str
    """Something went wrong inside; said before a conversation ends for it."""
    after_end: str
    """Answers a thank-you after the end."""
    thanks: tuple[str, ...]
    """Words, phrases and emoji that make up a thank-you."""
    yes: tuple[str, ...]
    """Ways to say yes; the first one labels the button."""
    no: tuple[str, ...]
    """Ways to say no; the first one labels the button."""


def in_language(language: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sentences of *language* with *changes*; only the changes when the language has no file."""
    return {**_LANGUAGES.get(language, {}), **changes}


def languages() -> tuple[str, ...]:
    """Return the languages whose sentences Prosa brings along."""
    return tuple(sorted(_LANGUAGES))


def _read() -> Iterator[tuple[str, Mapping[str, Any]]]:
    for file in sorted(files(__name__).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".yaml"):
            texts = Texts.model_validate(read_tree(file.read_text(encoding="utf-8"), file.name).plain())
            yield file.name.removesuffix(".yaml"), texts.model_dump(mode="json")


_LANGUAGES: Final = dict(_read())
