"""Text as people type it: white space, invisible characters, broken lines, Chinese numerals."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Stands before a paragraph that Word numbers by itself; U+001E cannot occur in XML, so no value can imitate it.
AUTO_NUMBER = "\x1e"

# Invisible characters that come along when text is copied from web pages and chats; variation selectors and joiners stay.
INVISIBLE = dict.fromkeys(
    [0x00AD, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, 0x1E, *range(0x202A, 0x202F), *range(0x2061, 0x206A)]
)
_ANY_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2060-\u2069\u202a-\u202e\ufeff\x1e]")
_HAN = "㐀-䶿一-鿿豈-\ufaff〇々\U00020000-\U0003ffff"
_HAN_GAP = re.compile(rf"(?<=[{_HAN}·•])\s+(?=[{_HAN}·•])")


def clean_text(text: str) -> str:
    """One line: white space of every kind folded to single spaces, trimmed, invisible characters removed."""
    if text.isalnum():
        return text
    if _ANY_INVISIBLE.search(text):
        text = text.translate(INVISIBLE)
    return " ".join(text.split())


def clean_lines(lines: Iterable[str]) -> str:
    """A long text: each line cleaned, empty lines dropped, lines kept apart by a line feed."""
    cleaned = (clean_text(part) for line in lines for part in line.splitlines())
    return "\n".join(line for line in cleaned if line)


def clean_name(text: str) -> str:
    """A person's name: as `clean_text`, and the spaces inside a Han name removed (`张  三` → `张三`)."""
    return _HAN_GAP.sub("", clean_text(text))


# An organisation ends here: what follows on the next line or in the next cell is a post or another body.
_ORGANISATION_END = re.compile(
    r"(?:公司|集团|厂|院|所|局|中心|大学|学校|学院|总工会|工会|协会|联合会|委员会|银行|研究室|工作室|实验室|事业部|部门|部|处|科|站|店|室)[)）]?$"
)


def join_pieces(pieces: Iterable[str]) -> str:
    """Put together one line that was broken over lines or cells.

    Nothing is set between Han characters (the break was only a wrapped line), a space after the name of an organisation
    (`…公司` / `工程师`), between Latin words or figures, and where one single space was left at the break.
    """
    joined, spaced = "", False
    for raw in pieces:
        piece = clean_text(raw)
        if not piece:
            continue
        spaced = spaced or (raw[:1] == " " and raw[1:2] not in " \u3000")
        if joined and (spaced or _ORGANISATION_END.search(joined) or (joined[-1].isascii() and piece[0].isascii())):
            joined += " "
        joined += piece
        spaced = raw[-1:] == " " and raw[-2:-1] not in " \u3000"
    return joined


_ONES = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_CHINESE_NUMBER = re.compile(r"([一二两三四五六七八九])?(十)?([一二三四五六七八九])?")


def chinese_number(text: str) -> int | None:
    """1 to 99 written in Chinese (`十一`, `二十`, `两`); None for anything else."""
    match = _CHINESE_NUMBER.fullmatch(text)
    if not match or not text:
        return None
    tens, ten, ones = match.groups()
    if not ten:
        return None if tens and ones else _ONES[tens or ones]
    return 10 * _ONES.get(tens or "一", 1) + _ONES.get(ones or "", 0)
