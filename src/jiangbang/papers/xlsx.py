"""Workbooks in: xlsx, xls and et through calamine, guarded before it opens them.

calamine allocates a sheet as one dense block and trusts the archive, so sizes, ratios, duplicates and the sheets' extent
are checked first. What is refused, is refused with a code of `findings.CODES` and a reason that a person can act on.

calamine never sees the archive that came: it gets a new one of the parts that were checked, inflated once and stored.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import python_calamine

from jiangbang.papers.docx_parts import Part, zip_parts

CellValue = int | float | str | bool | date | datetime | time | timedelta
Merge = tuple[tuple[int, int], tuple[int, int]]

# A roster of 5,000 people inflates to about 10 MB; a hostile one to gigabytes.
MAX_INFLATED = 128 * 1024 * 1024
MAX_PARTS = 2_000
# Sheets of repeated text compress 100 : 1 in good faith, so the ratio only counts once the total is worth refusing.
MAX_RATIO = 200
RATIO_FLOOR = 16 * 1024 * 1024
# calamine keeps about 32 bytes for each cell between the corners, empty or not.
MAX_CELLS = 3_000_000

OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
ZIP_MAGIC = b"PK\x03\x04"

# A cell that holds something: an empty formatted cell is self-closed and calamine does not store it.
_FILLED_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})["'][^>]*(?<!/)>""")
# A cell without its own place stands in its row's.
_PLACELESS_CELL = re.compile(rb"<(?:\w+:)?c(?=[\s>])(?![^>]*\sr\s*=)[^>]*(?<!/)>")
_ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]*?\br\s*=\s*["']([0-9]{1,7})["']""")
# Cheap to look for: a column beyond Z, a row of five digits. Without any, a sheet has at most 26 × 9,999 cells.
_FAR = re.compile(rb"""r\s*=\s*["'](?:[A-Za-z]{2,3}[0-9]+|[A-Za-z]?[0-9]{5,7})["']""")
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class UnreadableWorkbook(Exception):
    """A workbook that was refused or cannot be read: `code` is one of `findings.CODES`, the reason stands in its sentence."""

    def __init__(self, code: str, reason: str = "", reason_en: str = "") -> None:
        super().__init__(reason or code)
        self.code = code
        self.reason = reason
        self.reason_en = reason_en or reason


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its cells from row 1, column A, and its merged ranges (zero-based corners, both included)."""

    name: str
    hidden: bool
    rows: Sequence[Sequence[CellValue]]
    merges: Sequence[Merge]


def read_sheets(data: bytes) -> tuple[Sheet, ...]:
    """The worksheets of a workbook, cached values in place of formulas. Raises UnreadableWorkbook, and nothing else."""
    if data.startswith(OLE_MAGIC):
        _refuse_ole(data)
    elif data.startswith(ZIP_MAGIC):
        data = checked(data)
    else:
        raise UnreadableWorkbook(
            "packet.member_unreadable", "不是 Excel 或 WPS 表格文件", "it is no Excel or WPS workbook"
        )
    try:
        return tuple(_sheets(data))
    except UnreadableWorkbook:
        raise
    except (KeyboardInterrupt, SystemExit):
        raise
    # calamine is Rust: what it did not foresee comes as PanicException, which is no Exception
    except BaseException as error:  # noqa: BLE001
        if "password" in str(error).lower():
            raise UnreadableWorkbook("packet.encrypted") from None
        raise UnreadableWorkbook("packet.member_unreadable", "表格内容已损坏", "the workbook is damaged") from None


def _sheets(data: bytes) -> Iterable[Sheet]:
    with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
        for about in workbook.sheets_metadata:
            if about.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = workbook.get_sheet_by_name(about.name)
            yield Sheet(
                name=about.name,
                hidden=about.visible != python_calamine.SheetVisibleEnum.Visible,
                rows=sheet.to_python(skip_empty_area=False),
                merges=sheet.merged_cell_ranges or (),
            )


def _refuse_ole(data: bytes) -> None:
    """Compound files name their streams in UTF-16: that is enough to tell encryption and macros, with no parser."""
    if _utf16("EncryptedPackage") in data:
        raise UnreadableWorkbook("packet.encrypted")
    if _utf16("_VBA_PROJECT_CUR") in data:
        raise UnreadableWorkbook("packet.macro")
    if _utf16("Workbook") not in data and _utf16("Book") not in data:
        raise UnreadableWorkbook(
            "packet.member_unreadable", "不是 Excel 或 WPS 表格文件", "it is no Excel or WPS workbook"
        )


def checked(data: bytes) -> bytes:
    """The archive, guarded. Of an xlsx, its XML alone, stored: nothing is inflated twice, and nothing unchecked is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_sizes(archive, len(data))
            parts = _checked_parts(archive)
    # NotImplementedError: compression methods; RuntimeError: encrypted entries; ValueError, OverflowError: absurd headers
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OverflowError,
        EOFError,
        OSError,
    ):
        raise UnreadableWorkbook(
            "packet.member_unreadable", "文件不完整或已损坏", "the file is incomplete or damaged"
        ) from None
    # an OpenDocument sheet is known by a part that is no XML, and a binary workbook has its cells there
    return zip_parts(parts) if any(part.name == "xl/workbook.xml" for part in parts) else data


