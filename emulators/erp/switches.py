"""What the Demo ERP does wrong on demand, set through `/control/switches`."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Switches(BaseModel):
    """Faults of requests to `/api/`; the defaults are none, so that an empty object mends everything.

    Of `down`, `error_500` and `html` the first that is on wins, and nothing of the request is carried out.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    slow_seconds: Annotated[float, Field(ge=0, le=600)] = 0
    """Hold each answer back this long; the request is carried out before: who gives up has written."""

    error_500: bool = False
    """Answer 500 with an error in JSON."""

    down: bool = False
    """Close the connection without one byte of answer."""

    malformed: bool = False
    """Carry the request out, answer 200 with the first half of the JSON."""

    html: bool = False
    """Answer 200 with a login page, as ERPs in the field do when a session or an address is refused."""

    reset_after_write: Annotated[int, Field(ge=0)] = 0
    """Reset the connection (TCP RST) after each of the next N second copies is stored, instead of answering.

    Counted apart from `times`. A key seen before stores nothing, and is answered.
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
            self.current = Switches(reset_after_write=drawn.reset_after_write)
        elif drawn.times is not None:
            self.current = drawn.model_copy(update={"times": drawn.times - 1})
        return drawn

    def draw_reset(self) -> bool:
        """Return whether the write that has just been stored is one to reset the connection after."""
        left = self.current.reset_after_write
        if left:
            self.current = self.current.model_copy(update={"reset_after_write": left - 1})
        return left > 0
