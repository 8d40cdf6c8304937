"""Priorities, as flows write them: one of the four, or a text that turns out to be one."""

from typing import Annotated, Final, get_args

from pydantic import AfterValidator

from domain.conversation import Priority
from domain.errors import FlowError
from domain.events.steps import PrioritySet
from domain.fields import Template
from domain.suggestion import nearest_or_all
from flows.conversation import Conversation
from flows.expressions.values import shape

PRIORITIES: Final[tuple[Priority, ...]] = get_args(Priority)


def _written(text: str) -> str:
    if "{{" not in text and text not in PRIORITIES:
        raise ValueError(f"{text!r} is no priority{nearest_or_all(text, PRIORITIES)}")
    return text


WrittenPriority = Annotated[Template, AfterValidator(_written)]
"""A priority, or a text with an expression that gives one."""


def set_priority(conversation: Conversation, written: str) -> None:
    """Give *conversation* the priority that *written* says; FlowError when it says none."""
    priority = conversation.render(written).strip().lower()
    if priority not in PRIORITIES:
        raise FlowError(f"expected one of {', '.join(PRIORITIES)}, found {shape(priority)}")
    if priority != conversation.priority:
        conversation.record(PrioritySet(priority=priority))
