"""Citizen identity numbers: GB 11643-1999.

Eighteen characters: six of the region, eight of the birth date, three of the sequence (odd: male, even: female), one
check character by ISO 7064 MOD 11-2. Examining never guesses: a wrong number stays wrong and is reported.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from operator import mul
from typing import Literal

from stdnum import numdb

Gender = Literal["male", "female"]
Problem = Literal["format", "birth_date", "checksum"]

# GB 11643 §4.2.3: weight of position i (from the left, 17 before the check character) is 2^(18-i) mod 11
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
# check character by remainder 0..10 of the weighted sum
_CHECK_CHARACTERS = "10X98765432"
# ASCII digits only: `str.isdigit` would let full-width and Arabic-Indic digits through
_SHAPE = re.compile(r"[0-9]{17}[0-9Xx]", re.ASCII)
_FIRST_17 = re.compile(r"[0-9]{17}", re.ASCII)
_REGION = re.compile(r"[0-9]{6}", re.ASCII)
_CENTURIES = range(18, 21)
# one period of a county's name in the table: `[1983-2000]萧山市`; a year is missing where open, both where always valid
_PERIOD = re.compile(r"(?:\[([0-9]*)-([0-9]*)\])?([^,]+)")


@dataclass(frozen=True, slots=True)
class Identity:
    """What a number says: `number` in its official spelling (capital X), `region` its first six digits."""

    number: str
    region: str
    birth: date
    gender: Gender


@dataclass(frozen=True, slots=True)
class Examination:
    """The outcome of examining a number.

    `identity` is filled in whenever the birth date is real, also with a wrong check character, so that birth and gender
    can still be compared with the form. `problem` is None exactly when the number is right.
    """

    identity: Identity | None
    problem: Problem | None


def check_digit(first17: str) -> str:
    """The check character of the first 17 digits. Raises ValueError unless they are 17 ASCII digits."""
    if not _FIRST_17.fullmatch(first17):
        raise ValueError("the check digit is computed from exactly 17 digits")
    total = sum(map(mul, _WEIGHTS, map(int, first17)))
    return _CHECK_CHARACTERS[total % 11]


def examine(number: str) -> Examination:
    """Judge one number as written (no spaces; a small x counts as X).

    Old numbers of 15 digits have been invalid since 2013 and are a problem of format.
    """
    if not _SHAPE.fullmatch(number):
        return Examination(None, "format")
    birth = _birth(number[6:14])
    if birth is None:
        return Examination(None, "birth_date")
    official = number.upper()
    gender: Gender = "male" if int(official[16]) % 2 else "female"
    identity = Identity(official, official[:6], birth, gender)
    return Examination(identity, None if check_digit(official[:17]) == official[17] else "checksum")


@cache
def region_name(code: str) -> str | None:
    """Province and county of a six-digit region code (`浙江省上城区`), past codes included; None where no table has it.

    Source: the table of python-stdnum. A code used for several places over time gives the latest.
    """
    if not _REGION.fullmatch(code):
        return None
    properties = {key: value for _, found in numdb.get("cn/loc").info(code) for key, value in found.items()}
    province, county = properties.get("province"), properties.get("county")
    if not province or not county:
        return None
    name = _latest(county)
    return province if name == province else province + name


def synthetic(region: str, birth: date, sequence: int) -> str:
    """A number with a right check character for rehearsals and tests; `sequence` 0 to 999, odd for men.

    Use a region that no table has (990101), so that it can belong to nobody. Raises ValueError for a bad region or
    sequence.
    """
    if not _REGION.fullmatch(region):
        raise ValueError("a region code has six digits")
    if not 0 <= sequence <= 999:
        raise ValueError("the sequence runs from 0 to 999")
    first17 = f"{region}{birth:%Y%m%d}{sequence:03d}"
    return first17 + check_digit(first17)


def _birth(digits: str) -> date | None:
    if int(digits[:2]) not in _CENTURIES:
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def _latest(county: str) -> str:
    """The name valid longest into the present: `[1983-2001]萧山市,[2001-]萧山区` → 萧山区."""
    periods = [(int(match[2] or 9999), match[3]) for match in _PERIOD.finditer(county)]
    # the first of equals wins, as the table lists the present name first where it gives no years
    return max(periods, key=lambda period: period[0])[1]
