"""One member of a packet, read in the child: what is it, and what does it say?

By content first, by name second: a roster saved under a form's name is a roster. What needs a conversion is sent back to the house
(`Deferred`), which starts another child for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from jiangbang.kernel.form import FormSpec, Record
from jiangbang.papers.archive import encrypted, unreadable
from jiangbang.papers.docx import read_document
from jiangbang.papers.findings import Finding
from jiangbang.papers.kinds import ARCHIVES, Kind, has_macros, kind_of
from jiangbang.papers.nomination_form import read_form
from jiangbang.papers.package import PackageError
from jiangbang.papers.reading import FormReading, RosterReading
from jiangbang.papers.roster import has_roster_header, read_roster

Expected = Literal["form", "roster", None]
Route = Literal["old_word", "office"]

FORM_NAME = re.compile(r"推荐表|附件\s*[2２二]|申报表|登记表")
ROSTER_NAME = re.compile(r"汇总表|附件\s*[3３三]|花名册|一览表|名册|推荐信息|名单")
_PAPERS = {
    ".doc",
    ".docx",
    ".wps",
    ".wpt",
    ".dot",
    ".dotx",
    ".rtf",
    ".xls",
    ".xlsx",
    ".et",
    ".ett",
    ".xlsm",
    ".docm",
    ".csv",
}
_NO_PAPER: frozenset[Kind] = ARCHIVES | {"unknown", "text", "ole_other", "ooxml"}
_ARCHIVES = {".zip", ".rar", ".7z", ".tar", ".tgz", ".gz"}
_OFFICE: frozenset[Kind] = frozenset({"rtf", "html", "mht", "word_xml", "odf"})


@dataclass(frozen=True, slots=True)
class Deferred:
    """Needs a conversion: `old_word` by our own libraries, `office` by LibreOffice. `suffix` is what the content calls for."""

    route: Route
    suffix: str


@dataclass(frozen=True, slots=True)
class Unexpected:
    """Kept but not read; `finding` says so, or why it could not be read."""

    finding: Finding


Outcome = FormReading | RosterReading | Deferred | Unexpected


def expected_by_name(name: str) -> Expected:
    """What the name announces.

    >>> expected_by_name("附件2推荐表（李艳）.docx"), expected_by_name("附件3推荐信息汇总表.xlsx"), expected_by_name("照片.jpg")
    ('form', 'roster', None)
    """
    last = PurePosixPath(name).name
    if ROSTER_NAME.search(last):
        return "roster"
    return "form" if FORM_NAME.search(last) else None


def read_member(name: str, data: bytes, form: FormSpec, expected: Expected = None) -> Outcome:
    """Read one file. `expected` overrides what its name announces. Never raises for what the file contains, memory aside."""
    kind = kind_of(data)
    announced = expected or expected_by_name(name)
    if kind == "docx" or (kind == "ooxml" and _suffix(name).startswith(".doc")):
        return _read_docx(name, data, form, announced)
    if kind in ("xlsx", "ole_excel") or (kind == "ooxml" and _suffix(name).startswith(".xls")):
        return _read_workbook(name, data, form, announced)
    if kind == "ole_encrypted":
        return Unexpected(encrypted(name))
    if kind == "ole_word":
        return Unexpected(_macro(name)) if has_macros(data) else Deferred("old_word", ".doc")
    if kind in _OFFICE and (announced or _suffix(name) in _PAPERS | {".odt", ".ods"}):
        return Deferred("office", _office_suffix(kind, name))
    return Unexpected(_not_read(name, kind, expected))


def _read_docx(name: str, data: bytes, form: FormSpec, announced: Expected) -> Outcome:
    """A form unless it carries a roster's header. A form that says it is one and looks like one is not searched for a header."""
    if announced != "form" and _is_roster(data, form):
        return read_roster(data, form, source=name)
    reading = read_form(data, form, source=name)
    refusals = [finding for finding in reading.findings if finding.code in _REFUSALS]
    if not refusals:
        return reading
    if refusals[0].code == "form.layout_unknown":
        if announced == "form" and _is_roster(data, form):
            return read_roster(data, form, source=name)
        if announced is None and not _anything(reading.record):
            return Unexpected(unexpected(name))
    return reading if announced == "form" or refusals[0].code == "form.layout_unknown" else Unexpected(refusals[0])


_REFUSALS = ("form.layout_unknown", "packet.member_unreadable", "packet.macro", "packet.encrypted", "packet.too_large")


def _is_roster(data: bytes, form: FormSpec) -> bool:
    try:
        return has_roster_header(read_document(data).tables, form)
    except PackageError:
        return False


def _read_workbook(name: str, data: bytes, form: FormSpec, announced: Expected) -> Outcome:
    """A workbook is a roster, unless nothing in it looks like one and its name does not claim it."""
    reading = read_roster(data, form, source=name)
    refused = [finding for finding in reading.findings if finding.code in _REFUSALS]
    if refused and not reading.rows and announced != "roster":
        secret = refused[0].code != "packet.member_unreadable"
        return Unexpected(refused[0] if secret else unexpected(name))
    return reading


def _anything(record: Record) -> bool:
    return any(value not in (None, [], "") for key, value in record.items() if key not in ("photo", "opinions"))


def _not_read(name: str, kind: Kind, expected: Expected) -> Finding:
    """The sentence for what is no paper of ours."""
    if kind in ("ole_works", "works"):
        return unreadable(name, "这是 Microsoft Works 的文档，不是 WPS 文字的文档")
    if kind == "empty" and (expected or _suffix(name) in _PAPERS):
        return unreadable(name, "文件是空的")
    if _suffix(name) in _ARCHIVES:
        return unreadable(name, "内容不是压缩包，可能已损坏")
    if expected or (_suffix(name) in _PAPERS and kind in _NO_PAPER):
        return unreadable(name, "内容不是 Word 或 Excel 文件，可能已损坏")
    return unexpected(name)


def unexpected(name: str) -> Finding:
    return Finding("packet.member_unexpected", where=name, params={"name": name})


def _macro(name: str) -> Finding:
    return Finding("packet.macro", where=name, params={"name": name})


def is_paper_name(name: str) -> bool:
    """True when the suffix claims a document or a table: then an archive inside is damage, not a nested packet."""
    return _suffix(name) in _PAPERS


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _office_suffix(kind: Kind, name: str) -> str:
    """The suffix under which LibreOffice recognises the content (it trusts names)."""
    if kind == "odf":
        return _suffix(name) if _suffix(name) in (".odt", ".ods", ".fodt", ".fods", ".ott", ".ots") else ".odt"
    if kind == "word_xml":
        return ".xml"
    # a table saved by a web system as ".xls" is HTML; LibreOffice opens it in Calc when told so
    return {"rtf": ".rtf", "mht": ".mht", "html": ".html"}[kind]
