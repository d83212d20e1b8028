"""Writing the roster (annex 3) in its official layout, as xlsx and docx."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from jiangbang.kernel.form import FormSpec, Record

RosterKind = Literal["xlsx", "docx"]


def write_roster(records: Sequence[Record], form: FormSpec, *, unit: str, kind: RosterKind) -> bytes:
    """The roster of these records. Same input, same bytes. Raises ValueError for a value that Excel cannot hold."""
    raise NotImplementedError
