"""A list of recommended experts, read: which column is what, who is meant, what is wrong in which line. Pure but for the look-up given.

A list has a line of headings; columns come in any order. Nothing is kept before a person has seen the list as it was read.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from jiangbang.accounts.invitations import address_index
from jiangbang.kernel.edition import EditionSpec
from jiangbang.kernel.review import ReviewSpec
from jiangbang.papers.normalise import clean_name, clean_text, fold_label, read_phone
from jiangbang.programme.queries import find_unit
from jiangbang.review.profiles import Profile

Problem = Literal["no_name", "no_contact", "mobile", "email", "no_class", "classes", "capacity", "recommender", "twice"]
Column = Literal[
    "name", "employer", "title", "classes", "specialties", "works", "region", "recommender", "mobile", "email",
    "capacity", "consent",
]  # fmt: skip

MOST_LINES: Final = 1_000
MOST_CHARACTERS: Final = 1_000_000
MOST_CAPACITY: Final = 500
HEADINGS: Final[dict[Column, tuple[str, ...]]] = {
    "name": ("姓名", "专家姓名", "name"),
    "employer": ("工作单位", "单位", "所在单位", "employer"),
    "title": ("职称", "职务", "职务职称", "职称职务", "职务/职称", "title"),
    "classes": ("评审领域", "行业类别", "领域", "专业领域", "类别", "fields", "classes"),
    "specialties": ("研究方向", "专长", "专业", "专业特长", "specialties", "specialty"),
    "works": ("代表成果", "主要成果", "成果", "works"),
    "region": ("所在地区", "地区", "所在地", "region"),
    "recommender": ("推荐单位", "推荐部门", "recommender", "recommended by"),
    "mobile": ("手机", "手机号", "手机号码", "联系电话", "移动电话", "mobile", "phone"),
    "email": ("邮箱", "电子邮箱", "电子邮件", "email", "e-mail"),
    "capacity": ("可评数量", "可评份数", "评审上限", "capacity"),
    "consent": ("本人同意", "是否同意", "同意", "consent"),
}
# The list as we write it, for the template that units fill in.
TEMPLATE: Final = tuple(names[0] for names in HEADINGS.values())
_EMAIL: Final = re.compile(r"[^\s@<>()\",;:]+@[^\s@<>()\",;:]+\.[A-Za-z0-9-]{2,}")
_MOBILE: Final = re.compile(r"1[3-9][0-9]{9}")
_YES: Final = frozenset({"是", "同意", "已同意", "y", "yes", "√", "true", "1"})
_BREAKS: Final = re.compile(r"[、,，;；\s/]+")


@dataclass(frozen=True, slots=True)
class ExpertRow:
    """One line as it was read. `known`: the programme knows this contact already, and the line brings the profile up to date."""

    line: int
    profile: Profile
    classes: tuple[str, ...]
    region: str
    recommender: str
    unit_code: str
    capacity: int
    agreed: bool
    known: bool = False
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class ExpertList:
    """All that was read. `missing`: headings that a list cannot do without; `cut`: there was more than is taken."""

    rows: tuple[ExpertRow, ...] = ()
    missing: tuple[str, ...] = ()
    cut: bool = False

    @property
    def wrong(self) -> int:
        """Lines that must be mended first."""
        return sum(bool(row.problems) for row in self.rows)

    @property
    def ready(self) -> bool:
        return bool(self.rows) and not self.missing and not self.wrong


def as_text(rows: Iterable[Sequence[str]]) -> str:
    """Rows of a workbook as text with tabs, for the field in which lines are mended."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerows([" ".join(cell.split()) for cell in row] for row in rows)
    return out.getvalue()


def read_experts(
    text: str, spec: EditionSpec, rules: ReviewSpec, *, is_known: Callable[[str], bool] = lambda _index: False
) -> ExpertList:
    """The experts of a table as text. `is_known`: whether an expert has this contact index. Never raises for any text."""
    cut = len(text) > MOST_CHARACTERS
    cells = _cells(text[:MOST_CHARACTERS].replace("\0", ""))
    if not cells:
        return ExpertList(cut=cut)
    columns = _columns(cells[0][1])
    needed: list[Column] = ["name", "employer", "classes", "recommender"]
    missing = [HEADINGS[column][0] for column in needed if column not in columns]
    if not {"mobile", "email"} & set(columns):
        missing.append(HEADINGS["mobile"][0])
    if missing:
        return ExpertList(missing=tuple(missing), cut=cut)
    read = [_row(number, row, columns, spec, rules) for number, row in cells[1 : MOST_LINES + 1]]
    return ExpertList(tuple(_compared(read, is_known)), cut=cut or len(cells) > MOST_LINES + 1)


