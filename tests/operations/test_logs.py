"""Logs are one JSON line a record and say nothing of a person."""

import json
import logging
import sys

from caseflow.operations.logs import JsonLines


def record(message, *args, error=None):
    made = logging.LogRecord("caseflow.test", logging.ERROR, __file__, 1, message, args, error)
    return json.loads(JsonLines().format(made))


def test_a_message_cannot_forge_a_second_line():
    said = record("first\nsecond \x1b[31m \u202e end")
    assert "\n" not in said["message"]
    assert "\x1b" not in said["message"]
    assert "\u202e" not in said["message"]


def test_an_error_keeps_its_class_and_place_and_loses_its_text():
    try:
        raise ValueError("35202-1234567-1")
    except ValueError:
        said = record("it failed", error=sys.exc_info())
    assert said["error"] == "ValueError"
    assert said["place"].startswith("test_logs.py:")
    assert "35202" not in json.dumps(said)
