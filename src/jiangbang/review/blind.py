"""A dossier as an expert sees it: the fields that the form declares visible to experts, and in them no name that leads to the person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from jiangbang.kernel.form import FieldSpec, FormSpec, Record
from jiangbang.nomination.pages import GENDERS, label_of, language
from jiangbang.review.profiles import organisation

STAGE, ROLE = "review", "expert"
PERSON, HOUSE, NUMBER = "〔本人〕", "〔所在单位〕", "〔号码〕"
# Telephone and identity numbers that somebody wrote into a text.
_NUMBERS: Final = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|\d{17}[\dXx])(?!\d)")
_SPACES: Final = re.compile(r"\s*")
# A shorter part of a name is a word of the language.
SHORTEST: Final = 2


@dataclass(frozen=True, slots=True)
class BlindLine:
    """One field. `shown` is a text, or a list for items."""

    key: str
    label: str
    kind: str
    shown: Any


def blind_lines(record: Record, form: FormSpec) -> list[BlindLine]:
    """The dossier for an expert, in the order of the form; what is empty is left out."""
    hide = hider(record)
    return [
        BlindLine(spec.key, label_of(spec), spec.kind, hidden)
        for spec in visible_fields(form)
        if (hidden := _hidden(spec, record.get(spec.key), hide)) not in (None, "", [])
    ]


def text_of(record: Record, form: FormSpec) -> str:
    """All that experts see, as one text: by this words are matched, so that a match cannot tell more than the page."""
    hide = hider(record)
    values = [_hidden(spec, record.get(spec.key), hide) for spec in visible_fields(form)]
    return "\n".join("\n".join(value) if isinstance(value, list) else str(value) for value in values if value)


def visible_fields(form: FormSpec) -> Iterator[FieldSpec]:
    """The fields that the form lets experts see; never pictures and opinions, which bear names and seals."""
    return (spec for spec in form if ROLE in spec.visible.get(STAGE, ()) and spec.kind not in ("image", "opinions"))


class hider:  # noqa: N801 — reads as a function where it is called
    """Takes the person's name, employer and numbers out of a text."""

    def __init__(self, record: Record) -> None:
        self.marks: list[tuple[re.Pattern[str], str]] = []
        name, employer = str(record.get("name") or ""), str(record.get("employer_and_position") or "")
        house = organisation(employer)
        for word, mark in ((employer, HOUSE), (house, HOUSE), (_bare(house), HOUSE), (name, PERSON)):
            if len(word.replace(" ", "")) >= SHORTEST:
                self.marks.append((_spaced(word), mark))
        for key in ("mobile", "telephone", "id_number", "address"):
            word = str(record.get(key) or "")
            if len(word) >= SHORTEST:
                self.marks.append((re.compile(re.escape(word)), NUMBER))

    def __call__(self, text: str) -> str:
        for pattern, mark in self.marks:
            text = pattern.sub(mark, text)
        return _NUMBERS.sub(NUMBER, text)


def _bare(house: str) -> str:
    """The name of a firm without the city before it and the legal form behind it, where enough is left."""
    bare = re.sub(r"^(?:浙江省?|杭州市?)", "", house)
    bare = re.sub(r"(?:股份|科技|集团|网络|信息|技术|智能)*(?:有限|股份)*(?:责任)?公司$", "", bare)
    return bare if len(bare) >= SHORTEST else ""


def _spaced(word: str) -> re.Pattern[str]:
    """The word, whatever white space somebody put between its characters."""
    return re.compile(r"\s*".join(re.escape(character) for character in _SPACES.sub("", word)))


def _hidden(spec: FieldSpec, value: Any, hide: hider) -> Any:
    if value is None:
        return None
    if spec.kind == "gender":
        return GENDERS[language()].get(str(value), str(value))
    if isinstance(value, list):
        return [hide(str(item)) for item in value]
    return hide(str(value))
