"""Form against roster, field by field: what differs in substance, never what differs in layout."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from jiangbang.kernel.edition import Choice
from jiangbang.kernel.form import FieldSpec, FormSpec, Record, Value
from jiangbang.papers.normalise import split_items
from jiangbang.papers.reading import RosterRow
from jiangbang.papers.roster_columns import JOINT_KEYS

# What people write where there is nothing to write.
NOTHING = frozenset({"", "无", "暂无", "没有", "否", "空", "na", "none"})

_FOLDED_AWAY = re.compile(r"[^\w%#@&+=<>°.]|_|(?<![0-9])\.|\.(?![0-9])")
_NOTE = re.compile(r"(?<=.)[(（][^()（）]*[)）]$")
_CLASS_CODE = re.compile(r"^[(（\[【]?([0-9]{2,4})[)）\]】]?[\s.、:：\-—]*")
_CLASS_PATH = re.compile(r"[/／>＞\-—–、|｜]+")
_TITLE_PARTS = re.compile(r"[/／、,，;；\s()（）|｜及和\-—]+")
_SHORT_TITLES = {
    "高工": "高级工程师",
    "正高": "正高级工程师",
    "教高": "正高级工程师",
    "正高工": "正高级工程师",
    "教授级高工": "正高级工程师",
}
_GRADED = {key: re.compile(rf"(正高级|教授级高级|副高级|高级|中级|助理|初级|特级|首席)?{noun}") for key, noun in (
    ("professional_title", "工程师"), ("skill_level", "技师"))}  # fmt: skip
# A plain 工程师 is the middle grade, 教授级高级 the old name of 正高级, 副高级 and 高级 are one.
_SAME_GRADE = {"": "中级", "教授级高级": "正高级", "副高级": "高级", "初级": "助理"}


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """A text without white space, punctuation, width and case; a point between figures stays (1.5 is not 15)."""
    return _FOLDED_AWAY.sub("", unicodedata.normalize("NFKC", text).casefold())


def is_nothing(value: Value) -> bool:
    """True for an absent value and for 无, ／ or — in its place."""
    if isinstance(value, list):
        return all(is_nothing(item) for item in value)
    return value is None or (isinstance(value, str) and fold(value) in NOTHING)


def differing_fields(
    record: Record, row: RosterRow, form: FormSpec, *, skip: frozenset[str], classes: Sequence[Choice]
) -> Iterator[FieldSpec]:
    """The fields on which form and roster disagree. `skip`: fields that already have a finding, columns that are not there."""
    for spec in form.roster_fields:
        if (
            spec.on_form
            and spec.key not in skip
            and not _agree(spec, record[spec.key], row.record.get(spec.key), classes)
        ):
            yield spec
    if row.title_and_skill and not skip.intersection(JOINT_KEYS):
        key = _differing_title(record, row.title_and_skill)
        if key:
            yield form[key]


def _agree(spec: FieldSpec, on_form: Value, on_roster: Value, classes: Sequence[Choice]) -> bool:
    if is_nothing(on_form):
        # a required field that is empty on the form is reported as missing there
        return spec.required or spec.min_items > 0 or is_nothing(on_roster)
    if is_nothing(on_roster):
        return False
    if isinstance(on_form, list) and isinstance(on_roster, list):
        return _same_items(on_form, on_roster)
    if isinstance(on_form, str) and isinstance(on_roster, str):
        if spec.key == "name":
            # 张三（女）, 李四（回族）: a note is no part of the name
            return fold(_NOTE.sub("", on_form)) == fold(_NOTE.sub("", on_roster))
        if spec.key == "industry_class":
            return _same_class(on_form, on_roster, classes)
        return fold(on_form) == fold(on_roster) or _unnumbered(on_form) == _unnumbered(on_roster)
    return on_form == on_roster


def _unnumbered(text: str) -> str:
    """The text without the numbers of its paragraphs: Word counts by itself, Excel does not."""
    return "".join(map(fold, split_items(text.split("\n"))))


def _same_items(left: Sequence[str], right: Sequence[str]) -> bool:
    """The same items in any order, or the same words however they were split."""
    first, second = [fold(item) for item in left], [fold(item) for item in right]
    return "".join(first) == "".join(second) or sorted(first) == sorted(second)


def _same_class(left: str, right: str, classes: Sequence[Choice]) -> bool:
    """`0104 智能设备制造`, `0104`, `智能设备制造` and `数字产品制造业-智能设备制造` are one class."""
    labels = {choice.code: choice.label for choice in classes}
    codes = {fold(choice.label): choice.code for choice in classes}
    first, second = _class_of(left, labels, codes), _class_of(right, labels, codes)
    return first == second or fold(left) == fold(right)


def _class_of(text: str, labels: Mapping[str, str], codes: Mapping[str, str]) -> str:
    match = _CLASS_CODE.match(unicodedata.normalize("NFKC", text).strip())
    if match and match[1] in labels:
        return match[1]
    rest = fold(text[match.end() :] if match else text)
    last = fold([part for part in _CLASS_PATH.split(text) if part.strip()][-1]) if fold(text) else ""
    return codes.get(rest) or codes.get(last.lstrip("0123456789")) or rest


def _differing_title(record: Record, joint: str) -> str | None:
    """The key of 职称 or 技能等级 where the joint column clearly says something else; doubts are no difference."""
    words = {key: _words(str(record.get(key) or "")) for key in JOINT_KEYS}
    on_roster = _words(joint)
    if not on_roster or not any(words.values()):
        return None
    whole_form, whole_roster = (
        "".join(part) for part in ([word for key in JOINT_KEYS for word in words[key]], on_roster)
    )
    if sorted(whole_form) == sorted(whole_roster):
        return None
    for key, pattern in _GRADED.items():
        grades = _grades(pattern, whole_form), _grades(pattern, whole_roster)
        if all(grades) and grades[0].isdisjoint(grades[1]):
            return key
    foreign = any(word not in whole_form for word in on_roster)
    lost = [key for key in JOINT_KEYS if any(word not in whole_roster for word in words[key])]
    return lost[0] if foreign and lost else None


def _words(text: str) -> list[str]:
    parts = [fold(part) for part in _TITLE_PARTS.split(text)]
    return [_SHORT_TITLES.get(part, part) for part in parts if part not in NOTHING]


def _grades(pattern: re.Pattern[str], text: str) -> set[str]:
    return {_SAME_GRADE.get(match[1] or "", match[1] or "") for match in pattern.finditer(text)}
