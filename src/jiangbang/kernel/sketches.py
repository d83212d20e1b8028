"""Near-duplicates among many texts: the same deeds recommended twice, reworked, or copied from an earlier edition.

A sketch of each text (MinHash over character shingles, in bands) finds the pairs worth a look, an alignment of the two texts decides.
Shingles that many texts share are phrases of the trade: they stand neither in sketches nor in the score. All of it is
deterministic: equal texts in equal order give equal pairs on every machine.

Broder, On the resemblance and containment of documents (1997); banding after Leskovec, Rajaraman, Ullman, Mining of Massive
Datasets, 3.4; multiply-shift hashing after Dietzfelbinger et al. (1997).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jiangbang.kernel.similarity import ALIKE, SHINGLE, aligned, folded

Hashes = NDArray[np.uint64]
Mask = NDArray[np.bool_]

# 64 bands of 2: a pair that keeps a fifth of its shingles is found with probability 0.93.
BANDS: Final = 64
ROWS: Final = 2
# A shingle that more than 1 in 500 texts share is a phrase of the trade.
COMMON_SHARE: Final = 500
COMMON_AT_LEAST: Final = 8
# A text of phrases alone keeps them all: it would have no sketch else.
FEWEST_SHINGLES: Final = 12
# Two texts that are the same to this part are a pair, whatever phrases they are made of.
NEARLY_ALL: Final = 0.9
# Letters beside the phrases; two texts that have fewer say nothing about each other.
FEWEST_TELLING: Final = 30
# Of a text of phrases only its like is a pair (`NEARLY_ALL`): so many bands must agree at once, else everything would meet everything.
BANDS_OF_PHRASES: Final = 4
# Texts in one bucket of one band; beyond, only neighbours are compared (the others meet in other buckets).
LARGEST_BUCKET: Final = 400
# Counters of how many texts share a shingle: this many for each text, up to a bound. A collision only makes a rare one look common.
COUNTERS_A_TEXT: Final = 1024
FEWEST_COUNTERS: Final = 1 << 20
MOST_COUNTERS: Final = 1 << 24
PORTION: Final = 512
SKETCH_BYTES: Final = 8 * BANDS
_FACTORS: Final[Hashes] = np.random.Generator(np.random.PCG64(20221220)).integers(
    0, 1 << 64, BANDS * ROWS, dtype=np.uint64
) | np.uint64(1)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts by their places, the first before the second, and how alike they are: 0 nothing in common, 1 the same."""

    first: int
    second: int
    similarity: float


@dataclass(frozen=True, slots=True, eq=False)
class Phrases:
    """The shingles that many texts share, as sorted places among `size` (a power of two) counters."""

    size: int
    slots: NDArray[np.uint32]

    def among(self, shingles: Hashes) -> Mask:
        """Which of these shingles are phrases."""
        if not self.slots.size:
            return np.zeros(shingles.size, dtype=np.bool_)
        wanted = (shingles & np.uint64(self.size - 1)).astype(np.uint32)
        places = np.minimum(np.searchsorted(self.slots, wanted), self.slots.size - 1)
        return np.asarray(self.slots[places] == wanted, dtype=np.bool_)

    def without(self, text: str) -> str:
        """The folded text without the letters that stand in phrases."""
        common = self.among(_hashed(text))
        if not common.any():
            return text
        covered = np.zeros(max(len(text), SHINGLE), dtype=np.bool_)
        for offset in range(SHINGLE):
            covered[offset : offset + common.size] |= common
        return "".join(letter for letter, phrase in zip(text, covered, strict=False) if not phrase)

    def as_bytes(self) -> bytes:
        return self.size.to_bytes(8) + self.slots.astype("<u4").tobytes()

    @classmethod
    def from_bytes(cls, kept: bytes) -> Phrases:
        """What `as_bytes` wrote."""
        return cls(int.from_bytes(kept[:8]), np.frombuffer(kept[8:], dtype="<u4").astype(np.uint32))


NO_PHRASES: Final = Phrases(1, np.zeros(0, dtype=np.uint32))


