"""What the provider does wrong on demand, set through `/control/switches`."""

from typing import Annotated, ClassVar

from pydantic import Field

from emulators.switchboard import Faults


class Switches(Faults):
    """Faults of `POST /messages`.

    Of `fail_500`, `rate_limit` and `refuse` the first that is on wins, and the message is not taken.
    """

    resets: ClassVar[str] = "drop_after_accept"

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

    """
