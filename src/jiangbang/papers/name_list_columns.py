"""The header of a list of names: which column is what, by its label."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from jiangbang.papers.roster_columns import fold_header

Key = Literal["code", "identity", "person", "kind", "year", "batch", "firm"]

# The order matters: `企业统一社会信用代码` is a code, `企业类型` a kind, and only what is left is the firm.
LABELS: Final[tuple[tuple[Key, re.Pattern[str]], ...]] = (
    ("code", re.compile(r"信用代码|机构代码|纳税人识别号|税号|creditcode|uscc")),
    ("identity", re.compile(r"身份证|证件号|公民身份|idnumber")),
    (
        "person",
        re.compile(
            r"姓名|名字|^人员$|获得者|获评人|获奖人|入选人|入选者|工匠名单|完成人|负责人|^name$|^person$|^holder$"
        ),
    ),
    (
        "kind",
        re.compile(r"称号|荣誉|类型|类别|资质|标签|奖项|项目来源|计划类别|^计划$|认定名称|^kind$|^mark$|^title$"),
    ),
    ("batch", re.compile(r"批次|届次|^届$|^批$|文号|^batch$")),
    ("year", re.compile(r"年份|年度|时间|日期|^年$|有效期|^year$|^date$")),
    (
        "firm",
        re.compile(r"企业|公司|单位|机构名|^名称$|^全称$|工厂|平台名称|雇主|^employer|^company|^firm|^organi[sz]ation"),
    ),
)
# What speaks of somebody else, or of something else.
_OTHERS: Final = re.compile(
    "推荐|主管|填报|报送|申报部门|联系|法定|法人|经办|审核|发证|颁发|行业|产业|产品|英文|电话|地址|备注|邮箱|所属区|属地|名单|名录"
)
# Labels of columns that tell nothing here; with them a row is a header too.
_KNOWN: Final = re.compile(r"^(?:序号|编号|序|no\.?|备注|说明|区县|地区|所在地|省份|城市|性别|职务|岗位)$")
# What may be a header all alone: plainly a label, no heading of a group (`一、小巨人企业`).
_LONE: Final = re.compile(
    r"(?:入选|申报|认定)?(?:企业|公司|单位|机构)(?:名称|全称)?|名称|全称|姓名|名字|"
    r"name|person|holder|company|firm|employer"
)
_SEARCHED_ROWS: Final = 60
_LONGEST: Final = 24


@dataclass(frozen=True, slots=True)
class Columns:
    """A header at `row` (from 0): the column of each key, the headings as written, and those that were not needed."""

    row: int
    places: Mapping[str, int]
    headings: Mapping[str, str]
    unused: tuple[str, ...]

    def cell(self, cells: Sequence[str], key: str) -> str:
        """What a row says under this key; empty where nothing, or no such column."""
        at = self.places.get(key)
        return cells[at].strip() if at is not None and at < len(cells) else ""

    def is_named(self, cells: Sequence[str]) -> bool:
        """Whether the row's name stands in its column."""
        return bool(self.cell(cells, "person") or self.cell(cells, "firm"))


def find_columns(rows: Sequence[Sequence[str]], *, people: bool, only_people: bool) -> Columns | None:
    """The header of a table, or None. It must name the firm, or on a list of people the person."""
    best: Columns | None = None
    for number, cells in enumerate(rows[:_SEARCHED_ROWS]):
        found = _columns(number, cells, people=people)
        named = "person" in found.places if only_people else bool({"person", "firm"} & set(found.places))
        if named and _is_header(cells, found) and (best is None or len(found.places) > len(best.places)):
            best = found
    return best


def _is_header(cells: Sequence[str], found: Columns) -> bool:
    """Two labels that are known, needed or not; or one that is plainly a label and stands alone."""
    filled = [fold_header(cell) for cell in cells if cell.strip()]
    if len(filled) == 1:
        return bool(_LONE.fullmatch(filled[0]))
    passed = sum(bool(_KNOWN.search(label) or _OTHERS.search(label)) for label in filled if len(label) <= _LONGEST)
    return len(found.places) + passed >= 2


def _columns(number: int, cells: Sequence[str], *, people: bool) -> Columns:
    places: dict[str, int] = {}
    labels = [fold_header(cell) if len(cell) <= _LONGEST else "" for cell in cells]
    for key, pattern in LABELS:
        if key in ("person", "identity") and not people:
            continue
        fitting = [at for at, label in enumerate(labels) if at not in places.values() and _fits(label, key, pattern)]
        if fitting:
            # the shortest label says it most plainly: `企业名称` before `企业所在园区`
            places[key] = min(
                fitting, key=lambda at: (0 if labels[at].endswith(("名称", "姓名", "代码")) else 1, len(labels[at]))
            )
    written = {key: _written(cells[at]) for key, at in places.items()}
    unused = tuple(_written(cell) for at, cell in enumerate(cells) if cell.strip() and at not in places.values())
    return Columns(number, places, written, unused)


def _fits(label: str, key: str, pattern: re.Pattern[str]) -> bool:
    if not label or (_OTHERS.search(label) and not (key == "person" and "姓名" in label and "联系" not in label)):
        return False
    return bool(pattern.search(label)) and not (key in ("firm", "person") and "项目名" in label)


def _written(cell: str) -> str:
    return " ".join(cell.split())


def is_repeated(cells: Sequence[str], header: Sequence[str]) -> bool:
    """The header again, as it stands on every page of a table that was printed."""
    return [_written(cell) for cell in cells if cell.strip()] == [_written(cell) for cell in header if cell.strip()]
