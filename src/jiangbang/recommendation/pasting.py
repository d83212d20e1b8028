"""People pasted from a spreadsheet: which column is what, who is meant, and what is wrong in which line. Pure: no database.

Columns come in any order, with a header or without; numbering and other columns are passed over. Nothing is guessed silently: every
line comes back as it was read, for a person to look at before anything is sent.
"""

from __future__ import annotations

import contextlib
import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from jiangbang.kernel.names import fold_name
from jiangbang.papers.normalise import clean_name, clean_text, fold_label, read_phone

Column = Literal["name", "employer", "mobile", "email"]
Problem = Literal["no_name", "name_odd", "name_long", "mobile", "email", "no_address", "twice", "known", "too_many"]

# More people than any unit of the letter may recommend, three times over (L-3: at most 30).
MAX_LINES = 100
MAX_CHARACTERS = 40_000
MAX_NAME = 50

_HEADINGS: Mapping[Column, tuple[str, ...]] = {
    "name": ("姓名", "名字", "人员", "推荐人选", "候选人", "name"),
    "employer": (
        "工作单位",
        "单位",
        "所在单位",
        "公司",
        "企业",
        "职务",
        "employer",
        "company",
        "organisation",
        "organization",
    ),
    "mobile": ("手机", "联系电话", "联系方式", "移动电话", "电话", "mobile", "phone", "telephone"),
    "email": ("电子邮箱", "邮箱", "电子邮件", "邮件", "email", "e-mail", "mail"),
}
# written above a list, so that it reads the same however little stands in its columns
_HEAD = ("姓名", "单位", "手机", "邮箱")
_EMAIL = re.compile(r"[^\s@<>()\",;:]+@[^\s@<>()\",;:]+\.[A-Za-z0-9-]{2,}")
_LOOKS_LIKE_EMAIL = re.compile(r"\S*@\S*")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LOOKS_LIKE_MOBILE = re.compile(r"(?:\+?86)?[0-9]{8,13}")
# Chinese names: two to four characters, longer with the dot of other peoples' names; Latin ones: words of letters
_NAME = re.compile(
    r"[\u3400-\u9fff\U00020000-\U0003ffff]{2,4}|[\u3400-\u9fff\U00020000-\U0003ffff]+(?:·[\u3400-\u9fff\U00020000-\U0003ffff]+)+"
)
_LATIN_NAME = re.compile(r"[A-Z][A-Za-z.'-]+(?: [A-Z][A-Za-z.'-]+){1,3}")
_NUMBERING = re.compile(r"[0-9]{1,3}[.、]?")


@dataclass(frozen=True, slots=True)
class PastedPerson:
    """One line as it was read. `problems` are what must be mended first; an empty `mobile` or `email` was not given."""

    line: int
    name: str
    employer: str
    mobile: str
    email: str
    problems: tuple[Problem, ...] = ()

    @property
    def address(self) -> str:
        """Where the invitation goes: by e-mail where there is one, else the number for whoever sends it by hand."""
        return self.email or self.mobile


@dataclass(frozen=True, slots=True)
class Pasted:
    """All that was read. `cut`: there was more than is taken."""

    people: tuple[PastedPerson, ...]
    cut: bool = False

    @property
    def wrong(self) -> int:
        """Lines that must be mended before anything is sent."""
        return sum(bool(person.problems) for person in self.people)


def read_pasted(text: str, *, is_known: Callable[[str, str], bool] = lambda _name, _address: False) -> Pasted:
    """The people of a pasted block. `is_known(name, address)`: this person has been invited already. Never raises for any text."""
    cut = len(text) > MAX_CHARACTERS
    rows = _rows(text[:MAX_CHARACTERS].replace("\0", ""))
    columns, rows = _columns(rows)
    people = [_person(number, cells, columns) for number, cells in rows]
    cut = cut or len(people) > MAX_LINES
    return Pasted(tuple(_with_doubles(people[:MAX_LINES], is_known)), cut)


def as_text(people: Iterable[PastedPerson]) -> str:
    """The people as a block that reads the same again, for the field in which lines are mended."""
    lines = [_HEAD, *((one.name, one.employer, one.mobile, one.email) for one in people)]
    return "\n".join("\t".join(line) for line in lines)


Cells = list[str]


