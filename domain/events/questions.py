"""Events of questions, and of waiting for messages of the contact."""

from typing import Literal

from pydantic import JsonValue

from domain.events.base import EventData, Moment


class QuestionAnswered(EventData):
    """A question got an answer that it understands."""

    kind: Literal["question_answered"] = "question_answered"
    variable: str | None
    """The variable that keeps the answer, if one does."""
    value: JsonValue
    """The answer, as its kind reads it; masked when the variable is sensitive."""
    attempt: int
    """Number of the attempt, counted from 1."""


class AnswerRefused(EventData):
    """An answer was not understood."""

    kind: Literal["answer_refused"] = "answer_refused"
    attempt: int
    """How many answers to this question have been refused, with this one."""
    reason: str
    """Why, by the name of the standard text."""


class ReminderSent(EventData):
    """A reminder was said to a silent contact."""

    kind: Literal["reminder_sent"] = "reminder_sent"
    number: int
    """Number of the reminder, counted from 1."""


class QuestionTimedOut(EventData):
    """The contact did not answer in time."""

    kind: Literal["question_timed_out"] = "question_timed_out"
    asked_at: Moment
    """When it was asked."""