def _refuse_sizes(archive: zipfile.ZipFile, packed: int) -> None:
    """Judge by the archive's directory alone; `_checked_parts` then proves that the directory tells the truth."""
    parts = archive.infolist()
    inflated = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS:
        raise UnreadableWorkbook(
            "packet.too_large", f"表格内有{len(parts)}个部件", f"the workbook has {len(parts)} parts"
        )
    if inflated > MAX_INFLATED or (inflated > RATIO_FLOOR and inflated > MAX_RATIO * packed):
        raise UnreadableWorkbook(
            "packet.too_large",
            f"表格展开后有{inflated // (1024 * 1024)} MB",
            f"the workbook unpacks to {inflated // (1024 * 1024)} MB",
        )
    if len({part.filename for part in parts}) != len(parts):
        raise UnreadableWorkbook(
            "packet.member_unreadable", "文件内有重名的部件", "two parts of the file have the same name"
        )
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableWorkbook("packet.encrypted")
    if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
        raise UnreadableWorkbook("packet.macro")


def _checked_parts(archive: zipfile.ZipFile) -> list[Part]:
    """Read every XML part once: its real size and checksum, entities, and how far the sheets reach."""
    parts = []
    for part in archive.infolist():
        name = part.filename.lower()
        if not name.endswith((".xml", ".rels")):
            continue
        text = archive.read(part)
        if name == "[content_types].xml" and b"macroEnabled" in text:
            raise UnreadableWorkbook("packet.macro")
        if b"!" in text and _DOCTYPE.search(_narrow(text)):
            raise UnreadableWorkbook(
                "packet.member_unreadable",
                "文件内含有不允许的 XML 声明",
                "it contains XML declarations that are not allowed",
            )
        if b"sheetData" in text:
            _refuse_extent(text)
        parts.append(Part(part.filename, text, len(text), part.CRC, 0))
    return parts


def _refuse_extent(sheet_xml: bytes) -> None:
    """A stray value in the last row or column would make calamine allocate the whole sheet."""
    if not _FAR.search(sheet_xml):
        return
    last_row = last_column = 0
    if _PLACELESS_CELL.search(sheet_xml):
        last_row = max((int(row) for row in _ROW.findall(sheet_xml)), default=0)
    for column, row in _FILLED_CELL.findall(sheet_xml):
        last_row = max(last_row, int(row))
        last_column = max(last_column, _column_number(column))
        if last_row * last_column > MAX_CELLS:
            cell = f"{column.decode()}{row.decode()}"
            raise UnreadableWorkbook(
                "packet.too_large",
                f"表格一直延伸到单元格{cell}，请删去表格以外的内容",
                f"the sheet reaches as far as cell {cell}; delete what stands outside of the table",
            )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _narrow(text: bytes) -> bytes:
    """XML in UTF-16 with its zero bytes dropped: enough to find a declaration in it."""
    return text.replace(b"\0", b"") if text[:4].count(0) or text[:2] in (b"\xff\xfe", b"\xfe\xff") else text


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")
