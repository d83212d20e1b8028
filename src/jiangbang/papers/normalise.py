"""From what people write to values: labels, genders, months, years, identity numbers, telephones, lists.

Every reader returns None for "cannot be understood": digits are never guessed. Callers keep the text as written then and
report `field.format`. Nothing here raises for any text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache

# Stands before a paragraph that Word numbers by itself; U+001E cannot occur in XML, so no value can imitate it.
AUTO_NUMBER = "\x1e"

# Invisible characters that come along when text is copied from web pages and chats; variation selectors and joiners stay.
_INVISIBLE = dict.fromkeys(
    [0x00AD, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, 0x1E, *range(0x202A, 0x202F), *range(0x2061, 0x206A)]
)
_ANY_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2060-\u2069\u202a-\u202e\ufeff\x1e]")
_HAN = "㐀-䶿一-鿿豈-\ufaff〇々\U00020000-\U0003ffff"
_HAN_GAP = re.compile(rf"(?<=[{_HAN}·•])\s+(?=[{_HAN}·•])")
_BRACKETS = re.compile(r"[(（【\[〔〈《<＜{｛][^)）】\]〕〉》>＞}｝]*[)）】\]〕〉》>＞}｝]?")
_BRACKET_SIGNS = re.compile(r"[()（）【】\[\]〔〕〈〉《》<>＜＞{}｛｝]")
_LABEL_NOISE = re.compile(r"[\s:：*＊★☆※_＿\-—－~·.．。;；,，\"“”'‘’]+")
_LABEL_NUMBER = re.compile(r"^(?:\d{1,2}|[一二三四五六七八九十]{1,3})[、.．)）]")


def clean_text(text: str) -> str:
    """One line: white space of every kind folded to single spaces, trimmed, invisible characters removed."""
    if text.isalnum():
        return text
    if _ANY_INVISIBLE.search(text):
        text = text.translate(_INVISIBLE)
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


@lru_cache(maxsize=4096)
def fold_label(text: str) -> str:
    """A label without white space of any kind, line breaks, colons, stars, leading numbers and bracketed hints.

    `姓　名：` → `姓名`, `推荐单位（区县市工会等）\\n意见` → `推荐单位意见`, `【学历】` → `学历`.
    """
    bare = _LABEL_NUMBER.sub("", "".join(text.translate(_INVISIBLE).split()))
    folded = _LABEL_NOISE.sub("", _BRACKETS.sub("", bare))
    return folded or _LABEL_NOISE.sub("", _BRACKET_SIGNS.sub("", bare))


# -- choices and gender --------------------------------------------------------------------------------------------------

_CHECKED = "☑☒✓✔√■●◉⊠🗹✅"
_UNCHECKED = "□☐○◯◻▢"
_CHOICE = re.compile(rf"[\[(（]?\s*([{_CHECKED}{_UNCHECKED}])\s*[\])）]?")
_EMPTY_BRACKETS = re.compile(r"[\[(（]\s*[\])）]")
_GENDERS = {"男": "male", "女": "female", "male": "male", "female": "female", "m": "male", "f": "female"}


def has_boxes(text: str) -> bool:
    """Whether the text offers options with boxes to tick."""
    return any(sign in text for sign in _UNCHECKED) or any(sign in text for sign in _CHECKED)


def read_choice(text: str) -> str | None:
    """The one option that is ticked in `□群众 ☑中共党员`; None where none or several are ticked."""
    pieces = _CHOICE.split(_EMPTY_BRACKETS.sub("□", text))
    before, signs, options = clean_text(pieces[0]), pieces[1::2], [clean_text(piece) for piece in pieces[2::2]]
    if before:  # the tick stands after its option: `男√ 女□`, `男√ 女`
        options = [before, *options[:-1]]
    ticked = [option for sign, option in zip(signs, options, strict=False) if sign in _CHECKED]
    if len(ticked) != 1:
        return None
    return ticked[0].strip("/／、,，;； ") or None


def read_gender(text: str) -> str | None:
    """`male` or `female` from 男, 女, 男性, M, `☑男 □女`, `男√ 女`; None where both or neither are meant."""
    bare = clean_text(text)
    if found := _GENDERS.get(bare.lower().removesuffix("性")):
        return found
    if has_boxes(bare):
        ticked = _ticked_gender(_EMPTY_BRACKETS.sub("□", bare).replace(" ", ""))
        return _GENDERS[ticked] if ticked else None
    if ("男" in bare) != ("女" in bare) and len(bare) <= 6:
        return "male" if "男" in bare else "female"
    return None


def _ticked_gender(text: str) -> str | None:
    """The gender beside the one tick: the boxes stand before the words when the text begins with a box or a tick."""
    text = re.sub(r"[\[\](（)）/／、]", "", text)
    boxed = text[:1] in _CHECKED + _UNCHECKED
    pattern = rf"([{_CHECKED}])([男女])" if boxed else rf"([男女])([{_CHECKED}])"
    words = [word for pair in re.findall(pattern, text) for word in pair if word in "男女"]
    return words[0] if len(words) == 1 else None


# -- months and dates ----------------------------------------------------------------------------------------------------

_CHINESE_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_MONTH = re.compile(
    r"(?:公历|阳历)?(1[89]\d\d|20\d\d)(?:年|[.\-/。、,，·])(\d{1,2})"
    r"(?:月?|月?(?:[.\-/。、,，·]|(?<=月))(\d{1,2})[日号]?)(?:[.。])?(?:出?生)?"
)
_COMPACT = re.compile(r"(1[89]\d\d|20\d\d)(\d\d)(\d\d)?")
_CHINESE_MONTH = re.compile(
    r"([一二][〇零○一二三四五六七八九]{3})年([一二三四五六七八九十]{1,3})月(?:([一二三四五六七八九十]{1,3})[日号]?)?"
)
_TRAILING_NOTE = re.compile(r"[(（][^()（）]*[)）]$")
# Day 0 of Excel's 1900 date system, as it is for every date after 28 February 1900.
_EXCEL_EPOCH = date(1899, 12, 30)
_EXCEL_LAST = 73050  # 31 December 2099


def read_month(value: object) -> str | None:
    """`YYYY-MM` from 2023.5, 2023.05, 2023年5月, 2023年05月12日, 202305, 2023-05, full width; Excel serials and dates.

    Two-digit years and floats such as 1990.1 (January or October?) are ambiguous: None.
    """
    day = read_date_or_month(value)
    return day and day[:7]


def read_date_or_month(value: object) -> str | None:
    """`YYYY-MM-DD` where a day is given, else `YYYY-MM`; None where neither can be read."""
    if isinstance(value, date):  # a datetime too
        return value.strftime("%Y-%m-%d") if value.year >= 1000 else None
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _month_of_number(value)
    if not isinstance(value, str):
        return None
    text = "".join(unicodedata.normalize("NFKC", value.translate(_INVISIBLE)).split())
    text = _TRAILING_NOTE.sub("", text)
    if len(text) == 7 and text[4:5] in "-." and text[:4].isdecimal() and text[5:].isdecimal():
        return _valid(text[:4], text[5:], None)
    if match := _MONTH.fullmatch(text) or _COMPACT.fullmatch(text):
        return _valid(*match.groups())
    if match := _CHINESE_MONTH.match(text):
        year, month, day = match.groups()
        return _valid(year.translate(_CHINESE_DIGITS), str(chinese_number(month)), day and str(chinese_number(day)))
    return None


def _month_of_number(value: int | float) -> str | None:
    if value != value or value in (float("inf"), float("-inf")):
        return None
    if float(value).is_integer():
        number = int(value)
        if 180001 <= number <= 20991231:
            match = _COMPACT.fullmatch(str(number))
            return _valid(*match.groups()) if match else None
        return (_EXCEL_EPOCH + timedelta(days=number)).isoformat() if 60 < number <= _EXCEL_LAST else None
    if 60 < value <= _EXCEL_LAST and value > 2100:  # a serial with a time of day
        return (_EXCEL_EPOCH + timedelta(days=int(value))).isoformat()
    year, _, month = f"{value:.10g}".partition(".")
    # 1990.05 can only be May; 1990.1 may be January or an October whose zero was swallowed
    return _valid(year, month, None) if len(month) == 2 and 1900 <= int(year) <= 2100 else None


def _valid(year: str, month: str, day: str | None) -> str | None:
    try:
        whole = date(int(year), int(month), int(day) if day else 1)
    except ValueError:
        return None
    return whole.isoformat() if day else whole.isoformat()[:7]


def read_date(value: object) -> str | None:
    """`YYYY-MM-DD`; None where no day is given."""
    day = read_date_or_month(value)
    return day if day and len(day) == 10 else None


# -- numbers ---------------------------------------------------------------------------------------------------------------

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


_YEARS = re.compile(
    r"(?:约|满|已满|共|从业)?(\d{1,2})(?:\.(\d+))?[多余]?(?:周?年|个年头)?(?:整|多|余|以上)?"
    r"(?:零?(?:\d{1,2}|[一二三四五六七八九十]{1,2})个?月)?"
)
_CHINESE_YEARS = re.compile(
    r"(?:约|满|已满|共|从业)?([一二两三四五六七八九十]{1,3})[多余]?(?:周?年)?(?:整|多|余|以上)?(?:零?[一二三四五六七八九十\d]{1,2}个?月)?"
)
_ONLY_MONTHS = re.compile(r"(?:\d|1[01])个月|半年|[一二三四五六七八九十]个月")


def read_years(value: object) -> int | None:
    """Whole years from `11年`, `十一年`, `11`, `11年3个月`, 11.0; None for `近十年`, `5-8年`, `很多年`."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return int(value) if 0 <= value < 100 else None
    if not isinstance(value, str):
        return None
    text = value if value.isdecimal() else "".join(unicodedata.normalize("NFKC", value.translate(_INVISIBLE)).split())
    text = _TRAILING_NOTE.sub("", text)
    if match := _YEARS.fullmatch(text):
        return int(match[1])
    if match := _CHINESE_YEARS.fullmatch(text):
        return chinese_number(match[1])
    return 0 if _ONLY_MONTHS.fullmatch(text) else None


