"""From what people write to values: labels, genders, months, years, identity numbers, telephones, lists.

Every reader returns None for "cannot be understood": digits are never guessed. Callers keep the text as written then and
report `field.format`. Nothing here raises for any text.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache

from jiangbang.papers.numbering import split_items
from jiangbang.papers.wording import (
    AUTO_NUMBER,
    INVISIBLE,
    chinese_number,
    clean_lines,
    clean_name,
    clean_text,
    join_pieces,
)

__all__ = [
    "AUTO_NUMBER",
    "chinese_number",
    "clean_lines",
    "clean_name",
    "clean_text",
    "fold_label",
    "has_boxes",
    "join_pieces",
    "read_choice",
    "read_date",
    "read_date_or_month",
    "read_gender",
    "read_identity",
    "read_month",
    "read_phone",
    "read_years",
    "split_items",
    "strip_hints",
]

_BRACKETS = re.compile(r"[(（【\[〔〈《<＜{｛][^)）】\]〕〉》>＞}｝]*[)）】\]〕〉》>＞}｝]?")
_BRACKET_SIGNS = re.compile(r"[()（）【】\[\]〔〕〈〉《》<>＜＞{}｛｝]")
_LABEL_NOISE = re.compile(r"[\s:：*＊★☆※_＿\-—－~·.．。;；,，\"“”'‘’]+")
_LABEL_NUMBER = re.compile(r"^(?:\d{1,2}|[一二三四五六七八九十]{1,3})[、.．)）]")


@lru_cache(maxsize=4096)
def fold_label(text: str) -> str:
    """A label without white space of any kind, line breaks, colons, stars, leading numbers and bracketed hints.

    `姓　名：` → `姓名`, `推荐单位（区县市工会等）\\n意见` → `推荐单位意见`, `【学历】` → `学历`.
    """
    bare = _LABEL_NUMBER.sub("", "".join(text.translate(INVISIBLE).split()))
    folded = _LABEL_NOISE.sub("", _BRACKETS.sub("", bare))
    return folded or _LABEL_NOISE.sub("", _BRACKET_SIGNS.sub("", bare))


# -- choices and gender --------------------------------------------------------------------------------------------------

_CHECKED = "☑☒✓✔√■●◉⊠🗹✅"
_UNCHECKED = "□☐○◯◻▢"
_CHOICE = re.compile(rf"[\[(（]?\s*([{_CHECKED}{_UNCHECKED}])\s*[\])）]?")
_TICKS, _UNTICKED = frozenset(_CHECKED), frozenset(_UNCHECKED)
_EMPTY_BRACKETS = re.compile(r"[\[(（【]\s*[\])）】]")
_CROSSED = re.compile(r"[\[(（【]\s*[xX×✗✘╳]\s*[\])）】]")
_GENDERS = {"男": "male", "女": "female", "male": "male", "female": "female", "m": "male", "f": "female"}


def _in_boxes(text: str) -> str:
    """`[x]男 [ ]女` with signs in place of bracketed crosses and gaps; a cross beside a tick means no."""
    if "[" not in text and "(" not in text and "（" not in text and "【" not in text:
        return text
    boxed, gaps = _EMPTY_BRACKETS.subn("□", text)
    if not gaps and _UNTICKED.isdisjoint(text) and _TICKS.isdisjoint(text):
        return text
    return _CROSSED.sub("☑" if _TICKS.isdisjoint(boxed) else "□", boxed) if _CROSSED.search(boxed) else text


def has_boxes(text: str) -> bool:
    """Whether the text offers options with boxes to tick."""
    signs = set(_in_boxes(text))
    return not (_UNTICKED.isdisjoint(signs) and _TICKS.isdisjoint(signs))


def is_ticked(text: str) -> bool:
    """Whether any box of the text is ticked."""
    return not _TICKS.isdisjoint(_in_boxes(text))


def read_choice(text: str) -> str | None:
    """The one option that is ticked in `□群众 ☑中共党员`; None where none or several are ticked."""
    pieces = _CHOICE.split(_EMPTY_BRACKETS.sub("□", _in_boxes(text)))
    before, signs, options = clean_text(pieces[0]), pieces[1::2], [clean_text(piece) for piece in pieces[2::2]]
    if before:  # the tick stands after its option: `男√ 女□`, `男√ 女`
        options = [before, *options[:-1]]
    ticked = [option for sign, option in zip(signs, options, strict=False) if sign in _CHECKED]
    if len(ticked) != 1:
        return None
    return ticked[0].strip("/／、,，;； ") or None


def read_gender(text: str) -> str | None:
    """`male` or `female` from 男, 女, 男性, M, `☑男 □女`, `男√ 女`; None where both or neither are meant."""
    bare = _in_boxes(clean_text(text))
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
_MONTH_FIRST = re.compile(r"(\d{1,2})[/.\-](1[89]\d\d|20\d\d)")
_COMPACT = re.compile(r"(1[89]\d\d|20\d\d)(\d\d)(\d\d)?")
_CHINESE_MONTH = re.compile(
    r"([一二][〇零○一二三四五六七八九]{3}|(?:19|20)\d\d)年([一二三四五六七八九十]{1,3})月(?:([一二三四五六七八九十]{1,3})[日号]?)?"
)
_PLAIN_DATE = re.compile(r"[0-9年月日.\-/]+")
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
    text = value
    if not _PLAIN_DATE.fullmatch(value):
        text = "".join(unicodedata.normalize("NFKC", value.translate(INVISIBLE)).split())
        text = _TRAILING_NOTE.sub("", text)
    if len(text) == 7 and text[4:5] in "-." and text[:4].isdecimal() and text[5:].isdecimal():
        return _valid(text[:4], text[5:], None)
    if match := _MONTH.fullmatch(text) or _COMPACT.fullmatch(text):
        return _valid(*match.groups())
    if match := _MONTH_FIRST.fullmatch(text):
        return _valid(match[2], match[1], None)
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
    text = value if value.isdecimal() else "".join(unicodedata.normalize("NFKC", value.translate(INVISIBLE)).split())
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
    if len(text) == 18 and text.isascii() and text.isalnum():
        return text.upper()
    plain = unicodedata.normalize("NFKC", clean_text(text))
    number = _IDENTITY_NOISE.sub("", plain).upper()
    if len(number) == 18:
        number = number[:17] + number[17].translate(_CROSS_AS_X)
    return number if number.isascii() and number.isalnum() else clean_text(text)


_PHONE_SIGNS = str.maketrans("－—–―‐‑−", "-------")
_MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})")


def read_phone(text: str) -> str:
    """A telephone as written, half-width; a mobile number loses its spaces, hyphens and the prefix +86."""
    if len(text) == 11 and text.isascii() and text.isdecimal():
        return text
    plain = clean_text(unicodedata.normalize("NFKC", clean_text(text)).translate(_PHONE_SIGNS))
    match = _MOBILE.fullmatch(re.sub(r"[\s\-()]", "", plain))
    return match[1] if match else plain


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