def phrases_of(texts: Iterable[str], count: int) -> Phrases:
    """The phrases among about `count` folded texts, read once. Memory is bounded: 64 MB of counters at most."""
    size = min(MOST_COUNTERS, max(FEWEST_COUNTERS, 1 << (COUNTERS_A_TEXT * count).bit_length()))
    counts = np.zeros(size, dtype=np.uint32)
    seen, portion = 0, []
    for text in texts:
        seen += 1
        portion.append(np.unique(_shingles(text) & np.uint64(size - 1)))
        if len(portion) == PORTION:
            _count(portion, counts)
            portion = []
    _count(portion, counts)
    common = np.flatnonzero(counts > max(COMMON_AT_LEAST, seen // COMMON_SHARE))
    return Phrases(size, common.astype(np.uint32))


def _count(portion: list[Hashes], counts: NDArray[np.uint32]) -> None:
    if portion:
        met, times = np.unique(np.concatenate(portion), return_counts=True)
        counts[met] += np.asarray(times, dtype=np.uint32)


def sketch_of(text: str, phrases: Phrases) -> Hashes | None:
    """The sketch of a folded text: a number for each band. None for the empty text, which is like nothing."""
    shingles = _shingles(text)
    if not shingles.size:
        return None
    rare = shingles[~phrases.among(shingles)]
    if rare.size >= FEWEST_SHINGLES or not phrases.slots.size:
        return _bands(rare if rare.size >= FEWEST_SHINGLES else shingles)
    bands = _bands(shingles)
    joined = bands[::BANDS_OF_PHRASES].copy()
    for offset in range(1, BANDS_OF_PHRASES):
        joined = _mixed(joined ^ bands[offset::BANDS_OF_PHRASES])
    # each number stands in as many bands as it was made of, so that the sketch has its length
    return np.repeat(joined, BANDS_OF_PHRASES)


def _bands(shingles: Hashes) -> Hashes:
    least = ((shingles[:, None] * _FACTORS) >> np.uint64(32)).min(axis=0)
    return np.asarray(least[::ROWS] << np.uint64(32) | least[1::ROWS], dtype=np.uint64)


def candidates(sketches: Hashes, new: Mask) -> Iterator[tuple[int, int]]:
    """Pairs of sketches (texts × bands) that agree in a band, each once, in order; at least one of the two is new."""
    size = len(sketches)
    found = np.zeros(0, dtype=np.int64)
    for band in range(BANDS):
        keys = sketches[:, band]
        order = np.argsort(keys, kind="stable")
        edges = np.concatenate(([0], np.flatnonzero(np.diff(keys[order])) + 1, [size]))
        met = [found]
        for bucket in np.flatnonzero(np.diff(edges) > 1):
            members = np.sort(order[edges[bucket] : edges[bucket + 1]])
            if new[members].any():
                first, second = _meeting(members)
                wanted = new[first] | new[second]
                met.append(first[wanted].astype(np.int64) * size + second[wanted])
        if len(met) > 1:
            found = np.unique(np.concatenate(met))
    for pair in found:
        yield int(pair) // size, int(pair) % size


def _meeting(members: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Who meets whom in a bucket: everybody everybody, in a large one only the next."""
    if members.size > LARGEST_BUCKET:
        return members[:-1], members[1:]
    first, second = np.triu_indices(members.size, 1)
    return members[first], members[second]


def score(one: str, other: str, phrases: Phrases, at_least: float = ALIKE) -> float:
    """How alike two folded texts are beside the phrases, 0 to 1; 0 where it is less than `at_least`."""
    whole = 1.0 if one == other else aligned(one, other, at_least)
    if whole < at_least or whole >= NEARLY_ALL or not phrases.slots.size:
        return whole if whole >= at_least else 0.0
    mine, theirs = phrases.without(one), phrases.without(other)
    if min(len(mine), len(theirs)) < FEWEST_TELLING:
        return 0.0
    telling = min(whole, aligned(mine, theirs, at_least))
    return telling if telling >= at_least else 0.0


def near_duplicates(texts: Sequence[str], *, alike: float = ALIKE, new_from: int = 0) -> tuple[Pair, ...]:
    """All pairs of texts that are alike to at least `alike`, in order; pairs before `new_from` are known and left out.

    A pair that keeps a fifth of its rarer shingles is found with probability 0.93, one that keeps a third with 0.9995. Memory: about
    600 bytes for each text, and the texts themselves.
    """
    plain = [folded(text) for text in texts]
    phrases = phrases_of(plain, len(plain))
    sketches = {place: made for place, text in enumerate(plain) if (made := sketch_of(text, phrases)) is not None}
    if not sketches:
        return ()
    places = np.fromiter(sketches, dtype=np.int64)
    found = []
    for one, other in candidates(np.array(list(sketches.values())), places >= new_from):
        first, second = int(places[one]), int(places[other])
        if value := score(plain[first], plain[second], phrases, alike):
            found.append(Pair(first, second, value))
    return tuple(found)


def _shingles(text: str) -> Hashes:
    """The text's distinct shingles as 64-bit hashes; a text shorter than a shingle is one shingle. Empty text: none."""
    return np.unique(_hashed(text))


def _hashed(text: str) -> Hashes:
    """The shingle that begins at each letter."""
    letters = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    if not letters.size:
        return letters
    if letters.size < SHINGLE:
        letters = np.pad(letters, (0, SHINGLE - letters.size))
    # a code point has 21 bits, so three of them are one number; mixing spreads it over all 64 bits
    packed = letters[:-2] | (letters[1:-1] << np.uint64(21)) | (letters[2:] << np.uint64(42))
    return _mixed(packed)


def _mixed(values: Hashes) -> Hashes:
    """Finaliser of SplitMix64 (Steele, Lea, Flood 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
