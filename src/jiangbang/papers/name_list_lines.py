"""Lists that are only lines of text: `1. 张三（杭州某某有限公司）`, `李四　某某公司　高级工程师`."""

from __future__ import annotations

import re
from typing import Final

from jiangbang.kernel.firms import names_organisation
from jiangbang.kernel.names import MIDDLE_DOT, fold_name, surname
from jiangbang.papers.normalise import clean_name, clean_text

_HAN: Final = "\u3400-\u9fff\U00020000-\U0003ffff"
_NUMBERING: Final = re.compile(r"^\s*(?:[0-9]{1,4}\s*[.、．)）]|[（(][0-9]{1,4}[)）]|[①-⑳])\s*")
_NAME: Final = rf"(?:[{_HAN}]{{2,4}}|[{_HAN}]+(?:·[{_HAN}]+)+|[{_HAN}] [{_HAN}])"
_REST: Final = r"(?:\s*[（(](?P<inside>[^）)]{4,80})[）)]|[\s,，:：;；、—－-]+(?P<after>.{4,100}))"
_PERSON: Final = re.compile(rf"^(?P<name>{_NAME})(?:[（(](?P<gender>男|女)[^）)]*[）)])?{_REST}$")
_FIRM: Final = re.compile(r"^[^。：:]{4,60}?(?:公司|集团|研究院|研究所|工厂|厂|中心|平台|大学|学院|医院|银行)$")
_LONGEST: Final = 120


def read_line(line: str, *, people: bool, only_people: bool) -> tuple[str, str]:
    """Person and firm that a line names; both empty where it is a heading or a sentence."""
    text = _NUMBERING.sub("", clean_text(line)).strip()
    if not text or len(text) > _LONGEST or "。" in text:
        return "", ""
    if people and (found := _PERSON.match(text)):
        name, rest = fold_name(clean_name(found["name"])), clean_text(found["inside"] or found["after"] or "")
        if names_organisation(rest) and (surname(name) or MIDDLE_DOT in name) and not _FIRM.match(name):
            return name, rest
    if not only_people and _FIRM.match(text):
        return "", text
    return "", ""
