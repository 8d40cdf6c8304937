"""Faults on demand: switches that hold until changed, or end by themselves."""

from typing import Annotated, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field


class Faults(BaseModel):
    """What an emulator does wrong; the defaults are none, so that an empty object mends everything."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    resets: ClassVar[str]
    """Which field counts the connections that are yet to be reset; it is counted apart from `times`."""

    times: Annotated[int, Field(ge=1)] | None = None
    """The other faults end after this many requests; without it they last until changed."""


F = TypeVar("F", bound=Faults)


class Switchboard(Generic[F]):
    """Holds the switches and counts down those that end by themselves; for the event loop's thread only."""

    def __init__(self, none: F) -> None:
        self.current = self._none = none

    def draw(self) -> F:
        """Return the faults of the request that has just come in."""
        drawn = self.current
        if drawn.times == 1:
            self.current = self._none.model_copy(update={drawn.resets: getattr(drawn, drawn.resets)})
        elif drawn.times is not None:
            self.current = drawn.model_copy(update={"times": drawn.times - 1})
        return drawn

    def draw_reset(self) -> bool:
        """Return whether what has just been written is one to reset the connection after."""
        left: int = getattr(self.current, self.current.resets)
        if left:
            self.current = self.current.model_copy(update={self.current.resets: left - 1})
        return left > 0
