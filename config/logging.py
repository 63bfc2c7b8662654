"""Structured logs. Values under a key that starts with ``pii_`` never leave the machine."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog


def hide_personal_data(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Structlog processor: keep the key, drop the value."""
    for key in event:
        if key.startswith("pii_"):
            event[key] = "***"
    return event


def set_up(role: str, level: str = "INFO") -> None:
    """One JSON object a line on stderr; the supervisor keeps it in ``log/<role>.log``."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # Without the frames' variables: they hold callers' numbers and passwords.
            structlog.processors.ExceptionRenderer(
                structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
            ),
            hide_personal_data,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(role=role)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