def _rows(text: str) -> list[tuple[int, Cells]]:
    """Numbered lines with their cells, empty lines left out.

    Cells stand between tabs from a spreadsheet, else between commas or semicolons, else between white space. A cell with a line break
    comes quoted from Excel.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\t" not in text:
        text = text.replace("，", ",").replace("；", ";")
    separator = next((sign for sign in ("\t", ",", ";") if sign in text), "")
    if separator:
        cells = _read_quoted(csv.reader(text.split("\n"), delimiter=separator))
    else:
        cells = [re.split(r"\s+|、", line.strip()) for line in text.split("\n")]
    found = []
    for number, row in enumerate(cells, 1):
        clean = [clean_text(_folded(cell)) for cell in row]
        if any(clean):
            found.append((number, clean))
    return found


def _read_quoted(lines: Iterable[Cells]) -> list[Cells]:
    """What the reader gives until it stumbles (a quote that never ends, a cell without end); the rest is left out."""
    found: list[Cells] = []
    with contextlib.suppress(csv.Error):
        found.extend(lines)
    return found


def _folded(text: str) -> str:
    """Half-width letters, digits and signs, so that `１３８…` and `＠` are what they mean."""
    return unicodedata.normalize("NFKC", text)


def _columns(rows: list[tuple[int, Cells]]) -> tuple[dict[Column, int], list[tuple[int, Cells]]]:
    """Which column is what: by a header where the first line is one, else by what most cells look like."""
    if not rows:
        return {}, rows
    headed = _by_header(rows[0][1])
    if headed:
        return headed, rows[1:]
    return _by_content([cells for _, cells in rows]), rows


def _by_header(cells: Sequence[str]) -> dict[Column, int]:
    """The columns that a header names; empty where the line is no header (it must name the name, and hold no address)."""
    if any(_MOBILE.search(cell) or "@" in cell for cell in cells):
        return {}
    found: dict[Column, int] = {}
    for column, headings in _HEADINGS.items():
        labels = [fold_label(cell).casefold() for cell in cells]
        exact = [at for at, label in enumerate(labels) if label in headings]
        near = [at for at, label in enumerate(labels) if any(heading in label for heading in headings)]
        place = next((at for at in (*exact, *near) if at not in found.values()), None)
        if place is not None:
            found[column] = place
    return found if "name" in found and len(found) >= min(2, len(cells)) else {}


def _by_content(rows: Sequence[Cells]) -> dict[Column, int]:
    """Each column by its majority. A name is short; what is left and longest is the employer."""
    width = max(len(cells) for cells in rows)
    columns = [[cells[at] for cells in rows if at < len(cells) and cells[at]] for at in range(width)]
    found: dict[Column, int] = {}
    tests: tuple[tuple[Column, Callable[[str], bool]], ...] = (
        ("email", lambda cell: _LOOKS_LIKE_EMAIL.fullmatch(cell) is not None),
        ("mobile", lambda cell: _LOOKS_LIKE_MOBILE.fullmatch(re.sub(r"[\s()-]", "", cell)) is not None),
        ("name", _is_name),
    )
    for column, fits in tests:
        shares = [
            (sum(map(fits, cells)) / len(cells) if cells and at not in found.values() else 0.0, -at)
            for at, cells in enumerate(columns)
        ]
        share, place = max(shares)
        if share > 0.5 or (share > 0 and column != "name"):
            found[column] = -place
    rest = [at for at in range(width) if at not in found.values() and not _is_numbering(columns[at])]
    if "name" not in found and rest:
        found["name"] = rest.pop(0)
    if rest:
        found["employer"] = max(rest, key=lambda at: sum(map(len, columns[at])) / max(1, len(columns[at])))
    return found


def _is_name(cell: str) -> bool:
    bare = clean_name(cell)
    return bool(_NAME.fullmatch(bare) or _LATIN_NAME.fullmatch(bare))


def _is_numbering(cells: Sequence[str]) -> bool:
    return all(_NUMBERING.fullmatch(cell) for cell in cells)


def _person(number: int, cells: Sequence[str], columns: Mapping[Column, int]) -> PastedPerson:
    def cell(column: Column) -> str:
        at = columns.get(column)
        return cells[at] if at is not None and at < len(cells) else ""

    name = clean_name(cell("name"))
    mobile, email = read_phone(cell("mobile")) if cell("mobile") else "", cell("email")
    if "@" in mobile and not email:
        mobile, email = "", mobile
    email = email.removeprefix("mailto:")
    return PastedPerson(number, name, cell("employer"), mobile, email, tuple(_problems(name, mobile, email)))


def _problems(name: str, mobile: str, email: str) -> Iterable[Problem]:
    if not name:
        yield "no_name"
    elif len(name) > MAX_NAME:
        yield "name_long"
    elif re.search(r"[0-9@]", name) or not any(map(str.isalpha, name)):
        yield "name_odd"
    if mobile and not _MOBILE.fullmatch(mobile):
        yield "mobile"
    if email and not _EMAIL.fullmatch(email):
        yield "email"


def _with_doubles(people: Sequence[PastedPerson], is_known: Callable[[str, str], bool]) -> Iterable[PastedPerson]:
    """Marks who stands here twice (same name and no address that tells them apart) and who was invited before."""
    keys = [(fold_name(one.name), one.address.casefold()) for one in people]
    names, whole = Counter(name for name, _ in keys), Counter(keys)
    for one, (name, address) in zip(people, keys, strict=True):
        problems = list(one.problems)
        if name and (whole[name, address] > 1 or (names[name] > 1 and not address)):
            problems.append("twice")
        if name and is_known(one.name, one.address):
            problems.append("known")
        yield PastedPerson(one.line, one.name, one.employer, one.mobile, one.email, tuple(problems))
