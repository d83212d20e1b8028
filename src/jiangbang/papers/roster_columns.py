"""Which column of a roster holds what: the header, however it is worded, split over rows or ordered."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jiangbang.kernel.form import FieldSpec, FormSpec

# Columns that are no field of the roster: the running number, the joint column of annex 3, the reporting unit.
NUMBER = "#number"
TITLE_AND_SKILL = "#title_and_skill"
UNIT = "#unit"
# Annex 3 joins these two fields of the form in one column 职称/技能等级.
JOINT_KEYS = ("professional_title", "skill_level")

# Word allows 63 columns; Excel 16,384, which no roster has.
MAX_COLUMNS = 256
# A header has the name and at least two more columns of the roster; fewer may stand in any table.
MIN_COLUMNS = 3
# Rows that are searched for a header, and the longest text that may be a label.
SEARCHED_ROWS = 200
LONGEST_LABEL = 40
# The official header takes one row; units split it over two, or three with a line of column numbers.
DEEPEST_HEADER = 3

_SPACE = re.compile(r"[\s\u200b\ufeff]+")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕|\([^()]*$")
_UNBRACKETED_HINT = re.compile(
    r"[,、，]?(?:限|限填|不超过|不多于|不得超过|最多|控制在|各不超过)?[0-9一二三四五六]+(?:个)?(?:字|项|条)(?:以内|之内|内|左右)?$"
)
_JOINTS = re.compile(r"[/、及和与或]")
# A label inside a longer one is trusted only where nothing says that it speaks of someone else.
_OF_OTHERS = re.compile(r"推荐(?!人选|对象)|填报|填表|联系|审核|负责|上报|申报")
_NUMBER_LABELS = ("序号", "编号", "序", "no", "no.", "号")
_UNIT_LABELS = ("推荐单位", "填报单位", "报送单位", "申报单位", "上报单位", "推荐单位名称", "推荐工会")


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds. `part` orders the columns that make up one value (单位 | 职务)."""

    key: str
    part: int = 0


@dataclass(frozen=True, slots=True)
class Header:
    """A header: its last row (zero-based, within the grid) and its columns by their index."""

    last_row: int
    columns: Mapping[int, Column]
    _indices: Mapping[str, tuple[int, ...]]

    @classmethod
    def of(cls, last_row: int, columns: Mapping[int, Column]) -> Header:
        """The header with its columns also by key, in reading order."""
        held: dict[str, list[tuple[int, int]]] = {}
        for index, column in columns.items():
            held.setdefault(column.key, []).append((column.part, index))
        indices = {key: tuple(index for _, index in sorted(places)) for key, places in held.items()}
        return cls(last_row, columns, indices)

    def indices(self, key: str) -> tuple[int, ...]:
        """The indices of the columns that make up this key's value, in reading order."""
        return self._indices.get(key, ())


def fold_header(text: str) -> str:
    """A label without spaces, hints, colons and stars: `主 要 事 迹\\n（400字以内）：` → `主要事迹`."""
    folded = _SPACE.sub("", unicodedata.normalize("NFKC", text))
    folded = _BRACKETS.sub("", folded)
    folded = folded.strip("*※★:;。.").casefold()
    return _UNBRACKETED_HINT.sub("", folded)


