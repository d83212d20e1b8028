"""Lists of firms and of title holders for tests: workbooks as offices publish them, of nobody that exists."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter

from jiangbang.accounts.models import User
from jiangbang.programme.models import Edition
from jiangbang.screening import lists
from jiangbang.screening.lists_models import NameList

Rows = Sequence[Sequence[object]]
EMPLOYER = "云栖智联科技有限公司"


def workbook(rows: Rows) -> bytes:
    """One sheet with these rows."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write(line, place, cell)
    return out.getvalue()


def firms(*rows: Sequence[object], heading: Sequence[object] = ("企业名称", "统一社会信用代码")) -> bytes:
    return workbook([heading, *rows])


def holders(*rows: Sequence[object], heading: Sequence[object] = ("姓名", "工作单位", "获评年份")) -> bytes:
    return workbook([heading, *rows])


def brought(edition: Edition, data: bytes, kind: str, *, by: User, replaces: NameList | None = None) -> NameList:
    return lists.bring_list(edition, data, file_name="名单.xlsx", kind=kind, by=by, replaces=replaces)


def imported(edition: Edition, data: bytes, kind: str, *, by: User, replaces: NameList | None = None) -> NameList:
    return lists.import_list(brought(edition, data, kind, by=by, replaces=replaces), by=by)
