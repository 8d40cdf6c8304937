"""Reports of `prosa up` about a failing program: at once, then once a minute, and when it is back."""

from collections.abc import Callable
from time import monotonic

from rich.markup import escape

from prosa.up.programs import Child

Say = Callable[[str], None]


class FailureReports:
    """Tells the operator about the failures of one program, without repeating itself at every restart."""

    def __init__(self, child: Child, say: Say, *, every: float) -> None:
        """*every* is how many seconds lie between two reports while it keeps failing."""
        self._child = child
        self._say = say
        self._every = every
        self._said_at = 0.0
        self._said_down = False

    def failed(self, why: str, count: int, pause: float) -> None:
        """Report failure number *count* in a row, unless the last report is too young."""
        if count > 1 and monotonic() - self._said_at < self._every:
            return
        self._said_at = monotonic()
        self._said_down = True
        row = "" if count == 1 else f", failure {count} in a row"
        self._say(
            f"[yellow]{escape(why)}{row}; starting it again in {pause:g} s[/]\n"
            f"  [dim]{escape(str(self._child.log))} ends with:\n{escape(self._child.tail(1))}[/]"
        )

    def back(self) -> None:
        """Report that the program is ready, when its last failure was reported."""
        if self._said_down:
            self._said_down = False
            self._say(f"[green]{self._child.program.name} is back[/]")
