"""The options of a question: written down, or one for each element of a list."""

import re
from typing import Annotated, Final

from pydantic import ConfigDict, Field

from domain.errors import FlowError
from domain.fields import Expression, Fillable, Knows, Template
from domain.model import Written
from flows.conversation import Conversation
from flows.expressions.values import kind
from flows.names import Target
from flows.parts.question import Choice

_AS_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")


class FixedOption(Written):
    """One option as the flow's author writes it."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    label: Template
    """Label that the contact reads."""
    value: Fillable = None
    """Stored value; without it, the label."""
    synonyms: tuple[Template, ...] = ()
    """Other words that choose it."""
    if_: Expression | None = Field(default=None, alias="if")
    """Offer it only when this expression holds."""
    go: Target | None = None
    """Where this choice leads; without it, where every answer leads."""

    def id(self, place: int) -> str:
        """Return the option's id: its value when that is short and plain, else its *place*, counted from 1."""
        value = str(self.value) if isinstance(self.value, str | int) else ""
        return value if _AS_ID.fullmatch(value) else str(place)


class OptionsFrom(Written):
    """One option for each element of a list; the element is `item` in the texts."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    each: Expression
    """The list: an expression, without braces."""
    label: Annotated[Template, Knows("item")]
    """Label that the contact reads: `{{ item.number }}, {{ item.amount | money }}`."""
    value: Annotated[Fillable, Knows("item")] = "{{ item }}"
    """Stored value; without it, the whole element."""
    synonyms: tuple[Annotated[Template, Knows("item")], ...] = ()
    """Other words that choose it: `{{ item.number }}`."""
    most: int = Field(default=20, ge=1, le=100)
    """How many to offer at most: the first ones of the list."""


def fixed_choices(options: tuple[FixedOption, ...], conversation: Conversation) -> tuple[Choice, ...]:
    """Return the options to offer now."""
    found: list[Choice] = []
    for place, option in enumerate(options, 1):
        if option.if_ is not None and not conversation.evaluate(option.if_):
            continue
        label = conversation.render(option.label).strip()
        value = label if option.value is None else conversation.fill(option.value)
        synonyms = tuple(conversation.render(synonym) for synonym in option.synonyms)
        found.append(Choice(id=option.id(place), label=label, value=value, synonyms=synonyms))
    return tuple(found)


def listed_choices(source: OptionsFrom, conversation: Conversation) -> tuple[Choice, ...]:
    """Return one option for each element; FlowError when there is no list."""
    items = conversation.evaluate(source.each)
    if not isinstance(items, list):
        raise FlowError(f"options_from expects {source.each!r} to be a list, found {kind(items)}")
    return tuple(
        Choice(
            id=str(place),
            label=conversation.render(source.label, item=item).strip(),
            value=conversation.fill(source.value, item=item),
            synonyms=tuple(conversation.render(synonym, item=item) for synonym in source.synonyms),
        )
        for place, item in enumerate(items[: source.most], 1)
    )
