"""Lists that leave the house as CSV or Excel: declared once, registered before the first byte, streamed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar
from urllib.parse import quote

from django.http import FileResponse, Http404, StreamingHttpResponse
from django.http.response import HttpResponseBase

from jiangbang.accounts.models import User
from jiangbang.nomination import acts, policy
from jiangbang.papers.tables import Column, csv_lines, write_xlsx
from jiangbang.programme.models import Edition

Row = TypeVar("Row")
KINDS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@dataclass(frozen=True, slots=True)
class ListExport(Generic[Row]):
    """One list: what the register calls it, its title, its columns, its rows (read once, in the order of the page)."""

    name: str
    title: str
    columns: Sequence[Column[Row]]
    rows: Iterable[Row]


def list_response(
    listed: ListExport[Row],
    kind: str,
    *,
    edition: Edition,
    by: User,
    may: Callable[[User, Edition], bool] = policy.may_export,
    unmasked: bool = False,
) -> HttpResponseBase:
    """The list as a download. `file.downloaded` is in the register before the first row is read.

    `unmasked` shows sensitive columns whole: only for who may export and has just proved who they are.
    """
    if kind not in KINDS:
        raise Http404
    what = f"{listed.name}.{'unmasked.' if unmasked else ''}{kind}"
    acts.note_download(f"edition:{edition.key}", what, edition=edition, by=by, may=may)
    if kind == "csv":
        lines = csv_lines(listed.columns, listed.rows, edition.zone, unmasked=unmasked)
        response: HttpResponseBase = StreamingHttpResponse(lines, content_type=KINDS[kind])
    else:
        response = _workbook(listed, edition, unmasked)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(listed.title, safe='')}.{kind}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _workbook(listed: ListExport[Row], edition: Edition, unmasked: bool) -> FileResponse:
    descriptor, name = tempfile.mkstemp(suffix=".xlsx")
    os.close(descriptor)
    path = Path(name)
    try:
        write_xlsx(listed.columns, listed.rows, edition.zone, path, title=listed.title, unmasked=unmasked)
        # the open file outlives its name
        return FileResponse(path.open("rb"), content_type=KINDS["xlsx"])
    finally:
        path.unlink(missing_ok=True)
