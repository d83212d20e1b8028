"""How alike two texts are, and what stands in both.

Whether one came from the other is decided by an alignment of the two, by shingles in common where passages changed places, and
without the phrases that many texts share. `sketches` finds the pairs worth a look.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import Indel

# Three characters: one word and a half of Chinese. Two are shared by chance too often, four are lost by rewording too fast.
SHINGLE: Final = 3
# Two unrelated Chinese texts of this kind align to 0.12 on average and hardly ever beyond 0.35.
ALIKE: Final = 0.45


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch that two texts share: where it begins in each, and its length in characters of the first and the second."""

    first: int
    second: int
    first_length: int
    second_length: int


def folded(text: str) -> str:
    """The text as it is compared: compatibility forms folded, letters lower, everything but letters and digits dropped."""
    return "".join(character for character in unicodedata.normalize("NFKC", text).lower() if character.isalnum())


@dataclass(frozen=True, slots=True)
class Line:
    """A text folded once for many comparisons."""

    text: str
    shingles: frozenset[str]


def line_of(text: str) -> Line:
    """The text as `alike` compares it."""
    plain = folded(text)
    return Line(plain, frozenset(_shingle_texts(plain)))


def alike(one: Line, other: Line, at_least: float) -> bool:
    """Whether `similarity` of two texts is `at_least` so much (above 0)."""
    if not one.text or not other.text:
        return False
    # a cut-off of exactly so much drops what lies upon it: rapidfuzz turns it into a distance and rounds
    if Indel.normalized_similarity(one.text, other.text, score_cutoff=at_least - 1e-6) >= at_least:
        return True
    sizes = len(one.shingles) + len(other.shingles)
    if not sizes or 2 * min(len(one.shingles), len(other.shingles)) < at_least * sizes:
        return False
    return 2 * len(one.shingles & other.shingles) / sizes >= at_least


def similarity(first: str, second: str) -> float:
    """How alike two texts are, 0 to 1: the share of both that one alignment keeps, or that stands in common shingles.

    The second counts where passages changed places, which an alignment cannot follow.
    """
    one, other = folded(first), folded(second)
    if not one or not other:
        return 0.0
    return aligned(one, other, 0.0)


def aligned(one: str, other: str, at_least: float) -> float:
    """`similarity` of texts that are folded already; less than `at_least` may come back as any value below it."""
    kept = Indel.normalized_similarity(one, other, score_cutoff=at_least)
    if kept >= 1.0:
        return 1.0
    mine, theirs = set(_shingle_texts(one)), set(_shingle_texts(other))
    if not mine or not theirs:
        return float(kept)
    moved = 2 * len(mine & theirs) / (len(mine) + len(theirs))
    return float(max(kept, moved))


def _shingle_texts(text: str) -> Iterator[str]:
    return (text[start : start + SHINGLE] for start in range(len(text) - SHINGLE + 1))


def common_passages(first: str, second: str, shortest: int = 6) -> tuple[Passage, ...]:
    """The stretches of at least `shortest` letters that both texts share, in the order of the first; positions in the texts as given.

    Greedy string tiling (Wise 1993): the longest first, no letter in two of them; so passages that changed places are found.
    """
    one, places_one = _folded_places(first)
    other, places_other = _folded_places(second)
    return tuple(
        Passage(
            places_one[start],
            places_other[begin],
            places_one[start + length - 1] + 1 - places_one[start],
            places_other[begin + length - 1] + 1 - places_other[begin],
        )
        for start, begin, length in sorted(_tiles(one, other, shortest))
    )


def _tiles(one: str, other: str, shortest: int) -> list[tuple[int, int, int]]:
    """Start in the first, start in the second, length."""
    begins: dict[str, list[int]] = {}
    for place in range(len(other) - shortest + 1):
        begins.setdefault(other[place : place + shortest], []).append(place)
    taken_one, taken_other = bytearray(len(one)), bytearray(len(other))
    tiles = []
    while (tile := _longest(one, other, begins, (taken_one, taken_other), shortest))[2]:
        start, begin, length = tile
        taken_one[start : start + length] = taken_other[begin : begin + length] = b"\1" * length
        tiles.append(tile)
    return tiles


def _longest(
    one: str, other: str, begins: dict[str, list[int]], taken: tuple[bytearray, bytearray], shortest: int
) -> tuple[int, int, int]:
    """The longest stretch that neither text has given away; the first of equals; length 0 where there is none."""
    best = (0, 0, 0)
    for start in range(len(one) - shortest + 1):
        if len(one) - start <= best[2]:
            break
        for begin in begins.get(one[start : start + shortest], ()):
            length = 0
            while (
                start + length < len(one)
                and begin + length < len(other)
                and one[start + length] == other[begin + length]
                and not taken[0][start + length]
                and not taken[1][begin + length]
            ):
                length += 1
            if length >= shortest and length > best[2]:
                best = (start, begin, length)
    return best


def _folded_places(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the place in the text that it comes from."""
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for letter in folded(character):
            letters.append(letter)
            places.append(place)
    return "".join(letters), places