class RosterLabels:
    """The labels of a form's roster, ready for look-up."""

    def __init__(self, form: FormSpec) -> None:
        self._exact: dict[str, Column | None] = {}
        self._wide: dict[str, Column] = {}
        for spec in form.fields:
            self._learn(spec)
        for label in _NUMBER_LABELS:
            self._exact.setdefault(label, Column(NUMBER))
        for label in _UNIT_LABELS:
            self._exact.setdefault(label, Column(UNIT))
        self._learn_parts()
        self._longest_first = sorted(self._wide, key=len, reverse=True)
        self._anywhere = re.compile("|".join(map(re.escape, self._longest_first)))
        names = [label for label, column in self._exact.items() if column and column.key == "name"]
        # none of these characters: no such label, which turns away nearly all people's names
        self._name_signs = frozenset("".join(names))
        # spaces may stand anywhere in a label
        self._names = re.compile("|".join(r"\s*".join(map(re.escape, label)) for label in names))

    def _learn(self, spec: FieldSpec) -> None:
        """Fields that the roster does not print are learnt too, so that no other label is found in theirs."""
        column: Column | None = None
        if spec.roster_label:
            column = Column(spec.key)
        elif spec.key in JOINT_KEYS:
            column = Column(TITLE_AND_SKILL, JOINT_KEYS.index(spec.key) + 1)
        first = (spec.roster_label, *spec.roster_aliases) if spec.roster_label else ()
        for label in (*first, spec.label, *spec.aliases):
            folded = fold_header(label or "")
            self._exact.setdefault(folded, column)
            if column and len(folded) >= 2:
                self._wide.setdefault(folded, column)

    def _learn_parts(self) -> None:
        """`单位及职务` may stand in two columns, `单位` and `职务`."""
        for label, column in tuple(self._exact.items()):
            parts = _JOINTS.split(label)
            if column is None or column.key.startswith("#") or len(parts) < 2:
                continue
            for number, part in enumerate(parts):
                self._exact.setdefault(part, Column(column.key, number + 1))

    def find(self, text: object) -> Column | None:
        """The column that this label names, or None."""
        found = self._look_up(text) if isinstance(text, str) and len(text) <= LONGEST_LABEL else None
        return found[0] if found else None

    def knows(self, text: object) -> bool:
        """True for a label of the form, whether the roster prints that field or not, and for a hint alone."""
        if not isinstance(text, str) or len(text) > LONGEST_LABEL:
            return False
        folded = fold_header(text)
        return not folded or folded in self._exact or self._look_up(text) is not None

    def may_be_header(self, text: str) -> bool:
        """Quick: whether this cell of the column of names may belong to a header: a label, or words around that of the name."""
        if text in self._exact:
            return True
        return not self._name_signs.isdisjoint(text) and self._names.search(text) is not None

    def names_one(self, text: object, key: str) -> bool:
        """True when this cell is a label of the given key."""
        column = self.find(text)
        return column is not None and column.key == key

    def match(self, text: str) -> tuple[Column, bool] | None:
        """The column and whether the label is exactly known; None for anything that is no label."""
        return self._look_up(text) if len(text) <= LONGEST_LABEL else None

    def _look_up(self, text: str) -> tuple[Column, bool] | None:
        folded = fold_header(text)
        if not folded:
            return None
        if folded in self._exact:
            column = self._exact[folded]
            return (column, True) if column else None
        return self._joint(folded) or self._contained(folded)

    def _joint(self, folded: str) -> tuple[Column, bool] | None:
        """`职称/技能等级` and its like: every part is a label of the two joint fields."""
        parts = [self._exact.get(part) for part in _JOINTS.split(folded)]
        if len(parts) > 1 and all(part is not None and part.key == TITLE_AND_SKILL for part in parts):
            return Column(TITLE_AND_SKILL), True
        return None

    def _contained(self, folded: str) -> tuple[Column, bool] | None:
        """`候选人姓名`, `从业年限年`: a known label at either end of a slightly longer one."""
        if _OF_OTHERS.search(folded):
            return None
        if not self._anywhere.search(folded):
            return None
        for label in self._longest_first:
            if len(folded) <= len(label) + 6 and (folded.endswith(label) or folded.startswith(label)):
                return self._wide[label], False
        return None


_MADE: dict[int, tuple[FormSpec, RosterLabels]] = {}


def roster_labels_of(form: FormSpec) -> RosterLabels:
    """The labels of this form's roster, made once for each form object (a form holds mappings and cannot be hashed)."""
    made = _MADE.get(id(form))
    if made is None or made[0] is not form:
        if len(_MADE) > 32:
            _MADE.clear()
        made = _MADE[id(form)] = (form, RosterLabels(form))
    return made[1]


