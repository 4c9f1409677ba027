"""Logs as one JSON object a line, without a person's data.

An exception's text may hold what somebody typed, so only its class and its place are written; line breaks, terminal
codes and direction controls in a message cannot forge a second line.
"""

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from typing import Any

_ODD = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class JsonLines(logging.Formatter):
    """Formats a record: time (UTC), level, logger, message, and for an error its class and place."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON."""
        said: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _ODD.sub(" ", record.getMessage()),
        }
        if record.exc_info and record.exc_info[0]:
            said["message"] = _ODD.sub(" ", str(record.msg))[:80]
            said["error"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])
            if frames:
                said["place"] = f"{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}"
        return json.dumps(said, ensure_ascii=True)


def settings(level: str = "INFO") -> dict[str, Any]:
    """The logging configuration of web server and worker, for `logging.config.dictConfig`."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "caseflow.operations.logs.JsonLines"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {
            "caseflow": {"level": level},
            "huey": {"level": "ERROR"},
            "gunicorn.error": {"level": "WARNING", "handlers": ["stderr"], "propagate": False},
            "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
        },
    }
