"""Names of people as they are written in China: folding, surnames, masking, the order of surname strokes.

Names use all of GB 18030-2022 level 3, so characters of planes 2 and 3 (䶮 𬱖 𠅤) count as one character everywhere.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

from jiangbang.kernel.form import FieldKind

MIDDLE_DOT: Final = "·"
# what keyboards and converters put where the official middle dot U+00B7 belongs
_DOTS: Final = "\u0387\u16eb\u2022\u2024\u2027\u2219\u22c5\u2981\u2e31\u2e33\u30fb\ua78f\uff65\U00010101"
# these have other uses, so they are middle dots only between Han characters
_DOTS_BETWEEN_HAN: Final = ".\uff0e\ufe52\u25cf"
# direction marks, zero-width spaces, soft hyphens are copied along unseen; the joiners U+200C and U+200D spell: kept
_INVISIBLE: Final = "\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"

# radicals, 々 and 〇, extension A, the basic block, private use (old rare names), compatibility, planes 2 and 3
_HAN: Final = "\u2e80-\u2fdf\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\ue000-\uf8ff\uf900-\ufaff\U00020000-\U0003ffff"
# variation selectors belong to the character before them
_HAN_BEFORE: Final = f"(?<=[{_HAN}\ufe00-\ufe0f\U000e0100-\U000e01ef])"
_HAN_AFTER: Final = f"(?=[{_HAN}])"
_COMPATIBILITY: Final = re.compile("([\uf900-\ufaff\U0002f800-\U0002fa1f]+)")
# GBK's FE50 to FEA0, which older software keeps in the private use area from U+E815; GB 18030-2022 has a place for each
_GBK_ADDITIONS: Final = (
    "⺁𠂇𠂉𠃌⺄㑳㑇⺈⺋龴㖞㘚㘎⺌⺗㥮㤘龵㧏㧟㩳㧐龶龷㭎㱮㳠⺧𡗗龸⺪䁖䅟⺮䌷⺳⺶⺷𢦏䎱"
    "䎬⺻䏝䓖䙡䙌龹䜣䜩䝼䞍⻊䥇䥺䥽䦂䦃䦅䦆䦟䦛䦷䦶龺𤇾䲣䲟䲠䲡䱷䲢䴓䴔䴕䴖䴗䴘䴙䶮龻"
)
_FOLDED: Final = {
    **{0xE815 + offset: character for offset, character in enumerate(_GBK_ADDITIONS)},
    **dict.fromkeys(map(ord, _DOTS), MIDDLE_DOT),
}
# control characters that are not white space, and the invisible ones
_UNSEEN: Final = re.compile(f"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f{_INVISIBLE}]")
_SPACE: Final = re.compile(r"\s+")
_SPACE_BETWEEN_HAN: Final = re.compile(f"{_HAN_BEFORE} {_HAN_AFTER}")
_DOT_BETWEEN_HAN: Final = re.compile(f"{_HAN_BEFORE} ?[{_DOTS_BETWEEN_HAN}] ?{_HAN_AFTER}")
_DOT_RUN: Final = re.compile(f" ?{MIDDLE_DOT}[ {MIDDLE_DOT}]*")

_COMPOUND_LIST: Final = (
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 "
    "濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 "
    "公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 "
    "微生 梁丘 左丘 西门 第五 南荣 东里 即墨 达奚 褚师 纳兰 完颜 耶律 叶赫 叶赫那拉 爱新觉罗 "
    "富察 钮祜禄 那拉 佟佳 瓜尔佳 歐陽 東方 獨孤 南宮 聞人 諸葛 尉遲 赫連 澹臺 濮陽 公孫 鍾離 "
    "長孫 鮮于 閭丘 巫馬 司馬 軒轅 納蘭 葉赫"
)
_COMPOUND_SURNAMES: Final = frozenset(_COMPOUND_LIST.split())
_LONGEST_SURNAME: Final = max(map(len, _COMPOUND_SURNAMES))
_HAN_ONLY: Final = re.compile(f"[{_HAN}\ufe00-\ufe0f\U000e0100-\U000e01ef]+")
_HAN_FIRST: Final = re.compile(f"[{_HAN}][\ufe00-\ufe0f\U000e0100-\U000e01ef]*")

# masks have one length per kind, and every view shows the same: two masks of a value tell no more than one
_HIDDEN: Final = "*"
_NAME_MASK: Final = _HIDDEN * 2
_TEXT_MASK: Final = _HIDDEN * 4
# kind → length of the mask, characters left at the end, length from which they are left
_PARTIAL_MASKS: Final[dict[str, tuple[int, int, int]]] = {
    "identity": (14, 4, 18),
    "mobile": (7, 4, 11),
    "phone": (8, 0, 0),
}

# weights of what is no Han character, as the collation has it: spaces, signs, digits, Han, then letters
_SPACES, _SIGNS, _DIGITS, _STROKES, _LETTERS = (group << 24 for group in range(5))
_STROKE_ORDER: Final = Path(__file__).with_name("data") / "stroke_order.txt"

StrokeKey = tuple[tuple[int, ...], str]


def fold_name(text: str) -> str:
    """The name in the one spelling that is stored and compared. Folding twice changes nothing.

    Trimmed; spaces between Han characters removed, others made one; invisible characters removed; every kind of middle
    dot becomes U+00B7; the private-use characters of GBK get their place in Unicode. Composed (NFC), except for the CJK
    compatibility ideographs: NFC would replace them by other characters, but a name is kept as its holder's papers
    write it and GB 18030 encodes both. Nothing else is folded by compatibility (NFKC) either.
    """
    text = _UNSEEN.sub("", text).translate(_FOLDED)
    text = _SPACE.sub(" ", text).strip()
    text = "".join(
        part if _COMPATIBILITY.fullmatch(part) else unicodedata.normalize("NFC", part)
        for part in _COMPATIBILITY.split(text)
    )
    text = _DOT_BETWEEN_HAN.sub(MIDDLE_DOT, text)
    text = _DOT_RUN.sub(MIDDLE_DOT, text)
    return _SPACE_BETWEEN_HAN.sub("", text)


def surname(name: str) -> str:
    """The surname of a Han name, compound ones included; empty for a name in letters or with a middle dot: it has none.

    A name of two characters has a surname of one (司马 alone is 司 and 马).
    """
    folded = fold_name(name)
    if not _HAN_ONLY.fullmatch(folded):
        return ""
    for length in range(min(_LONGEST_SURNAME, len(folded) - 1), 1, -1):
        if folded[:length] in _COMPOUND_SURNAMES:
            return folded[:length]
    first = _HAN_FIRST.match(folded)
    return first[0] if first else ""


def mask_name(name: str) -> str:
    """The surname and a mask of fixed length (欧阳**): the length of the given name is hidden too.

    A name without a surname shows its first character; an empty one stays empty.
    """
    folded = fold_name(name)
    return (surname(folded) or folded[:1]) + _NAME_MASK if folded else ""


def mask(value: str, kind: FieldKind) -> str:
    """The value as it stands on a screen until it is revealed; empty stays empty.

    An identity number and a mobile number of full length keep their last four characters, so that a clerk can tell two
    people apart; anything else is hidden whole.
    """
    if not value:
        return ""
    hidden, shown, full = _PARTIAL_MASKS.get(kind, (len(_TEXT_MASK), 0, 0))
    if not shown:
        return _HIDDEN * hidden
    return _HIDDEN * hidden + value[-shown:] if len(value) == full else _HIDDEN * (hidden + shown)


def stroke_key(name: str) -> StrokeKey:
    """Sorts names by surname strokes (姓氏笔画为序): fewer strokes first, then by their form, character by character.

    The order of CLDR's collation `zh-u-co-stroke`. Names that differ only in case, accents or variants of a character
    stand together in a fixed order.
    """
    folded = fold_name(name)
    weights: list[int] = []
    for character in folded:
        weight = _weight(character)
        if weight is not None:
            weights.append(weight)
    # lower case stands before upper case
    return tuple(weights), folded.swapcase()


@cache
def _weight(character: str) -> int | None:
    """The primary weight of one character; None for what only modifies the character before it."""
    rank = _stroke_order().find(character)
    if rank >= 0:
        return _STROKES + rank
    base = unicodedata.normalize("NFKD", character)[:1].casefold()[:1]
    if base != character:
        return _weight(base)
    category = unicodedata.category(character)
    if category[0] == "M":
        return None
    if category[0] == "L" or category == "Co":
        return _LETTERS + ord(character)
    if category[0] == "N":
        return _DIGITS + ord(character)
    return (_SPACES if category[0] == "Z" else _SIGNS) + ord(character)


@cache
def _stroke_order() -> str:
    """Every Han character in order; read on first use, in about 2 ms. The file's first line is a note of origin.

    Searched, not indexed: a dictionary would cost 30 ms to build, finding a character of the names in use takes 0.5 µs
    (few strokes stand in front), a rare one some 10 µs, each once.
    """
    return _STROKE_ORDER.read_text(encoding="utf-8").partition("\n")[2].replace("\n", "")
