"""Reading the roster (annex 3): xlsx, xls, et and docx, however the unit laid it out."""

from __future__ import annotations

from collections.abc import Sequence

from jiangbang.kernel.form import FormSpec
from jiangbang.papers.reading import RosterReading


def read_roster(data: bytes, form: FormSpec, *, source: str) -> RosterReading:
    """Read one roster file. Never raises for what the file contains: what cannot be read becomes a finding."""
    raise NotImplementedError


def read_roster_tables(tables: Sequence[Sequence[Sequence[object]]], form: FormSpec, *, source: str) -> RosterReading:
    """Read a roster from plain tables (rows of cell values), as conversions of legacy files give them."""
    raise NotImplementedError
