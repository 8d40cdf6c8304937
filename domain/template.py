"""Templates: messages that a provider has approved, with places for parameters."""

import re
from collections.abc import Mapping
from typing import Final, Literal

from domain.errors import FlowError
from domain.model import Value

Category = Literal["utility", "marketing", "authentication"]
"""Purpose of a template, as providers classify and charge it."""

_PLACE: Final = re.compile(r"\{\{\s*([a-z][a-z0-9_]*|[1-9][0-9]?)\s*\}\}")


class Sending(Value):
    """One use of a template, as a provider takes it."""

    name: str
    """The provider's name for it."""
    language: str
    category: Category
    parameters: dict[str, str]
    """By name; numbers for places that are numbered."""


class MessageTemplate(Value):
    """A message that may be sent when free text may not."""

    name: str
    """The provider's name for it."""
    language: str
    category: Category
    text: str
    """With `{{ name }}` or `{{ 1 }}` where parameters go."""

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of its places, each once, in the order of the text."""
        return tuple(dict.fromkeys(_PLACE.findall(self.text)))

    def filled(self, parameters: Mapping[str, str]) -> tuple[str, Sending]:
        """Return its text with *parameters*, and its form for providers; FlowError when they do not fit its places."""
        if unfit := [*missing(self.parameters, parameters), *unknown(self.parameters, parameters)]:
            raise FlowError(f"template {self.name!r}: {'; '.join(unfit)}")
        plain = {name: " ".join(value.split()) for name, value in parameters.items()}  # providers take no line breaks
        if empty := [name for name, value in plain.items() if not value]:
            raise FlowError(f"template {self.name!r}: parameter {empty[0]!r} is empty, which no provider takes")
        text = _PLACE.sub(lambda place: plain[place[1]], self.text)
        return text, Sending(name=self.name, language=self.language, category=self.category, parameters=plain)


def missing(places: tuple[str, ...], given: Mapping[str, object]) -> list[str]:
    """Return a sentence for each of *places* that is not *given*."""
    return [f"it needs the parameter {name!r}" for name in places if name not in given]


def unknown(places: tuple[str, ...], given: Mapping[str, object]) -> list[str]:
    """Return a sentence for each parameter *given* that has no place."""
    known = f"it has {', '.join(map(repr, places))}" if places else "it has none"
    return [f"it has no parameter {name!r}: {known}" for name in given if name not in places]


def approvable(text: str) -> str:
    """Return *text* when providers could approve it; ValueError says why not."""
    rest = _PLACE.sub("", text)
    if "{" in rest or "}" in rest:
        raise ValueError("expected places as {{ name }} or {{ 1 }}, found other braces")
    names = dict.fromkeys(_PLACE.findall(text))
    numbers = {int(name) for name in names if name.isdecimal()}
    if numbers and (len(numbers) < len(names) or numbers != set(range(1, len(names) + 1))):
        raise ValueError(f"expected places that all have names, or the numbers 1 to {len(names)}, found {list(names)}")
    if not rest.strip():
        raise ValueError("expected words around the places")
    return text
