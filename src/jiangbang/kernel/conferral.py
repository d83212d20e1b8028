"""What an edition rules about its conferral: how certificates are numbered, what is handed over; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

NUMBER: Final = "{slug}-{title}-{n:03}"
DECISION: Final = "认定〔{year}〕1号"
# Longer ones stand in no certificate's statement.
_LONGEST: Final = 85
_MOST_ITEMS: Final = 8


@dataclass(frozen=True, slots=True)
class ConferralSpec:
    """`numbers`: by title the pattern of its numbers, with {slug} of the edition, {year} of the conferral, {title} as its key, and {n}.
    `decision`: the number of the document that announces them. `handed_over`: what everybody is given at the ceremony."""

    numbers: Mapping[str, str]
    decision: str
    handed_over: tuple[str, ...]

    def number(self, title: str, n: int, *, year: int, slug: str) -> str:
        """The number of the n-th holder of a title, counted from 1.

        >>> ConferralSpec({"a": "甲〔{year}〕{n:03}号"}, "", ()).number("a", 7, year=2023, slug="2023")
        '甲〔2023〕007号'
        """
        return self.numbers.get(title, NUMBER).format(n=n, year=year, slug=slug, title=title)


def read_conferral(document: Mapping[str, Any], titles: tuple[str, ...]) -> ConferralSpec:
    """The table `[conferral]` of an edition's document. Raises ValueError for what it may not say.

    >>> read_conferral({"conferral": {"handed_over": ["证书"]}}, ("craftsman",)).handed_over
    ('证书',)
    """
    table = document.get("conferral", {})
    numbers, handed = table.get("numbers", {}), table.get("handed_over", [])
    decision = table.get("decision_number", DECISION)
    if not isinstance(numbers, Mapping) or not set(numbers) <= set(titles):
        raise ValueError("conferral.numbers has a pattern for each title by its key, and for nothing else")
    for key, pattern in numbers.items():
        if _tried(pattern, key, n=1) == _tried(pattern, key, n=2):
            raise ValueError(f"conferral.numbers.{key} gives everybody the same number: it needs {{n}}")
    if len({_tried(numbers.get(key, NUMBER), key, n=1) for key in titles}) < len(titles):
        raise ValueError("conferral.numbers must give each title numbers of its own, or two people have one number")
    _tried(decision, "", n=1)
    if not isinstance(handed, list) or not all(isinstance(item, str) and item.strip() for item in handed):
        raise ValueError("conferral.handed_over is a list of words")
    if len(handed) > _MOST_ITEMS or len(set(handed)) != len(handed):
        raise ValueError(f"conferral.handed_over names at most {_MOST_ITEMS} different things")
    return ConferralSpec(dict(numbers), decision, tuple(handed))


def _tried(pattern: object, title: str, *, n: int) -> str:
    try:
        number = pattern.format(n=n, year=2023, slug="2023", title=title) if isinstance(pattern, str) else ""
    except (KeyError, IndexError, ValueError, AttributeError):
        number = ""
    if not 0 < len(number) <= _LONGEST:
        raise ValueError(
            f"{pattern!r} is no pattern of a number: words with {{year}}, {{slug}} and {{n}}, as in 甲〔{{year}}〕{{n:03}}号"
        )
    return number
