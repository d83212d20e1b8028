"""Log lines for collectors."""

from __future__ import annotations

import json
import logging
import sys

from jiangbang.logs import JsonLines


def _record(message: str, *args: object, exc_info: object = None) -> logging.LogRecord:
    return logging.LogRecord("jiangbang.queue", logging.WARNING, __file__, 1, message, args, exc_info)  # type: ignore[arg-type]


def test_a_line_is_one_json_object() -> None:
    line = JsonLines().format(_record("job %s failed\nfor good", 7))
    assert "\n" not in line
    read = json.loads(line)
    assert (read["level"], read["logger"], read["message"]) == (
        "warning",
        "jiangbang.queue",
        "job 7 failed\nfor good",
    )
    assert read["time"].endswith("+00:00")
    assert "error" not in read


def test_an_error_brings_where_it_was_raised() -> None:
    try:
        raise LookupError("nothing there")
    except LookupError:
        line = JsonLines().format(_record("failed", exc_info=sys.exc_info()))
    assert "LookupError: nothing there" in json.loads(line)["error"]
    assert "\n" not in line
