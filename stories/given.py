"""The answers of connections in a story."""

from typing import Annotated, Any, Final, Literal, cast

from pydantic import BeforeValidator, ConfigDict, Field, JsonValue, ValidationError, WithJsonSchema

from domain.duration import Duration
from domain.model import Written
from domain.people import Place

Outcome = Literal["ok", "not_found", "rejected", "failed"]
QUEUE: Final = "queue"
"""Prefix that names a queue in the place of a connection."""
OUTCOMES: Final = ("not_found", "rejected", "failed")
KEYS: Final = frozenset({"answer", "after"})
CALLS: Final = frozenset({"calls"})


class Reply(Written):
    """One answer of a connection."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    answer: JsonValue = None
    """A value, or one of the words `not_found`, `rejected` and `failed`."""
    after: Duration | None = None
    """How long it takes."""

    @property
    def outcome(self) -> Outcome:
        """How the call ends."""
        return cast("Outcome", self.answer) if self.answer in OUTCOMES else "ok"

    def place(self) -> Place:
        """Return the place in a queue that it gives; ValueError when it gives none."""
        try:
            given = _GivenPlace.model_validate(self.answer)
        except ValidationError:
            written = "{position: 3, estimate: 10m}"
            raise ValueError(f"expected a place in a queue such as {written}, found {self.answer!r}") from None
        return Place(position=given.position, estimate=given.estimate)


class _GivenPlace(Written):
    position: int = Field(default=1, ge=1)
    estimate: Duration | None = None


class Given(Written):
    """The answer of one operation, for every call or call by call."""

    every: Reply | None = None
    """The answer to every call."""
    calls: tuple[Reply, ...] = ()
    """The answers to the first call, the second and so on."""

    def reply(self, number: int) -> Reply | None:
        """Return the answer to call *number*, counted from 1; None when none is given."""
        return self.every or (self.calls[number - 1] if number <= len(self.calls) else None)

    def places(self) -> list[Place]:
        """Return the places in a queue that it gives; ValueError when it gives anything else."""
        return [reply.place() for reply in (self.every, *self.calls) if reply is not None]


def _given(written: Any) -> Any:
    """Read `calls: [...]`, `answer:` with `after:`, or just the value."""
    if isinstance(written, Given):
        return written
    if _has_only(written, CALLS):
        calls = written["calls"]
        if not isinstance(calls, list) or not calls:
            raise ValueError("expected a list under 'calls', one answer for each call")
        return {"calls": [_reply(one) for one in cast("list[Any]", calls)]}
    return {"every": _reply(written)}


def _reply(written: Any) -> Any:
    return written if _has_only(written, KEYS) else {"answer": written}


def _has_only(written: Any, keys: frozenset[str]) -> bool:
    return isinstance(written, dict) and bool(known := cast("dict[str, Any]", written)) and keys.issuperset(known)


Answers = Annotated[Given, BeforeValidator(_given), WithJsonSchema({})]
"""A `Given` as people write it.

A value is the answer to every call; `not_found`, `rejected` and `failed` are the other outcomes.
`{answer: ..., after: 6s}` takes its time, `{calls: [..., ...]}` has one answer for each call.
"""

GivenAnswers = Annotated[dict[str, Answers], Field(default_factory=dict)]
"""By `CONNECTION.OPERATION`; the name of a flow instead, with `failed`, says that it cannot be read.

`queue.NAME: {position: 3, estimate: 10m}` is the conversation's place in a queue; without it, it is next, without an
estimate.
"""
