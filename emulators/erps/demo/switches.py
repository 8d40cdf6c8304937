"""What the Demo ERP does wrong on demand, set through `/control/switches`."""

from typing import Annotated, ClassVar

from pydantic import Field

from emulators.switchboard import Faults


class Switches(Faults):
    """Faults of requests to `/api/`.

    Of `down`, `error_500` and `html` the first that is on wins, and nothing of the request is carried out.
    """

    resets: ClassVar[str] = "reset_after_write"

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

    A key seen before stores nothing, and is answered.
    """
