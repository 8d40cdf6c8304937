"""What the provider does wrong on demand, set through `/control/switches`."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Switches(BaseModel):
    """Faults of `POST /messages`; the defaults are none, so that an empty object mends everything.

    Of `fail_500`, `rate_limit` and `refuse` the first that is on wins, and the message is not taken.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    fail_500: bool = False
    """Answer 500."""

    rate_limit: Annotated[float, Field(ge=0, le=3600)] | None = None
    """Answer 429 with this `Retry-After`, in seconds."""

    refuse: bool = False
    """Answer 400."""

    slow_seconds: Annotated[float, Field(ge=0, le=600)] = 0
    """Hold each answer back this long; the message is taken before: who gives up has sent it."""

    malformed: bool = False
    """Take the message, and answer 200 with half of the JSON."""

    drop_after_accept: Annotated[int, Field(ge=0)] = 0
    """Take each of the next N messages, then reset the connection (TCP RST) instead of answering.

    Counted apart from `times`.
    """

    times: Annotated[int, Field(ge=1)] | None = None
    """The other faults end after this many requests; without it they last until changed."""


class Switchboard:
    """Holds the switches and counts down those that end by themselves; for the event loop's thread only."""

    def __init__(self) -> None:
        self.current = Switches()

    def draw(self) -> Switches:
        """Return the faults of the request that has just come in."""
        drawn = self.current
        if drawn.times == 1:
            self.current = Switches(drop_after_accept=drawn.drop_after_accept)
        elif drawn.times is not None:
            self.current = drawn.model_copy(update={"times": drawn.times - 1})
        return drawn

    def draw_drop(self) -> bool:
        """Return whether the message that has just been taken is one to reset the connection after."""
        left = self.current.drop_after_accept
        if left:
            self.current = self.current.model_copy(update={"drop_after_accept": left - 1})
        return left > 0
