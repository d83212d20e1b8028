"""Lists as people number them: items with their numbering removed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from jiangbang.papers.wording import AUTO_NUMBER, chinese_number, clean_text, join_pieces

_CIRCLED = {
    chr(start + index): index + 1
    for start, count in ((0x2460, 20), (0x2474, 20), (0x2488, 20), (0x2776, 10), (0x3220, 10), (0x24F5, 10))
    for index in range(count)
}
_CIRCLED_SET = "".join(_CIRCLED)
_NUMERAL = r"(?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})"
# A number and the sign after it. `1.` before a digit is doubtful (1.5亿元) and is settled by its neighbours, except
# before a year (1.2019年…), which no decimal looks like.
_MARK = re.compile(
    rf"\s*(?:(?P<bracket>[(（\[【]\s*(?P<n1>{_NUMERAL})\s*[)）\]】][、.．:：]?)|(?P<circled>[{_CIRCLED_SET}])[、.．]?"
    rf"|(?P<half>(?P<n2>{_NUMERAL})\s*[)）][、.．]?)|(?P<comma>(?P<n3>{_NUMERAL})\s*[、，,](?!\s*[0-9一二三四五六七八九十]+\s*[、号]))"
    rf"|(?P<dot>(?P<n4>{_NUMERAL})\s*(?:[.．](?![0-9０-９])|[。：]|:(?![0-9]))|(?P<n5>{_NUMERAL})[.．](?=(?:19|20)\d\d(?:\s*年|[.\-/—至]|\s))"
    rf")|(?P<doubt>(?P<n6>[0-9０-９]{{1,2}})(?:[.．](?=[0-9０-９])|\s+(?=\S)))|(?P<bullet>[•●◆■▪➢➤▶◇·]|-\s))\s*"
)
_MARK_SIGN = re.compile(rf"[0-9０-９(（\[【一二三四五六七八九十{_CIRCLED_SET}]")
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_CHINESE = "〇一二三四五六七八九"
_HALF_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
_SEPARATORS = "；;"


def _mark_of(line: str, position: int = 0) -> tuple[str, int, int] | None:
    """(kind, number, end) of the numbering at this place of the line; number 0 for bullets."""
    match = _MARK.match(line, position)
    if not match:
        return None
    style, groups = match.lastgroup or "", match.groups()  # the outer group closes last
    if style == "bullet":
        return style, 0, match.end()
    inner = next((group for group in groups[match.lastindex or 0 :] if group), None)
    if inner is None:
        return style, _CIRCLED[groups[(match.lastindex or 1) - 1][0]], match.end()
    digits = inner.translate(_HALF_WIDTH)
    number = int(digits) if digits.isdecimal() else chinese_number(digits)
    return (style, number, match.end()) if number is not None and number <= 30 else None


def split_items(paragraphs: Iterable[str]) -> list[str]:
    """The items of a list, numbering removed: one per line, or several on one line as `1.甲 2.乙` or `1、甲；2、乙`.

    Where lines are numbered, an unnumbered line continues the item before it; where none is, every line is an item. A
    decimal (`1.5亿元`) or a year at the beginning is no numbering. Paragraphs that Word numbers itself (`AUTO_NUMBER`) are
    taken whole. "无" stays ["无"].
    """
    paragraphs = list(paragraphs)
    if all(one.startswith(AUTO_NUMBER) and "\n" not in one for one in paragraphs):
        return [item for one in paragraphs if (item := clean_text(one[1:]))]
    lines = list(_lines(paragraphs))
    marks = _settled_marks(lines)
    numbered = any(mark is not None for mark in marks) or any(auto for _, auto in lines)
    items: list[list[str]] = []
    for (line, auto), mark in zip(lines, marks, strict=True):
        if auto:
            items.append([line])
        elif mark is not None:
            items.extend([piece] for piece in _split_line(line, mark))
        elif numbered and items:
            items[-1].append(line)
        else:
            items.append([line])
    joined = (join_pieces(pieces) if len(pieces) > 1 else pieces[0] for pieces in items)
    return [item for item in joined if item]


def _lines(paragraphs: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """The lines that hold something, and whether Word numbers them."""
    for paragraph in paragraphs:
        for index, part in enumerate(paragraph.split("\n")):
            auto = index == 0 and part.startswith(AUTO_NUMBER)
            if line := clean_text(part):
                yield line, auto


def _settled_marks(lines: list[tuple[str, bool]]) -> list[tuple[str, int, int] | None]:
    """The numbering of each line; doubtful ones count only where the numbers run 1, 2, … over the lines."""
    marks = [None if auto else _mark_of(line) for line, auto in lines]
    if not any(mark is not None and mark[0] == "doubt" for mark in marks):
        return marks
    numbers = [mark[1] for mark in marks if mark is not None and mark[0] in ("doubt", "dot")]
    runs = len(numbers) > 1 and numbers == list(range(1, len(numbers) + 1))
    return [mark if mark is None or mark[0] != "doubt" or runs else None for mark in marks]


def _split_line(line: str, mark: tuple[str, int, int]) -> Iterator[str]:
    """The items of one line that begins with this mark: further items carry the next numbers in the same style."""
    style, number, start = mark
    position = start
    if number and not _may_go_on(style, number + 1, line, start):
        number = 0
    while number and (sign := _MARK_SIGN.search(line, position)):
        position = sign.start()
        follower = _mark_of(line, position)
        if follower and follower[:2] == (style, number + 1) and _may_follow(style, line, position, start):
            yield line[start:position].strip().rstrip(_SEPARATORS).rstrip()
            number, start = number + 1, follower[2]
            position = start
        else:
            position += 1
    yield line[start:].strip().rstrip(_SEPARATORS).rstrip()


def _may_go_on(style: str, number: int, line: str, start: int) -> bool:
    """Whether the line holds the next number at all: most lines are one item, and looking closer costs."""
    if style == "circled":
        return True
    plain = str(number)
    chinese = "十" if number >= 10 else _CHINESE[number]
    return plain in line[start:] or plain.translate(_WIDE) in line or chinese in line[start:]


def _may_follow(style: str, line: str, position: int, start: int) -> bool:
    """Whether a mark may begin here: bracketed and circled ones anywhere, bare numbers after a space or a stop."""
    if position == start or style in ("bracket", "circled"):
        return True
    before = line[position - 1]
    if before.isspace() or before in "；;。！!？?，,)）”』」":
        return True
    return (style == "dot" and not before.isalnum()) or (style == "dot" and ord(before) > 0x3000)
