"""Log lines: what happened, in which request and view, with which status. Never an address, a value or a person.

Addresses may hold a capability (an invitation) and what an error says may hold a value (`Key (username)=(…) already exists`), so both are
left out of every line, whoever wrote it: of an address nothing is kept, of an error its type and the places in the program.
"""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """The request that is being answered: its id, and the view that it turns out to be for."""

    id: str
    view: Callable[[], str]


# Not taken back at the end: the framework writes its line on an error after all of ours, and the next request brings its own.
asked: ContextVar[Asked | None] = ContextVar("asked", default=None)


class JsonLines(logging.Formatter):
    """One JSON object a line: time (UTC, ISO 8601), level, logger, message; request, view and code where there is a request; `error` with
    the places of the program where something was raised."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": said(record),
            **circumstances(record),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = "\n".join(places(record.exc_info[1]))
        return json.dumps(line, ensure_ascii=False)


class TextLines(logging.Formatter):
    """The same for people at a terminal: one line, and the places beneath it."""

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created).astimezone()
        around = " ".join(f"{name}={value}" for name, value in circumstances(record).items())
        line = f"{time:%Y-%m-%d %H:%M:%S} {record.levelname} {record.name} {said(record)}"
        below = places(record.exc_info[1]) if record.exc_info and record.exc_info[1] is not None else ()
        return "\n".join([f"{line} [{around}]" if around else line, *below])


def circumstances(record: logging.LogRecord) -> dict[str, object]:
    """In which request, for which view, with which status."""
    now, found = asked.get(), dict[str, object]()
    if now is not None:
        found |= {"request": now.id, "view": now.view()}
    if (code := getattr(record, "status_code", None)) is not None:
        found["code"] = code
    return found


def said(record: logging.LogRecord) -> str:
    """The message, without the addresses that the framework puts into its own."""
    if record.name.startswith("django.") and isinstance(record.args, tuple):
        kept = tuple("…" if isinstance(one, str) and one.startswith("/") else one for one in record.args)
        return str(record.msg) % kept if kept else str(record.msg)
    return record.getMessage()


def places(error: BaseException) -> Iterator[str]:
    """Each error of the chain, the first cause first: its type, and where it came by."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from places(before)
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {frame.filename}:{frame.lineno} {frame.name}"
    yield type(error).__qualname__
