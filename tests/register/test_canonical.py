"""One way to write a value as bytes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangbang.register.canonical import SALT_BYTES, canonical_json, commitment, instant, new_salt

texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"b": 1, "a": [True, None]}, b'{"a":[true,null],"b":1}'),
        ({"名": "𬱖"}, '{"名":"𬱖"}'.encode()),
        ('\u2028\u007f\n"', '"\u2028\u007f\\n\\""'.encode()),
        ({}, b"{}"),
        (-0, b"0"),
    ],
)
def test_a_value_has_one_spelling(value: Any, written: bytes) -> None:
    assert canonical_json(value) == written


@given(values)
def test_what_is_written_reads_as_the_same_value(value: Any) -> None:
    assert json.loads(canonical_json(value)) == value


@given(st.dictionaries(texts, st.integers(), max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_keys_says_nothing(value: dict[str, int], random: Any) -> None:
    pairs = list(value.items())
    random.shuffle(pairs)
    assert canonical_json(dict(pairs)) == canonical_json(value)


@pytest.mark.parametrize("value", [1.0, [0.5], {"a": {"b": [1, (2.0,)]}}, float("nan")])
def test_floats_have_no_one_spelling(value: Any) -> None:
    with pytest.raises(ValueError, match="floating-point"):
        canonical_json(value)


def test_a_moment_is_spelt_in_utc_to_the_microsecond() -> None:
    china = timezone(timedelta(hours=8))
    assert instant(datetime(2023, 3, 31, 23, 59, 59, 7, china)) == "2023-03-31T15:59:59.000007Z"
    assert instant(datetime(2023, 3, 31, 15, 59, 59, 7, UTC)) == "2023-03-31T15:59:59.000007Z"


def test_salts_differ() -> None:
    salts = {new_salt() for _ in range(100)}
    assert len(salts) == 100
    assert {len(salt) for salt in salts} == {SALT_BYTES} == {16}


@given(values, st.binary(min_size=16, max_size=16))
def test_a_commitment_binds_value_and_salt(value: Any, salt: bytes) -> None:
    told = commitment(value, salt)
    assert len(told) == 64
    assert told == commitment(json.loads(canonical_json(value)), salt)
    assert told != commitment([value], salt)
    assert told != commitment(value, bytes(16 * [salt[0] ^ 1]))


def test_a_commitment_is_sha_256_over_salt_and_value() -> None:
    # printf '\0%.0s' {1..16} | cat - <(printf '{"a":1}') | sha256sum
    assert commitment({"a": 1}, bytes(16)) == "c5961791f82c7a925cef5b9fb7af1e2b205b05ab33c26b1ddabac8b2ff90930d"
