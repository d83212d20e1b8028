"""Lists of firms and of people as offices publish them: which column is what, what each row says, and what is wrong with it.

Columns are found by their labels, in any order, below any heading. Nothing is guessed silently and nothing is lost: a row that cannot
be used comes back with its problems, for a person to look at before the list counts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import IO, Final, Literal

from jiangbang.kernel import credit_code, identity
from jiangbang.kernel.firms import fold_firm
from jiangbang.kernel.marks import EarlierTitle, PrioritySpec, named_in
from jiangbang.kernel.names import fold_name
from jiangbang.papers.name_list_columns import Columns, find_columns, is_repeated
from jiangbang.papers.name_list_lines import read_line
from jiangbang.papers.normalise import clean_name, clean_text, read_identity
from jiangbang.papers.sandbox import Child, ChildDied

Problem = Literal[
    "no_name",
    "name_long",
    "code_format",
    "code_letter",
    "code_checksum",
    "id_wrong",
    "no_kind",
    "year_odd",
    "duplicate",
]
# with these the row names nobody, or nothing: it is kept, but not compared with dossiers
UNUSABLE: Final[frozenset[str]] = frozenset({"no_name", "name_long", "no_kind", "duplicate"})
REFUSALS: Final = (
    "empty", "encrypted", "macro", "pdf", "kind", "encoding", "too_long", "too_large", "damaged", "no_header", "no_rows",
)  # fmt: skip
MAX_BYTES: Final = 64 * 1024 * 1024
MAX_NAME: Final = 200
_YEAR: Final = re.compile(r"(?:19[89]|20[0-4])[0-9]")
_SHORT_YEAR: Final = re.compile(r"^['’]?([0-4][0-9])(?:年度?)?$")
_BATCH: Final = re.compile(r"第[0-9一二三四五六七八九十]+[批届次]|首[批届]")
_FOOTER: Final = re.compile(
    r"(?:合计|总计|小计|共计|注|备注|说明|资料来源|数据来源|以上|排名不分先后|不分先后|第[0-9]+页)"
)
_NUMBERING: Final = re.compile(r"[0-9]{1,6}[.、]?|[（(]?[一二三四五六七八九十]+[)）]?[.、]?")


class UnreadableListError(Exception):
    """The file is no list that can be read. `code` is one of `REFUSALS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet or table as text. Rows count from 1, as a person sees them."""

    sheet: str
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Listed:
    """One row: whom it names, by what code, for which marks or titles (`kinds`, keys of the edition).

    `person` is empty on a list of firms; `identity` is the identity number in its official spelling, only where it is right. `of` is the
    number of the row that a duplicate repeats.
    """

    number: int
    sheet: str
    person: str
    firm: str
    code: str
    identity: str
    kinds: tuple[str, ...]
    year: int | None
    batch: str
    problems: tuple[Problem, ...] = ()
    of: int | None = None

    @property
    def usable(self) -> bool:
        return not UNUSABLE.intersection(self.problems)


@dataclass(frozen=True, slots=True)
class ListReading:
    """All that a file says. `columns`: what was found under which heading; `unused`: headings of columns that were not needed.

    `passed_over` counts lines that are no rows (headings, footers); `year` is the one that a heading gives for all.
    """

    columns: Mapping[str, str]
    unused: tuple[str, ...]
    rows: tuple[Listed, ...]
    passed_over: int
    year: int | None


def read_grids(file: IO[bytes]) -> list[Grid]:
    """The cells of an open file, read in a child process. Raises UnreadableListError."""
    file.seek(0)
    grids: dict[str, list[Sequence[str]]] = {}
    try:
        with Child("read_list", {"limit": MAX_BYTES}, input=file.fileno()) as child:
            for frame in child:
                if frame.kind == "refused":
                    raise UnreadableListError(str(frame.values["code"]))
                grids.setdefault(str(frame.values["sheet"]), []).extend(
                    [str(cell) for cell in row] for row in frame.values["rows"]
                )
    except ChildDied as death:
        raise UnreadableListError("too_large" if death.reason in ("memory", "time") else "damaged") from None
    return [Grid(sheet, rows) for sheet, rows in grids.items()]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is read for: one mark or title for all its rows, or several among which each row chooses."""

    marks: tuple[PrioritySpec, ...] = ()
    titles: tuple[EarlierTitle, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """The keys of all that rows may be read for."""
        return (*(mark.key for mark in self.marks), *(title.key for title in self.titles))

    @property
    def only(self) -> tuple[str, ...]:
        """The kind of every row, where there is but one."""
        return self.kinds if len(self.kinds) == 1 else ()

    def of_people(self, kind: str) -> bool:
        """Whether rows of this kind name people."""
        return any(mark.key == kind and mark.subject == "person" for mark in self.marks) or any(
            title.key == kind for title in self.titles
        )

    @property
    def may_name_people(self) -> bool:
        return any(map(self.of_people, self.kinds))

    @property
    def must_name_people(self) -> bool:
        return all(map(self.of_people, self.kinds))

    def named_in(self, text: str) -> tuple[str, ...]:
        marks, titles = named_in(text, self.marks), named_in(text, self.titles)
        return (*(mark.key for mark in marks), *(title.key for title in titles))


def understand(grids: Iterable[Grid], wanted: Wanted, *, title: str = "") -> ListReading:
    """What the cells say. `title`: the file's name or what the person calls the list; it may tell the year. Raises UnreadableListError."""
    at_hand = list(grids)
    found: dict[str, str] = {}
    unused: dict[str, None] = {}
    rows: list[Listed] = []
    passed_over, year = 0, _year_in(title)
    for grid in at_hand:
        columns = find_columns(grid.rows, people=wanted.may_name_people, only_people=wanted.must_name_people)
        if columns is None:
            continue
        found = {**columns.headings, **found}
        unused |= dict.fromkeys(columns.unused)
        walk = _Walk(grid, columns, wanted, year)
        rows += walk.run()
        passed_over, year = passed_over + walk.passed_over, year or walk.year
    if not found:
        rows, passed_over = _from_lines(at_hand, wanted, year)
        if not rows:
            raise UnreadableListError("no_header")
    if not rows:
        raise UnreadableListError("no_rows")
    return ListReading(found, tuple(unused), tuple(_with_duplicates(rows)), passed_over, year)


class _Walk:
    """Down the rows of one grid, below its header."""

    def __init__(self, grid: Grid, columns: Columns, wanted: Wanted, year: int | None) -> None:
        self._grid, self._columns, self._wanted = grid, columns, wanted
        above = " ".join(cell for row in grid.rows[: columns.row] for cell in row)
        self.year = _year_in(above) or year
        # what a heading says of the rows below it, on a list that has no column for it
        self._kinds = wanted.only or wanted.named_in(above) or wanted.named_in(grid.sheet)
        self.passed_over = sum(any(row) for row in grid.rows[: columns.row])

    def run(self) -> list[Listed]:
        rows = []
        for number, cells in enumerate(self._grid.rows[self._columns.row + 1 :], self._columns.row + 2):
            if not any(cell.strip() for cell in cells):
                continue
            if self._is_heading(cells) or is_repeated(cells, self._grid.rows[self._columns.row]):
                self.passed_over += 1
                continue
            rows.append(self._row(number, cells))
        return rows

    def _is_heading(self, cells: Sequence[str]) -> bool:
        """A line across the table: a group's heading, which may tell the kind of the rows below, or a footer."""
        filled = [cell.strip() for cell in cells if cell.strip()]
        if len(set(filled)) > 1 and not _FOOTER.match(filled[0]):
            return False
        if len(filled) > 1 and _FOOTER.match(filled[0]):
            return not self._columns.cell(cells, "code")
        if not self._wanted.only and (kinds := self._wanted.named_in(filled[0])):
            self._kinds = kinds
            return True
        said = self._columns.is_named(cells) or any(self._columns.cell(cells, key) for key in ("code", "identity"))
        lone = len(self._columns.headings) > 1 and not said
        return lone or bool(_FOOTER.match(filled[0])) or bool(_NUMBERING.fullmatch(filled[0]))

    def _row(self, number: int, cells: Sequence[str]) -> Listed:
        said = {key: self._columns.cell(cells, key) for key in ("code", "identity", "kind", "year", "batch")}
        kinds = self._wanted.only or self._wanted.named_in(said["kind"]) or (() if said["kind"] else self._kinds)
        person = fold_name(clean_name(self._columns.cell(cells, "person")))
        firm = clean_text(self._columns.cell(cells, "firm"))
        year, batch, odd = _when(said["year"], said["batch"], self.year)
        problems: list[Problem] = list(_name_problems(person, firm, kinds, self._wanted))
        if not kinds:
            problems.append("no_kind")
        code, wrong_code = _code(said["code"])
        number_read, wrong_id = _identity(said["identity"])
        if wrong_code:
            problems.append(wrong_code)
        if wrong_id:
            problems.append("id_wrong")
        if odd:
            problems.append("year_odd")
        return Listed(
            number, self._grid.sheet, person[:MAX_NAME], firm[:MAX_NAME], code, number_read, kinds, year, batch, tuple(problems)
        )  # fmt: skip


def _name_problems(person: str, firm: str, kinds: Sequence[str], wanted: Wanted) -> Iterable[Problem]:
    """Whoever must be named is named, and in a name's length."""
    people = any(map(wanted.of_people, kinds)) if kinds else bool(person)
    if not (person if people else firm):
        yield "no_name"
    elif len(person if people else firm) > MAX_NAME:
        yield "name_long"


def _code(said: str) -> tuple[str, Problem | None]:
    """The code as written, folded, and what is wrong with it. `无` and `/` say that there is none."""
    code = credit_code.fold_code(said)
    if not code or code in ("无", "/", "暂无"):
        return "", None
    problem = credit_code.examine(code)
    wrong: dict[str | None, Problem] = {"format": "code_format", "letter": "code_letter", "checksum": "code_checksum"}
    return code[:40], wrong.get(problem)


def _identity(said: str) -> tuple[str, bool]:
    """The identity number where it is right; whether one stands there that is not. Masked ones (`3301**********1234`) are none."""
    if not said.strip() or "*" in said or "＊" in said:
        return "", False
    examined = identity.examine(read_identity(said))
    right = examined.identity is not None and examined.problem is None
    return (examined.identity.number if examined.identity and right else ""), not right


def _when(year: str, batch: str, default: int | None) -> tuple[int | None, str, bool]:
    """Year and batch, whichever column they stand in; whether a year column says something that is none."""
    found = _year_in(year) or _year_in(batch)
    said_batch = clean_text(batch) or (clean_text(year) if _BATCH.search(year) else "")
    if found is None and (short := _SHORT_YEAR.match(year.strip())):
        found = 2000 + int(short[1])
    odd = bool(year.strip()) and found is None and not said_batch
    return found or default, said_batch[:60], odd


def _year_in(text: str) -> int | None:
    found = _YEAR.search(unicodedata.normalize("NFKC", text))
    return int(found[0]) if found else None


def _from_lines(grids: Iterable[Grid], wanted: Wanted, year: int | None) -> tuple[list[Listed], int]:
    """A list without a header: loose lines, each with a person and an employer, or a firm. Headings tell the kind."""
    rows: list[Listed] = []
    passed_over, kinds = 0, wanted.only
    for grid in grids:
        for number, cells in enumerate(grid.rows, 1):
            line = "　".join(cell.strip() for cell in cells if cell.strip())
            if not line:
                continue
            person, firm = read_line(line, people=wanted.may_name_people, only_people=wanted.must_name_people)
            if not person and not firm:
                kinds = wanted.only or wanted.named_in(line) or kinds
                passed_over, year = passed_over + 1, year or _year_in(line)
                continue
            problems: tuple[Problem, ...] = () if kinds else ("no_kind",)
            rows.append(Listed(number, grid.sheet, person, firm, "", "", kinds, year, "", problems))
    return rows, passed_over


def _with_duplicates(rows: Iterable[Listed]) -> Iterable[Listed]:
    """The same name (and code, and number) for the same kinds a second time says so, and of which row."""
    seen: dict[tuple[object, ...], int] = {}
    for row in rows:
        whose = row.identity or (row.code if not row.person else "") or fold_firm(row.firm)
        key = (row.kinds, row.person, whose, row.year)
        if not row.usable or seen.setdefault(key, row.number) == row.number:
            yield row
        else:
            yield replace(row, problems=(*row.problems, "duplicate"), of=seen[key])