_CROSS_AS_X = str.maketrans({"×": "X", "Х": "X", "х": "X", "✕": "X", "╳": "X"})
_IDENTITY_NOISE = re.compile(r"[\s\-—_.·:：]+")


def read_identity(text: str) -> str:
    """The identity number with full-width digits, spaces and a lower-case x mended; other text only cleaned.

    A multiplication sign or a Cyrillic Х in the place of the check character is the letter X: no digit is guessed.
    """
    plain = unicodedata.normalize("NFKC", clean_text(text))
    number = _IDENTITY_NOISE.sub("", plain).upper()
    if len(number) == 18:
        number = number[:17] + number[17].translate(_CROSS_AS_X)
    return number if number.isascii() and number.isalnum() else clean_text(text)


_PHONE_SIGNS = str.maketrans("－—–―‐‑−", "-------")
_MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})")


def read_phone(text: str) -> str:
    """A telephone as written, half-width; a mobile number loses its spaces, hyphens and the prefix +86."""
    plain = clean_text(unicodedata.normalize("NFKC", clean_text(text)).translate(_PHONE_SIGNS))
    match = _MOBILE.fullmatch(re.sub(r"[\s\-()]", "", plain))
    return match[1] if match else plain


# -- lists -----------------------------------------------------------------------------------------------------------------

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
    rf"|(?P<dot>(?P<n4>{_NUMERAL})\s*[.．。](?![0-9０-９])|(?P<n5>{_NUMERAL})[.．](?=(?:19|20)\d\d(?:\s*年|[.\-/—至]|\s))"
    rf")|(?P<doubt>(?P<n6>[0-9０-９]{{1,2}})(?:[.．](?=[0-9０-９])|\s+(?=\S)))|(?P<bullet>[•●◆■▪➢➤▶◇]))\s*"
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


