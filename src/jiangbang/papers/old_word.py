"""Word 97-2003 and Kingsoft Writer documents (`.doc`, `.wps`), in a child with a private directory to write in.

msdoc2docx keeps tables, merged cells and photos; wps2md is the second voice where it fails: values only, cells of several paragraphs split.
Which one spoke is told, because the house prefers LibreOffice to the second voice where it is installed.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import wps2md
from doc2docx import convert
from doc2docx.errors import EncryptedDocumentError

from jiangbang.kernel.form import FormSpec
from jiangbang.papers.archive import encrypted, unreadable
from jiangbang.papers.child import Job
from jiangbang.papers.docx import Cell, Table
from jiangbang.papers.findings import Finding
from jiangbang.papers.member_reading import Expected, Outcome, Unexpected, expected_by_name, read_member
from jiangbang.papers.nomination_form import read_form_tables
from jiangbang.papers.reading import FormReading, RosterReading
from jiangbang.papers.roster import has_roster_header, read_roster_tables
from jiangbang.papers.wire import form_from_json, form_reading_to_json, roster_reading_to_json

Message = tuple[str, dict[str, Any], list[bytes]]


def perform(operation: str, job: Job) -> Iterator[Message]:
    """`read_old_word`: one message for each file of `arguments["files"]`, in their order."""
    assert job.scratch is not None
    assert operation == "read_old_word"
    form = form_from_json(job.arguments["form"])
    for file in job.arguments["files"]:
        yield _message(file, *_read(job.scratch / file["file"], file, form))


def message_of(name: str, outcome: Outcome | None, poor: bool) -> Message:
    """The frame for one converted file; `poor`: another reader would do better."""
    values: dict[str, Any] = {"name": name, "poor": poor, "what": "none", "reading": None, "finding": None}
    if isinstance(outcome, FormReading):
        reading, blobs = form_reading_to_json(outcome)
        return "converted", {**values, "what": "form", "reading": reading}, blobs
    if isinstance(outcome, RosterReading):
        return "converted", {**values, "what": "roster", "reading": roster_reading_to_json(outcome)}, []
    if isinstance(outcome, Unexpected):
        return "converted", {**values, "what": "finding", "finding": outcome.finding.as_stored()}, []
    return "converted", values, []


def _message(file: Mapping[str, Any], outcome: Outcome | None, poor: bool) -> Message:
    return message_of(str(file["name"]), outcome, poor)


def _read(path: Path, file: Mapping[str, Any], form: FormSpec) -> tuple[Outcome | None, bool]:
    """What the file says, and whether another reader should be asked."""
    name, expected = str(file["name"]), file.get("expected")
    converted = path.with_suffix(".out.docx")
    try:
        convert(path, converted)
        outcome = read_member(name, converted.read_bytes(), form, expected)
        return outcome, not complete(outcome, form)
    except EncryptedDocumentError:
        return Unexpected(encrypted(name)), False
    except MemoryError:
        return None, True
    except Exception:  # noqa: BLE001 - a converter's mistake on a foreign file; the second voice is asked
        return _second_voice(path.read_bytes(), name, expected, form), True
    finally:
        with contextlib.suppress(OSError):
            converted.unlink(missing_ok=True)


def complete(outcome: Outcome | None, form: FormSpec) -> bool:
    """True when a reading leaves nothing to hope for from another reader: a form with all that is required, or no form at all."""
    if not isinstance(outcome, FormReading):
        return outcome is not None
    required = [spec.key for spec in form if spec.required and spec.on_form]
    return all(outcome.record[key] not in (None, [], "") for key in required)


def _second_voice(data: bytes, name: str, expected: Expected, form: FormSpec) -> Outcome:
    try:
        document = wps2md.parse(data)
    except Exception as error:  # noqa: BLE001 - it raises whatever struct and olefile meet
        locked = "ncrypt" in str(error)
        return Unexpected(encrypted(name) if locked else _damaged(name))
    tables = [Table(_rows(document.paragraphs))]
    loose = [paragraph.text for paragraph in document.paragraphs if not paragraph.in_table and paragraph.text]
    announced = expected or expected_by_name(name)
    if announced != "form" and has_roster_header(tables, form):
        return read_roster_tables(tables, form, source=name, paragraphs=loose)
    reading = read_form_tables(tables, form, source=name, paragraphs=loose)
    unknown = any(finding.code == "form.layout_unknown" for finding in reading.findings)
    return Unexpected(_damaged(name)) if unknown and announced is None else reading


def _damaged(name: str) -> Finding:
    return unreadable(name, "旧版 Word 文档已损坏，或是少见的写法")


def _rows(paragraphs: list[wps2md.Paragraph]) -> list[list[Cell]]:
    rows: list[list[Cell]] = [[]]
    for paragraph in paragraphs:
        if not paragraph.in_table:
            continue
        if paragraph.is_row_end:
            rows.append([])
        else:
            rows[-1].append(Cell([paragraph.text] if paragraph.text else [], column=len(rows[-1])))
    return [row for row in rows if row]