def _cells(text: str) -> list[tuple[int, list[str]]]:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    separator = "\t" if "\t" in text.partition("\n")[0] else ","
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((reader.line_num, [clean_text(cell) for cell in row]))
    except csv.Error:
        # what follows a quote that never ends is left out; the preview shows what was read
        return rows
    return rows


def _columns(header: Sequence[str]) -> dict[Column, int]:
    labels = [fold_label(cell).casefold() for cell in header]
    found: dict[Column, int] = {}
    for column, names in HEADINGS.items():
        wanted = {fold_label(name).casefold() for name in names}
        place = next((at for at, label in enumerate(labels) if label in wanted), None)
        if place is not None:
            found[column] = place
    return found


def _row(
    number: int, cells: Sequence[str], columns: dict[Column, int], spec: EditionSpec, rules: ReviewSpec
) -> ExpertRow:
    def said(column: Column) -> str:
        at = columns.get(column)
        return cells[at].strip() if at is not None and at < len(cells) else ""

    profile = Profile(
        name=clean_name(said("name"))[:50],
        mobile=read_phone(said("mobile")) or "",
        email=said("email")[:254],
        employer=said("employer")[:200],
        title=said("title")[:100],
        specialties=said("specialties")[:1000],
        works=said("works")[:4000],
    )
    classes, strange = read_classes(said("classes"), spec)
    recommender, capacity = said("recommender")[:100], said("capacity")
    unit = find_unit(spec, recommender) if recommender else None
    problems = list(contact_problems(profile))
    if not profile.name:
        problems.insert(0, "no_name")
    if strange:
        problems.append("classes")
    elif not classes:
        problems.append("no_class")
    if not recommender:
        problems.append("recommender")
    if capacity and not (capacity.isdecimal() and 0 < int(capacity) <= MOST_CAPACITY):
        problems.append("capacity")
        capacity = ""
    return ExpertRow(
        number,
        profile,
        classes,
        said("region")[:60],
        recommender,
        unit.code if unit else "",
        int(capacity) if capacity else rules.most_per_expert,
        said("consent").casefold() in _YES,
        problems=tuple(problems),
    )


def contact_problems(profile: Profile) -> Iterable[Problem]:
    """What is wrong with mobile and mail."""
    if not profile.contact:
        yield "no_contact"
    if profile.mobile and not _MOBILE.fullmatch(profile.mobile):
        yield "mobile"
    if profile.email and not _EMAIL.fullmatch(profile.email):
        yield "email"


def read_classes(text: str, spec: EditionSpec) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Industry classes by code or label, in the order of the edition; and the words that name none."""
    by_word = {choice.code: choice.code for choice in spec.industry_classes}
    by_word |= {choice.label: choice.code for choice in spec.industry_classes}
    words = [word for word in _BREAKS.split(text) if word]
    found = {by_word[word] for word in words if word in by_word}
    # "0301 软件开发" is one class, said twice
    strange = tuple(word for word in words if word not in by_word)
    return tuple(choice.code for choice in spec.industry_classes if choice.code in found), strange


def _compared(rows: Sequence[ExpertRow], is_known: Callable[[str], bool]) -> Iterable[ExpertRow]:
    """Mark who stands twice in the list, and who is known already."""
    indices = [address_index(row.profile.contact) for row in rows]
    count = Counter(index for index in indices if index)
    for row, index in zip(rows, indices, strict=True):
        twice: tuple[Problem, ...] = ("twice",) if count[index] > 1 else ()
        yield ExpertRow(
            row.line, row.profile, row.classes, row.region, row.recommender, row.unit_code, row.capacity, row.agreed,
            known=bool(index) and is_known(index), problems=row.problems + twice,
        )  # fmt: skip
