"""Chance: published values of SplitMix64, independence of order."""

from __future__ import annotations

import numpy as np

from jiangbang.kernel import chance


def test_the_generator_is_splitmix64() -> None:
    """The same words by Python's own integers, from the definition of Steele, Lea and Flood."""
    import hashlib

    state = int.from_bytes(hashlib.sha256(b"7/x").digest()[:8], "big")
    expected = []
    for _ in range(5):
        state = (state + 0x9E3779B97F4A7C15) % 2**64
        word = state
        word = (word ^ word >> 30) * 0xBF58476D1CE4E5B9 % 2**64
        word = (word ^ word >> 27) * 0x94D049BB133111EB % 2**64
        expected.append(word ^ word >> 31)
    assert chance.words(7, "x", 5).tolist() == expected


def test_a_part_is_the_part_of_the_whole() -> None:
    assert chance.words(1, "a", 4, start=3).tolist() == chance.words(1, "a", 7)[3:].tolist()


def test_an_order_holds_every_number_once() -> None:
    assert sorted(chance.order(5, "rows", 100).tolist()) == list(range(100))


def test_streams_differ() -> None:
    assert not np.array_equal(chance.words(1, "a", 8), chance.words(1, "b", 8))
    assert 400 < int(chance.coins(1, "a", 1000).sum()) < 600
