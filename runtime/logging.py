"""Structured logs: one JSON object a line, bound to conversation, card and seq, personal data masked."""

import logging
import re
import sys
from typing import Any, Final

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

from runtime.settings import LogSection

_CNPJ: Final = re.compile(r"\b[0-9A-Z]{2}\.?[0-9A-Z]{3}\.?[0-9A-Z]{3}/?[0-9A-Z]{4}-?\d{2}\b")
_CPF: Final = re.compile(r"\b\d{3}\.?\d{3}\.?\d{3}-?\d{2}\b")
_PHONE: Final = re.compile(r"(?<![\w.])\+?(?:55)?\s?\(?\d{2}\)?[\s-]?9?\d{4}[\s-]?\d{4}(?![\w])")
_EMAIL: Final = re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.]+\b")
_IDENTIFIERS: Final = frozenset(
    {
        "conversation",
        "event",
        "event_id",
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
    """Return *text* with what looks like a CPF, CNPJ, phone or e-mail replaced, its last digits kept."""
    text = _EMAIL.sub("•••@•••", text)
    for pattern in (_CNPJ, _CPF, _PHONE):
        text = pattern.sub(lambda found: f"•••{found[0][-2:]}", text)
    return text


def configure(section: LogSection, process: str) -> None:
    """Set up logging for this process, standard library's included; *process* is on every line."""
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if section.format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    before: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _mask_values,
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
    """Return the logger of whoever asks."""
    return structlog.get_logger()


def _mask_values(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    for key, value in event.items():
        if isinstance(value, str) and key not in _IDENTIFIERS:
            event[key] = mask(value)
    return event
