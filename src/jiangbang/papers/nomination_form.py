"""The nomination form (annex 2): read from Word and written in the official layout; `read(write(record)) == record`."""

from __future__ import annotations

from collections.abc import Sequence

from jiangbang.kernel.form import FormSpec, Record
from jiangbang.papers.docx import Table
from jiangbang.papers.reading import FormReading


def read_form(data: bytes, form: FormSpec, *, source: str) -> FormReading:
    """Read one form from the bytes of a `.docx`. Never raises for what the bytes contain: that becomes findings."""
    raise NotImplementedError


def read_form_tables(
    tables: Sequence[Table], form: FormSpec, *, source: str, photo: bytes | None = None, paragraphs: Sequence[str] = ()
) -> FormReading:
    """Read one form from tables (and loose paragraphs) that another reader has taken from its file."""
    raise NotImplementedError


def write_form(record: Record, form: FormSpec, *, photo: bytes | None, title: str | None = None) -> bytes:
    """The form as `.docx` in the official layout. The same record and photo always give the same bytes."""
    raise NotImplementedError
