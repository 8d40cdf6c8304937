"""Authors' patterns, in RE2's syntax: matching always takes linear time."""

from typing import Any, Final, cast

import re2

from domain.limits import LIMITS

_RE2: Final = cast("Any", re2)  # the package has no types
_QUIET: Final = _RE2.Options()
_QUIET.log_errors = False


def fits(pattern: str, text: str) -> bool:
    """Whether the whole *text* fits *pattern*; longer texts than the limit never do."""
    return len(text.encode()) <= LIMITS.pattern_input and bool(_RE2.fullmatch(pattern, text, _QUIET))


def mistake(pattern: str) -> str | None:
    """Return the mistake in *pattern*; None when it has none."""
    if len(pattern.encode()) > LIMITS.pattern_source:
        return f"the pattern has more than {LIMITS.pattern_source} bytes"
    try:
        _RE2.compile(pattern, _QUIET)
    except _RE2.error as error:
        return f"the pattern is not readable: {_said(error)}"
    return None


def _said(error: Exception) -> str:
    said: object = error.args[0] if error.args else error
    return said.decode(errors="replace") if isinstance(said, bytes) else str(said)
