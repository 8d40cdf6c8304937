"""Structured logs: one JSON object a line, bound to conversation, card and seq, personal data masked."""

import logging
import re
import sys
from collections.abc import Mapping
from typing import Any, Final, cast

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

from runtime import log_bounds
from runtime.sections import LogSection
from runtime.shown import harmless, json_text, one_line

_APART: Final = r"(?<![0-9A-Za-z]){}(?![0-9A-Za-z])"
_GAP: Final = r"[ .\-/]{0,3}"
_DASH: Final = "[ .-]?"
_EMAIL: Final = r"[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"
_OURS: Final = "|".join(
    (
        _APART.format("(?=[0-9]*[a-f])[0-9a-f]{16,}"),  # ids of events and files, hashes
        _APART.format("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"),  # Temporal's run ids
        _APART.format("20[0-9]{6}-[0-9]{6}"),  # protocol numbers
    )
)
_NUMBERS: Final = (
    # CNPJ, in digits and (from July 2026) with letters, where blanks would join words into numbers.
    _APART.format(f"[0-9]{{2}}{_GAP}[0-9]{{3}}{_GAP}[0-9]{{3}}{_GAP}[0-9]{{4}}{_GAP}[0-9]{{2}}"),
    _APART.format(
        r"(?=[A-Za-z./]{0,14}[0-9][0-9A-Za-z./]{0,16}-?[0-9]{2}(?![0-9A-Za-z]))"
        r"[0-9A-Za-z]{2}\.?[0-9A-Za-z]{3}\.?[0-9A-Za-z]{3}/?[0-9A-Za-z]{4}-?[0-9]{2}"
    ),
    # CPF
    f"(?<![0-9])[0-9]{{3}}{_GAP}[0-9]{{3}}{_GAP}[0-9]{{3}}{_GAP}[0-9]{{2}}(?![0-9])",
    # Phones: of any country, of Brazil, of Brazil without area, and whatever else may be one (E.164).
    r"\+[0-9][0-9 ().-]{6,18}[0-9](?![0-9])",
    rf"(?<![0-9])(?:55{_DASH})?\(?0?[1-9][0-9]\)?{_DASH}9?{_DASH}[0-9]{{4}}{_DASH}[0-9]{{4}}(?![0-9])",
    "(?<![0-9])9[0-9]{4}[ -][0-9]{4}(?![0-9])",
    "(?<![0-9])[0-9]{10,15}(?![0-9])",
)
_MASKED: Final = re.compile(f"(?P<email>{_EMAIL})|(?P<ours>{_OURS})|{'|'.join(_NUMBERS)}")
_IDENTIFIERS: Final = frozenset(
    {
        "conversation",
        "message_id",
        "workflow",
        "workflow_id",
        "version",
        "protocol",
        "run_id",
        "timestamp",
        "key",
    }
)


def mask(text: str) -> str:
    """Return *text* with everything like a CPF, CNPJ, phone or e-mail replaced, its last digits kept.

    Our own names of things (hashes, run ids, protocol numbers) are left as they are.
    """
    return _MASKED.sub(_hide, text)


def configure(section: LogSection, process: str) -> None:
    """Set up logging for this process, standard library's included; *process* is on every line."""
    renderer: Any = (
        structlog.processors.JSONRenderer(serializer=_spelled)
        if section.format == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    shown: list[Any] = [] if section.format == "json" else [_harmless_values]
    before: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        log_bounds.before_masking,
        _mask_values,
        *shown,
        log_bounds.after_masking,
    ]
    structlog.configure(
        processors=[*before, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[section.level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(process=process)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=before))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[section.level]))


def logger() -> FilteringBoundLogger:
    """Return the logger of the calling module."""
    return structlog.get_logger()


def _mask_values(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    for key, value in event.items():
        if key not in _IDENTIFIERS and not key.startswith("_"):  # `_record` is structlog's own
            event[key] = _masked(value)
    return event


def _spelled(event: EventDict, **_: Any) -> str:
    return json_text(event)


def _harmless_values(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Keep every value on its line, but tracebacks."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = harmless(value) if key in log_bounds.TRACEBACKS else one_line(value)
    return event


def _masked(value: object) -> object:
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if mask(str(value)) == str(value) else mask(str(value))
    if isinstance(value, Mapping):
        items = cast("Mapping[object, object]", value).items()
        return {mask(str(key)): _masked(inner) for key, inner in items}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(inner) for inner in cast("list[object]", value)]
    return mask(value if isinstance(value, str) else repr(value))


def _hide(found: re.Match[str]) -> str:
    if found["ours"]:
        return found["ours"]
    return "•••@•••" if found["email"] else f"•••{found[0][-2:]}"
