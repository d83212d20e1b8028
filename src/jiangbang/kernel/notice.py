"""What an edition rules about its public notice, and what no notice may say of a person; pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, Final

# P-2: "five working days is usual"; beyond sixty somebody has mistyped.
DAYS: Final = 5
MOST_DAYS: Final = 60
FIELDS: Final = ("name", "employer_and_position")
# Whoever reads a public notice.
PUBLIC: Final = "public"
# Numbers that lead to a person: GB 11643 identity numbers, mobile numbers of the mainland, addresses of mail (PIPL, article 28 and 51).
_PERSONAL: Final = {
    "identity": re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])"),
    "mobile": re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])"),
    "mail": re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+", re.ASCII),
}
# Anything else of so many figures in a row may be a telephone, a card, a pass: somebody looks.
_FIGURES: Final = re.compile(r"(?<![0-9])[0-9]{3,4}[- ]?[0-9]{4,}(?![0-9])")
# Figures as some forms have them, and the spaces and strokes that people put into numbers.
_PLAIN: Final = str.maketrans("０１２３４５６７８９Ｘ＠．－", "0123456789X@.-")


def read_notice_days(document: Mapping[str, Any]) -> int:
    """For how many working days a notice stands: `notice.working_days` of an edition's document, else 5. Raises ValueError.

    >>> read_notice_days({}), read_notice_days({"notice": {"working_days": 7}})
    (5, 7)
    """
    days = document.get("notice", {}).get("working_days", DAYS)
    if type(days) is not int or not 1 <= days <= MOST_DAYS:
        raise ValueError(f"notice.working_days must be a whole number from 1 to {MOST_DAYS}")
    return days


def read_notice_fields(
    document: Mapping[str, Any], visible: Mapping[str, Collection[str]] | None = None
) -> tuple[str, ...]:
    """Which fields of the form a notice has: `notice.fields`, the name before the others. `visible`: who sees each field at the notice,
    by the form. Raises ValueError for a field that the public may not see.

    >>> read_notice_fields({"notice": {"fields": ["name", "region"]}}, {"name": ["public"], "region": ["public"]})
    ('name', 'region')
    """
    fields = document.get("notice", {}).get("fields", FIELDS)
    if not isinstance(fields, list | tuple) or not fields or fields[0] != "name" or len(set(fields)) != len(fields):
        raise ValueError("notice.fields must be a list of different fields that begins with the name")
    for key in fields if visible is not None else ():
        if PUBLIC not in (visible or {}).get(key, ()):
            raise ValueError(f"notice.fields has {key!r}, which the form does not show to the public at the notice")
    return tuple(fields)


def personal_in(text: str) -> tuple[str, ...]:
    """What in a text leads to a person and may not be published: identity, mobile, mail; or `figures`, at which somebody looks.

    >>> personal_in("某某公司 工程师"), personal_in("１３９ ５７１２ ３４５６")
    ((), ('mobile',))
    """
    plain = text.translate(_PLAIN)
    joined = re.sub(r"(?<=[0-9])[ \u3000-](?=[0-9Xx])", "", plain)
    found = tuple(kind for kind, shape in _PERSONAL.items() if shape.search(joined))
    return found or (("figures",) if _FIGURES.search(plain) else ())
