"""From the paragraphs of an answer to the field's value."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from jiangbang.kernel.form import FieldSpec, Value
from jiangbang.papers.form_flow import Answer
from jiangbang.papers.form_labels import Labels
from jiangbang.papers.normalise import (
    AUTO_NUMBER,
    clean_lines,
    clean_name,
    clean_text,
    has_boxes,
    is_ticked,
    join_pieces,
    read_choice,
    read_date,
    read_gender,
    read_identity,
    read_month,
    read_phone,
    read_years,
    split_items,
    strip_hints,
)

# `张三（男）`, `张三（女，回族）`
_GENDER_BESIDE = re.compile(r"\s*[(（]\s*([男女])性?\s*(?:[，,、;；][^()（）]*)?[)）]$")
# What an empty form prints in the place of a value.
_BLANK = re.compile(r"[\s年月日岁_＿\-—/／:：.。]*")
# The seal's mark as our writer sets it; the printed hint (盖章) alone is no seal.
SEALED = "已盖章"
_SEAL_HINT = re.compile(
    r"[(（\[【〔]\s*(?:单\s*位)?\s*(?:负\s*责\s*人)?\s*(?:签\s*[字名]|签\s*章)?\s*[、，,及/]?\s*(?:加\s*盖)?\s*(?:单\s*位)?\s*"
    r"(?:公\s*章|盖\s*章|签\s*章|印\s*章|章)\s*(?:处)?\s*[)）\]】〕]"
    r"|(?:单位|部门)?(?:加盖公章|盖章处|公章处|单位盖章|单位公章|盖\s*章|公\s*章)\s*[:：]?(?=\s|$)"
)
_SEALED_MARK = re.compile(r"[(（\[【]?\s*已\s*盖\s*(?:公\s*)?章\s*[)）\]】]?")
_DATE_AT_END = re.compile(
    r"(?:日\s*期\s*[:：]\s*)?((?:19|20)\d\d\s*(?:年|[.\-/．])\s*\d{1,2}\s*(?:月|[.\-/．])\s*\d{1,2}\s*[日号]?"
    r"|[二][〇零○一二三四五六七八九]{3}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}[日号])\s*$"
)
_DATE_BLANK = re.compile(r"(?:日\s*期\s*[:：]\s*)?(?:\d{4})?[\s_＿]*年[\s_＿]*月[\s_＿]*日\s*$")


def value_of(spec: FieldSpec, answer: Answer) -> Value:
    """The value as the record keeps it; text that cannot be normalised stays as written; None where nothing stands."""
    paragraphs = answer.pieces[0] if len(answer.pieces) == 1 else answer.paragraphs
    if (
        len(paragraphs) == 1
        and spec.kind == "text"
        and not spec.hint
        and paragraphs[0].isalnum()
        and spec.key != "name"
    ):
        return paragraphs[0]
    if not answer.marked and spec.kind != "items":
        text = "\n".join(paragraphs).replace(AUTO_NUMBER, "")
        if spec.hint or "(" in text or "（" in text:
            text = strip_hints(text, spec.hint)
        paragraphs = text.split("\n")
    if spec.kind == "long_text":
        return clean_lines(paragraphs) or None
    return _line_of(spec, paragraphs, answer.marked)


def _line_of(spec: FieldSpec, paragraphs: list[str], marked: bool) -> Value:
    """The value of a field that stands on one line."""
    if len(paragraphs) == 1 and "\n" not in paragraphs[0]:
        text = clean_text(paragraphs[0])
    elif spec.kind == "text":
        text = join_pieces(part for paragraph in paragraphs for part in paragraph.split("\n"))
    else:
        text = clean_text("".join(paragraphs))
    if not text or (spec.kind != "text" and _BLANK.fullmatch(text)):
        return None
    if spec.kind == "text":
        if not marked and has_boxes(text):
            return _chosen(text)
        return (text if marked else _GENDER_BESIDE.sub("", clean_name(text))) if spec.key == "name" else text
    reader = _READERS[spec.kind]
    found = reader(text)
    return text if found is None and not _nothing_ticked(text) else found


_READERS: dict[str, Any] = {
    "gender": read_gender,
    "month": read_month,
    "integer": read_years,
    "identity": read_identity,
    "phone": read_phone,
    "mobile": read_phone,
}


def gender_beside(answer: Answer) -> str | None:
    """The gender that stands in brackets behind a name."""
    match = None if answer.marked else _GENDER_BESIDE.search(clean_text("".join(answer.paragraphs)))
    return read_gender(match[1]) if match else None


def _nothing_ticked(text: str) -> bool:
    """Boxes of which none is ticked are an empty answer."""
    return has_boxes(text) and not is_ticked(text)


def _chosen(text: str) -> str | None:
    """The ticked option; the text as written where ticks do not single one out."""
    return None if _nothing_ticked(text) and text[0] in "□☐○◯◻▢" else read_choice(text) or text


def lists_of(keys: tuple[str, ...], answers: dict[str, Answer], labels: Labels) -> dict[str, list[str]]:
    """The items of the list fields. A joint cell is divided by its sub-labels, else where the numbering begins anew."""
    sorted_lines: dict[str, list[str]] = {key: [] for key in keys}
    for key in keys:
        answer = answers.get(key)
        if answer is None or not answer.filled:
            continue
        lines = answer.paragraphs
        if not answer.marked:
            lines = _without_hints(lines, labels.list_hints)
        others = [other for other in keys if other != key]
        open_to_others = [other for other in others if not (held := answers.get(other)) or not held.filled]
        _sort_lines(lines, key, open_to_others, answer.marked, labels, sorted_lines)
    return {key: split_items(lines) for key, lines in sorted_lines.items()}


def _without_hints(lines: list[str], hints: tuple[str, ...]) -> list[str]:
    text = "\n".join(lines)
    if "(" in text or "（" in text or "请" in text:
        for hint in hints or ("",):
            text = strip_hints(text, hint)
    return text.split("\n")


def _sort_lines(
    lines: list[str], key: str, others: list[str], marked: bool, labels: Labels, into: dict[str, list[str]]
) -> None:
    """Give each line to the list whose sub-label stands above it; without sub-labels, to the first that the numbering means."""
    current, divided = key, False
    kept: list[str] = []
    for line in lines:
        found = None if line.startswith(AUTO_NUMBER) else labels.sublabel(line)
        if found and (found[0] == key or found[0] in others):
            current, divided = found[0], True
            line = found[1]
        if line.strip():
            into[current].append(line)
            kept.append(line)
    if not divided and not marked and others and (cut := _numbering_restarts(kept)):
        into[key][-len(kept) :] = kept[:cut]
        into[others[0]] += kept[cut:]


_ONE = re.compile(r"\s*(?:[(（]?\s*[1１一]\s*[)）、.．](?!\d)|[(（]?\s*[1１一]\s*[)）、.．](?=(?:19|20)\d\d)|[①⑴⒈㈠❶])")


def _numbering_restarts(lines: list[str]) -> int:
    """The place of the second line that is numbered one; 0 where there is none."""
    places = [place for place, line in enumerate(lines) if _ONE.match(line)]
    return places[1] if len(places) == 2 and places[0] == 0 else 0


def opinion_of(answer: Answer | None, sealed_by_picture: bool) -> dict[str, Any]:
    """`{text, sealed, date}` of one opinion cell.

    Sealed is a cell with a picture in it or anchored over it, or with the words 已盖章. The date is taken from the end only:
    a date within the sentence is part of the text.
    """
    text = "\n".join(answer.paragraphs).replace(AUTO_NUMBER, "") if answer else ""
    sealed = sealed_by_picture
    tail = ""
    if answer and answer.marked and "\n" in text:  # our own layout: the last paragraph is the line of seal and date
        text, _, tail = text.rpartition("\n")
        if not (_SEAL_HINT.search(tail) or _SEALED_MARK.search(tail)):
            text, tail = f"{text}\n{tail}", ""
    elif answer and answer.marked and (_SEAL_HINT.match(text) or _SEALED_MARK.match(text)):
        text, tail = "", text
    if not tail:
        text, tail = "", text
    rest, marked_sealed, day = _seal_and_date(tail)
    return {"text": clean_lines([text, rest]) or None, "sealed": sealed or marked_sealed, "date": day}


@lru_cache(maxsize=256)
def _seal_and_date(text: str) -> tuple[str, bool, str | None]:
    """(what is left, sealed, date) of the end of an opinion. Kept: the papers of one packet mostly end alike, on one day."""
    sealed = False
    if "章" in text:
        text, marks = _SEALED_MARK.subn(" ", text)
        sealed = marks > 0
        text = _SEAL_HINT.sub(" ", text)
    text = text.rstrip()
    end = text[-1:]
    if end == "日" and (blank := _DATE_BLANK.search(text)):
        return text[: blank.start()], sealed, None
    if (
        (end in "日号" or end.isdecimal())
        and (match := _DATE_AT_END.search(text))
        and (day := read_date("".join(match[1].split())))
    ):
        return text[: match.start()], sealed, day
    return text, sealed, None
