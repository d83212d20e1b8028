"""Reading the roster (annex 3): xlsx, xls, et and docx, however the unit laid it out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from jiangbang.kernel.form import FormSpec
from jiangbang.papers.docx import Table, read_document
from jiangbang.papers.findings import Finding
from jiangbang.papers.normalise import clean_name
from jiangbang.papers.package import PackageError
from jiangbang.papers.reading import RosterReading, RosterRow
from jiangbang.papers.roster_columns import MAX_COLUMNS, Header, find_header, fold_header, roster_labels_of
from jiangbang.papers.roster_rows import ReadRow, read_rows, row_place
from jiangbang.papers.roster_values import text_of
from jiangbang.papers.xlsx import ZIP_MAGIC, Merge, Sheet, UnreadableWorkbook, read_sheets

_UNIT = re.compile(
    r"^[（(]?(?:填报|推荐|报送|申报|上报)单位(?:名称|全称)?(?:[（(][^（）()]*[）)])?\s*(?P<colon>[:：]?)[）)]?\s*(?P<unit>.*)$",
    re.DOTALL,
)
_SEAL = re.compile(r"^\s*[（(](?:盖章|公章|章|加盖公章|签章)[）)]")
# What may follow the unit on the same line.
_AFTER_UNIT = re.compile(
    r"\s*(?:[（(](?:盖章|公章|章|加盖公章|签章)[）)]|(?:填表|填报|制表|报送|上报)(?:人|日期|时间)|联系(?:人|电话|方式)|日期|时间|电话|单位负责人).*$",
    re.DOTALL,
)
_EXAMPLE_SHEET = re.compile(r"示例|样例|范例|样表|说明|模板|填写要求|须知")


# The line 填报单位 is short and stands near the table's ends.
UNIT_LINE, UNIT_ROWS = 200, 100
# Where no sheet and no table has a recognisable header.
NO_HEADER = "找不到汇总表的表头（姓名、身份证号、单位及职务等栏目应在同一行），请使用附件3的表样"
NO_HEADER_EN = (
    "no roster header was found (name, identity number, employer and so on in one row); use the layout of annex 3"
)


@dataclass(frozen=True, slots=True)
class _Found:
    """A sheet with a roster in it."""

    sheet: Sheet
    header: Header
    people: tuple[ReadRow, ...]


def read_roster(data: bytes, form: FormSpec, *, source: str) -> RosterReading:
    """Read one roster file. Never raises for what the file contains: what cannot be read becomes a finding."""
    if _is_word(data):
        return _read_word(data, form, source)
    try:
        sheets = read_sheets(data)
    except UnreadableWorkbook as error:
        return _refused(source, error.code, error.reason, error.reason_en)
    return _read_sheets(sheets, form, source)


def read_roster_tables(
    tables: Iterable[Table], form: FormSpec, *, source: str, paragraphs: Sequence[str] = ()
) -> RosterReading:
    """Read a roster from tables (and loose paragraphs) that another reader has taken from its file."""
    return _read_sheets(grids_of(tables), form, source, paragraphs)


def _read_word(data: bytes, form: FormSpec, source: str) -> RosterReading:
    """The tables of a Word document; the line 填报单位 mostly stands outside of them."""
    try:
        body = read_document(data).body
    except PackageError as error:
        return _refused(source, error.code, error.reason)
    except RecursionError:
        return _refused(source, "packet.member_unreadable", "文档嵌套过深", "it is nested too deeply")
    return read_roster_tables(body.tables, form, source=source, paragraphs=body.paragraphs)


def has_roster_header(tables: Iterable[Table], form: FormSpec) -> bool:
    """True when one of these tables carries a roster's header: what tells a roster in Word from a form."""
    labels = roster_labels_of(form)
    return any(find_header(sheet.rows, 0, labels) for sheet in grids_of(tables))


