"""Bounds of a log line: nobody outside decides how much is written."""

from typing import Any, Final

from structlog.typing import EventDict, WrappedLogger

from runtime.shown import json_text

LINE: Final = 1_024
"""Bytes of a line, tracebacks apart."""
TRACEBACKS: Final = frozenset({"exception", "stack"})
_TRACEBACK: Final = 16 * 1024
"""Characters of a traceback that are kept: its end, where the error stands."""
_VALUE: Final = 2_000
"""Characters of a value that are looked at."""
_TORN: Final = 80
"""Characters before a cut that may be half a number or half an address, which no mask recognises."""
_CUT: Final = "_cut"
_LEAST: Final = 16


def before_masking(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Shorten long values, so that masking them takes no time."""
    cut: list[str] = []
    for key, value in event.items():
        if key in TRACEBACKS:
            event[key] = str(value)[-_TRACEBACK:]
        elif not key.startswith("_") and len(text := _text(value)) > _VALUE:
            event[key] = text[:_VALUE]
            cut.append(key)
    event[_CUT] = cut
    return event


def after_masking(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Drop what a cut has torn; then halve the longest value until the line is short enough."""
    for key in event.pop(_CUT):
        event[key] = f"{event[key][:-_TORN]}…"
    while _size(event) > LINE:
        texts = {key: _text(value) for key, value in _shown(event).items()}
        longest = max(texts, key=lambda key: len(json_text(texts[key])))
        if len(texts[longest]) < _LEAST:
            break
        event[longest] = f"{texts[longest][: len(texts[longest]) // 2]}…"
    return event


def _text(value: object) -> str:
    return value if isinstance(value, str) else json_text(value)


def _shown(event: EventDict) -> dict[str, Any]:
    return {key: value for key, value in event.items() if key not in TRACEBACKS and not key.startswith("_")}


def _size(event: EventDict) -> int:
    return len(json_text(_shown(event)).encode()) + 1  # its line feed
