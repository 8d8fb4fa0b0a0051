"""Log lines: one JSON object each, on standard error, with nothing in them that a caller or an upstream chose.

Our own lines are structlog events with fields picked by hand. Libraries' lines are reduced to their message template:
the arguments may hold paths, and a traceback may quote data.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import TextIO, cast

import structlog

from sidecar.observe import Lines, redact_event

_LEVELS = logging.getLevelNamesMapping()


class TemplateFormatter(logging.Formatter):
    """A library's log record as JSON: when, who, how bad, and the message before its arguments are filled in."""

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[0] if record.exc_info else None
        line = {
            "event": str(record.msg),
            "logger": record.name,
            "level": record.levelname.lower(),
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        }
        if error is not None:
            line["error"] = error.__name__
        return json.dumps(line)


def configure_logs(level: str = "info") -> Lines:
    """Set up logging for the process; `level` is the least severe that is written. Close what it returns last of all:
    only then is every line written."""
    lines = Lines(sys.stderr)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            redact_event,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(file=cast(TextIO, lines)),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(TemplateFormatter())
    logging.basicConfig(handlers=[handler], level=max(_LEVELS["WARNING"], _LEVELS[level.upper()]), force=True)
    return lines