def _read_sheets(sheets: Sequence[Sheet], form: FormSpec, source: str, paragraphs: Sequence[str] = ()) -> RosterReading:
    labels = roster_labels_of(form)
    headed = [(sheet, header) for sheet in sheets if (header := find_header(sheet.rows, 0, labels))]
    if not headed:
        return _refused(source, "packet.member_unreadable", NO_HEADER, NO_HEADER_EN)
    named = len(headed) > 1
    chosen = _choose([_Found(sheet, header, read_rows(sheet, header, form, labels, named)) for sheet, header in headed])
    rows: list[RosterRow] = []
    findings: list[Finding] = []
    for found in chosen:
        for person in found.people:
            row = replace(person.row, sheet=None) if named and len(chosen) == 1 else person.row
            rows.append(row)
            findings += [_placed(finding, source, row) for finding in person.findings]
    return RosterReading(source, _unit(chosen, paragraphs), tuple(rows), tuple(findings))


def _choose(found: Sequence[_Found]) -> Sequence[_Found]:
    """The sheets that count: those in sight with people in them, before examples, before hidden ones."""
    in_sight = [one for one in found if not one.sheet.hidden]
    real = [one for one in in_sight if not _EXAMPLE_SHEET.search(one.sheet.name)]
    for group in (real, in_sight, found):
        if peopled := [one for one in group if one.people]:
            return peopled
    return found[:1]


def _placed(finding: Finding, source: str, row: RosterRow) -> Finding:
    return replace(finding, where=row_place(source, row, str(finding.params["label"])))


def _refused(source: str, code: str, reason: str, reason_en: str = "") -> RosterReading:
    """A roster that cannot be read is one finding."""
    speaks = code in ("packet.member_unreadable", "packet.too_large")
    params = {"reason": reason, "reason_en": reason_en or reason} if speaks else {"name": source}
    return RosterReading(source, None, (), (Finding(code, where=source, params=params),))


def _unit(found: Sequence[_Found], paragraphs: Sequence[str]) -> str | None:
    """The reporting unit: the line 填报单位 above or below the table, else the column, where it says one thing."""
    for one in found:
        rows = one.sheet.rows
        for row in rows if len(rows) < 2 * UNIT_ROWS else [*rows[:UNIT_ROWS], *rows[-UNIT_ROWS:]]:
            if unit := _unit_in_row(row[:MAX_COLUMNS]):
                return unit
    for paragraph in paragraphs:
        if unit := _unit_in_row([paragraph]):
            return unit
    columns = {person.unit for one in found for person in one.people if person.unit}
    return columns.pop() if len(columns) == 1 else None


def _unit_in_row(row: Sequence[object]) -> str | None:
    """`填报单位：滨江区总工会（盖章）  填表人：…`, or the label in one cell and the unit in the next."""
    for index, cell in enumerate(row):
        if not isinstance(cell, str) or "单" not in cell[:20] or len(cell) > UNIT_LINE:
            continue
        match = _UNIT.match(clean_name(cell))
        if not match:
            continue
        unit = _AFTER_UNIT.sub("", _SEAL.sub("", match["unit"])).strip(" :：_")
        if unit:
            return unit if match["colon"] else None
        following = next((text for other in row[index + 1 :] if (text := text_of(other))), "")
        is_label = _AFTER_UNIT.match(following) or fold_header(following).endswith(("名", "号", "别"))
        return None if is_label else following or None
    return None


def _is_word(data: bytes) -> bool:
    """A zip package with a Word document in it; the reader of Word files says what is wrong with it, if anything is."""
    return data.startswith(ZIP_MAGIC) and b"word/document.xml" in data


def grids_of(tables: Iterable[Table]) -> list[Sheet]:
    """The tables as sheets, nested ones after those that hold them."""
    waiting = list(tables)
    sheets: list[Sheet] = []
    while waiting:
        table = waiting.pop(0)
        sheets.append(_grid(table, f"第{len(sheets) + 1}个表格"))
        waiting += [inner for row in table.rows for cell in row for inner in cell.tables]
    return sheets


def _grid(table: Table, name: str) -> Sheet:
    """Cells at their grid columns; what a merged cell covers is empty, and downward merges are kept."""
    rows: list[list[str]] = []
    merges: list[Merge] = []
    for number, cells in enumerate(table.rows):
        row = [""] * min(max((cell.column + cell.span for cell in cells), default=0), MAX_COLUMNS)
        for cell in cells:
            if cell.column >= len(row):
                continue
            row[cell.column] = cell.text
            if cell.row_span > 1:
                merges.append(((number, cell.column), (number + cell.row_span - 1, cell.column + cell.span - 1)))
        rows.append(row)
    return Sheet(name, False, rows, merges)