def find_header(rows: Sequence[Sequence[object]], start: int, labels: RosterLabels) -> Header | None:
    """The first header at or after row `start`, or None."""
    for first in range(start, min(len(rows), start + SEARCHED_ROWS)):
        if any(labels.find(cell) for cell in rows[first][:MAX_COLUMNS]):
            header = header_at(rows, first, labels)
            if header:
                return header
    return None


def header_at(rows: Sequence[Sequence[object]], first: int, labels: RosterLabels) -> Header | None:
    """The header that begins in this very row, as deep as it goes, or None."""
    found: Header | None = None
    rows = [row[:MAX_COLUMNS] for row in rows[: first + DEEPEST_HEADER]] if len(rows[first]) > MAX_COLUMNS else rows
    for last in range(first, min(first + DEEPEST_HEADER, len(rows))):
        if last > first and not _continues(rows[last], labels, found):
            break
        columns = _columns(rows[first : last + 1], labels)
        if _is_header(columns) and _mostly_labels(rows[first : last + 1], labels):
            found = Header.of(last, columns)
    return found


def _is_header(columns: Mapping[int, Column]) -> bool:
    keys = {column.key for column in columns.values()} - {NUMBER, UNIT}
    return "name" in keys and len(keys) >= MIN_COLUMNS


def _mostly_labels(rows: Sequence[Sequence[object]], labels: RosterLabels) -> bool:
    """A filled nomination form has labels too, but as many values beside them."""
    filled = [cell for row in rows for cell in row if not _blank(cell)]
    return 2 * sum(labels.knows(cell) for cell in filled) > len(filled)


def _continues(row: Sequence[object], labels: RosterLabels, above: Header | None) -> bool:
    """A second header row holds labels and hints, column numbers included, and no person."""
    filled = [cell for cell in row if not _blank(cell)]
    if not filled:
        return False
    if all(is_column_number(cell) for cell in filled) and len(filled) >= MIN_COLUMNS:
        return True
    if not all(isinstance(cell, str) for cell in filled):
        return False
    if above and any(
        not _blank(_cell(row, index)) and not labels.knows(_cell(row, index)) for index in above.indices("name")
    ):
        return False
    return 2 * sum(labels.knows(cell) for cell in filled) >= len(filled)


def is_column_number(cell: object) -> bool:
    """`1`, `(2)`, `甲`: the line of column numbers that statisticians put under a header."""
    if isinstance(cell, (int, float)):
        return True
    return isinstance(cell, str) and bool(re.fullmatch(r"[（(]?(?:[0-9]{1,2}|[甲乙丙丁])[)）]?", cell.strip()))


def _blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _cell(row: Sequence[object], index: int) -> object:
    return row[index] if index < len(row) else ""


def _columns(rows: Sequence[Sequence[object]], labels: RosterLabels) -> dict[int, Column]:
    """Read the header's rows column by column; where two columns claim a key, the exact label wins, then the first."""
    exact: dict[int, Column] = {}
    loose: dict[int, Column] = {}
    for index in range(max(len(row) for row in rows)):
        found = _match_column([_cell(row, index) for row in rows], labels)
        if found:
            (exact if found[1] else loose)[index] = found[0]
    columns: dict[int, Column] = {}
    for index, column in (*sorted(exact.items()), *sorted(loose.items())):
        taken = [other for other in columns.values() if other.key == column.key]
        if not taken or (column.part and all(other.part and other.part != column.part for other in taken)):
            columns[index] = column
    return columns


def _match_column(cells: Sequence[object], labels: RosterLabels) -> tuple[Column, bool] | None:
    """The lowest label names the column; failing that, the words of all rows together, then those above."""
    texts = [cell for cell in cells if isinstance(cell, str) and cell.strip()]
    if not texts:
        return None
    for text in (texts[-1], "".join(texts), *reversed(texts[:-1])):
        found = labels.match(text)
        if found:
            return found
    return None
