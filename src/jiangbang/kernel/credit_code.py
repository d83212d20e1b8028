"""Unified social credit codes of organisations: GB 32100-2015.

Eighteen characters: one of the registering authority, one of the kind of organisation, six digits of the region, nine of the
organisation, one check character. Examining never guesses: a wrong code stays wrong and is reported.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal

Problem = Literal["format", "letter", "checksum"]

# GB 32100 §4, table 3: digits and capital letters without I, O, S, V, Z; a character's value is its place
ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES: Final = {character: value for value, character in enumerate(ALPHABET)}
# GB 32100 §6: the weight of position i is 3^(i-1) mod 31
_WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(17))
_SHAPE: Final = re.compile(r"[0-9A-Z]{2}[0-9]{6}[0-9A-Z]{10}", re.ASCII)
_FIRST_17: Final = re.compile(f"[{ALPHABET}]{{17}}", re.ASCII)
_FOREIGN: Final = re.compile(r"[IOSVZ]")
# a code inside other words: not part of a longer run of letters and digits
_WITHIN: Final = re.compile(rf"(?<![0-9A-Z])[0-9A-Y][{ALPHABET}][0-9]{{6}}[{ALPHABET}]{{10}}(?![0-9A-Z])", re.ASCII)
# spaces and signs that people put between the groups of a code
_BETWEEN: Final = re.compile(r"[\s\-–—_.·:：]+")


def fold_code(text: str) -> str:
    """The code in its official spelling: half width, capital letters, nothing between the groups.

    >>> fold_code(" 9133 0100-ｍａ2abcd12x ")
    '91330100MA2ABCD12X'
    """
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper()


def check_character(first17: str) -> str:
    """The check character of the first 17. Raises ValueError unless they are 17 characters of the standard's alphabet."""
    if not _FIRST_17.fullmatch(first17):
        raise ValueError("the check character is computed from exactly 17 digits and letters without I, O, S, V, Z")
    total = sum(weight * _VALUES[character] for weight, character in zip(_WEIGHTS, first17, strict=True))
    return ALPHABET[-total % 31]


def examine(code: str) -> Problem | None:
    """What is wrong with a folded code; None where nothing is. `letter`: an I, O, S, V or Z, which no code has."""
    if not _SHAPE.fullmatch(code):
        return "format"
    if _FOREIGN.search(code):
        return "letter"
    return None if check_character(code[:17]) == code[17] else "checksum"


def code_within(text: str) -> str | None:
    """The first right code that stands in a text, such as `某某公司（91330100MA…）`; None where there is none."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return next((found for found in _WITHIN.findall(folded) if examine(found) is None), None)


def synthetic(number: int) -> str:
    """A right code for rehearsals and tests, of a region that no table has (990101), so that it is nobody's.

    Raises ValueError for a number below 0 or above 99,999,999.
    """
    if not 0 <= number <= 99_999_999:
        raise ValueError("a synthetic code has a number of up to eight digits")
    first17 = f"91990101M{number:08d}"
    return first17 + check_character(first17)
