"""Which of many short texts are alike to one, without comparing each. Pure.

Two texts can only align to a share when so many of their letters are the same, and only share shingles when so many stand in both;
both are counted for all texts at once from an index, and what is left is compared letter by letter.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from jiangbang.kernel.similarity import Line, alike

Counts = NDArray[np.intp]


class LineSearch:
    """Lines that are compared with many others. The indexes are made when the first is asked for."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines

    def alike_to(self, line: Line, at_least: float) -> list[int]:
        """The places of all lines for which `alike(line, other, at_least)` holds, in order."""
        if not self.lines or not line.text:
            return []
        letters = (
            2 * self._letters.common(_letters_of(line)) >= at_least * (self._letters.sizes + len(line.text)) - 1e-6
        )
        shingles = self._shingles.common(line.shingles)
        moved = (shingles > 0) & (2 * shingles >= at_least * (self._shingles.sizes + len(line.shingles)) - 1e-6)
        return [place for place in np.flatnonzero(letters | moved).tolist() if alike(line, self.lines[place], at_least)]

    @cached_property
    def _letters(self) -> _Index:
        return _Index([_letters_of(line) for line in self.lines])

    @cached_property
    def _shingles(self) -> _Index:
        return _Index([line.shingles for line in self.lines])


class _Index:
    """For each token the places of the sets that hold it."""

    def __init__(self, held: Sequence[frozenset[str]]) -> None:
        self.sizes: Counts = np.array([len(tokens) for tokens in held], dtype=np.intp)
        places = defaultdict[str, list[int]](list)
        for place, tokens in enumerate(held):
            for token in tokens:
                places[token].append(place)
        self._places = {token: np.array(held_by, dtype=np.int32) for token, held_by in places.items()}

    def common(self, tokens: Iterable[str]) -> Counts:
        """How many of these tokens each set holds."""
        found = [self._places[token] for token in tokens if token in self._places]
        if not found:
            return np.zeros(len(self.sizes), dtype=np.intp)
        return np.bincount(np.concatenate(found), minlength=len(self.sizes))


def _letters_of(line: Line) -> frozenset[str]:
    """The letters as tokens: the second of the same letter is another one, so that sets count them all."""
    return frozenset(f"{letter}{nth}" for letter, times in Counter(line.text).items() for nth in range(times))