# -- hints -----------------------------------------------------------------------------------------------------------------

_ANY_SIGN = {
    "(": "[(（]", "（": "[(（]", ")": "[)）]", "）": "[)）]", ",": "[,，、]", "，": "[,，、]", ".": "[.．。]", "。": "[.．。]",
    ":": "[:：]", "：": "[:：]", ";": "[;；]", "；": "[;；]", "“": "[\"“”]", "”": "[\"“”]", '"': "[\"“”]",
}  # fmt: skip
# A whole line in brackets that asks for something: a hint of some other print of the form.
_ANY_HINT = re.compile(
    r"[(（【\[][^()（）]*(?:请|字以内|字左右|不超过|填写|可附页|另附|限\d|如：|例如)[^()（）]*[)）】\]]"
)


@lru_cache(maxsize=64)
def _hint_pattern(hint: str) -> re.Pattern[str]:
    signs = "".join(hint.split())
    core = signs[1:-1] if signs[:1] in "(（" and signs[-1:] in ")）" else signs
    body = r"\s*".join(_ANY_SIGN.get(sign, re.escape(sign)) for sign in core.rstrip("。."))
    return re.compile(rf"[(（]?\s*{body}\s*[。.]?\s*[)）]?")


def strip_hints(text: str, hint: str) -> str:
    """The text without the form's printed hint, whatever the width of its punctuation and wherever it is broken.

    Lines that are wholly a bracketed request (`（请填写…，不超过3项）`) are hints of another print and go too.
    """
    if hint and any(sign in text for sign in "(（" + hint[1:3]):
        text = _hint_pattern(hint).sub("", text)
    if "(" in text or "（" in text or "【" in text or "[" in text:
        text = "\n".join(line for line in text.split("\n") if not _ANY_HINT.fullmatch(line.strip()))
    return text
