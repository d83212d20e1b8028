"""Encryption at rest: what is sealed opens unchanged, in its own place only, and nothing altered opens at all."""

from __future__ import annotations

import io
import tracemalloc
from typing import IO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangbang.kernel.vault import CHUNK_SIZE, Subject, Vault, VaultError

OLD, NEW, INDEX = bytes([1]) * 32, bytes([2]) * 32, bytes([3]) * 32
VAULT = Vault({"2025": OLD, "2026": NEW}, "2026", INDEX)
OLD_VAULT = Vault({"2025": OLD}, "2025", INDEX)
SUBJECT = VAULT.new_subject(b"person 1")[1]
AAD = b"dossier 7, id_number"
TAG = 16


@given(st.binary(max_size=300), st.binary(max_size=40))
def test_unseal_gives_what_was_sealed(plaintext: bytes, aad: bytes) -> None:
    assert VAULT.unseal(VAULT.seal(plaintext, aad), aad) == plaintext
    assert SUBJECT.unseal(SUBJECT.seal(plaintext, aad), aad) == plaintext


@pytest.mark.parametrize("owner", [VAULT, SUBJECT], ids=["vault", "subject"])
def test_any_flipped_bit_is_refused(owner: Vault | Subject) -> None:
    sealed = owner.seal(b"11010519491231002X", AAD)
    for bit in range(len(sealed) * 8):
        altered = bytearray(sealed)
        altered[bit // 8] ^= 1 << bit % 8
        with pytest.raises(VaultError):
            owner.unseal(bytes(altered), AAD)


@pytest.mark.parametrize("owner", [VAULT, SUBJECT], ids=["vault", "subject"])
def test_any_shortened_or_lengthened_value_is_refused(owner: Vault | Subject) -> None:
    sealed = owner.seal(b"value", AAD)
    for altered in [sealed[:length] for length in range(len(sealed))] + [sealed + b"\x00", b"\x00" + sealed]:
        with pytest.raises(VaultError):
            owner.unseal(altered, AAD)


@given(st.binary(max_size=60))
def test_unseal_refuses_any_other_bytes(data: bytes) -> None:
    with pytest.raises(VaultError):
        VAULT.unseal(data, b"")


@given(st.binary(max_size=20), st.binary(max_size=20))
def test_a_value_opens_in_its_own_place_only(place: bytes, other: bytes) -> None:
    sealed = VAULT.seal(b"value", place)
    if place == other:
        assert VAULT.unseal(sealed, other) == b"value"
    else:
        with pytest.raises(VaultError):
            VAULT.unseal(sealed, other)


def test_equal_values_are_sealed_differently() -> None:
    assert VAULT.seal(b"value", AAD) != VAULT.seal(b"value", AAD)


def test_an_old_key_still_opens_and_a_new_value_needs_the_current_one() -> None:
    assert VAULT.unseal(OLD_VAULT.seal(b"value", AAD), AAD) == b"value"
    with pytest.raises(VaultError, match="does not hold"):
        OLD_VAULT.unseal(VAULT.seal(b"value", AAD), AAD)


def test_rewrap_moves_a_value_to_the_current_key() -> None:
    sealed = OLD_VAULT.seal(b"value", AAD)
    moved = VAULT.rewrap(sealed, AAD)
    assert (VAULT.key_id(sealed), VAULT.key_id(moved)) == ("2025", "2026")
    assert Vault({"2026": NEW}, "2026", INDEX).unseal(moved, AAD) == b"value"
    assert VAULT.rewrap(moved, AAD) is moved


def test_rewrap_moves_a_persons_key_and_the_values_stay_as_they_are() -> None:
    wrapped, subject = OLD_VAULT.new_subject(b"person 1")
    sealed = subject.seal(b"value", AAD)
    moved = VAULT.rewrap(wrapped, b"person 1")
    assert Vault({"2026": NEW}, "2026", INDEX).subject(moved, b"person 1").unseal(sealed, AAD) == b"value"


def test_rewrap_refuses_altered_values_and_other_kinds() -> None:
    sealed = OLD_VAULT.seal(b"value", AAD)
    for altered in (sealed[:-1] + bytes([sealed[-1] ^ 1]), SUBJECT.seal(b"value", AAD), b""):
        with pytest.raises(VaultError):
            VAULT.rewrap(altered, AAD)


def test_subject_opens_its_own_values_only() -> None:
    wrapped, subject = VAULT.new_subject(b"person 1")
    _, other = VAULT.new_subject(b"person 2")
    sealed = subject.seal(b"value", AAD)
    assert VAULT.subject(wrapped, b"person 1").unseal(sealed, AAD) == b"value"
    for stranger in (other, SUBJECT):
        with pytest.raises(VaultError):
            stranger.unseal(sealed, AAD)
    with pytest.raises(VaultError):
        VAULT.subject(wrapped, b"person 2")


def test_a_wrapped_key_is_no_field_and_a_field_no_wrapped_key() -> None:
    wrapped, _ = VAULT.new_subject(AAD)
    with pytest.raises(VaultError):
        VAULT.unseal(wrapped, AAD)
    with pytest.raises(VaultError):
        VAULT.subject(VAULT.seal(bytes(32), AAD), AAD)


def test_blind_index_is_stable_and_apart_by_purpose() -> None:
    number = VAULT.blind_index("990101199001021236", "id_number")
    assert number == OLD_VAULT.blind_index("990101199001021236", "id_number")
    assert len(number) == 64
    others = {
        VAULT.blind_index("990101199001021236", "mobile"),
        VAULT.blind_index("990101199001021237", "id_number"),
        VAULT.blind_index("0101199001021236", "id_number99"),
        Vault({"2025": OLD}, "2025", bytes([4]) * 32).blind_index("990101199001021236", "id_number"),
    }
    assert number not in others
    assert len(others) == 4


@pytest.mark.parametrize(
    ("keys", "current", "index_key"),
    [
        ({"a": OLD}, "b", INDEX),
        ({"a": OLD[:31]}, "a", INDEX),
        ({"a": OLD}, "a", INDEX[:31]),
        ({"a": OLD}, "a", OLD),
        ({"": OLD}, "", INDEX),
        ({"a" * 256: OLD}, "a" * 256, INDEX),
    ],
)
def test_vault_refuses_keys_that_cannot_serve(keys: dict[str, bytes], current: str, index_key: bytes) -> None:
    with pytest.raises(ValueError, match="key"):
        Vault(keys, current, index_key)


def content(size: int) -> bytes:
    return bytes(range(256)) * (size // 256) + bytes(size % 256)


def sealed_stream(plaintext: bytes, owner: Vault | Subject = VAULT) -> bytes:
    sealed = io.BytesIO()
    owner.seal_stream(io.BytesIO(plaintext), sealed, AAD)
    return sealed.getvalue()


def opened_stream(sealed: bytes, owner: Vault | Subject = VAULT, aad: bytes = AAD) -> bytes:
    plaintext = io.BytesIO()
    owner.unseal_stream(io.BytesIO(sealed), plaintext, aad)
    return plaintext.getvalue()


def chunks_of(sealed: bytes) -> tuple[bytes, list[bytes]]:
    """Header and sealed chunks."""
    start = 3 + int.from_bytes(sealed[1:3])
    size = CHUNK_SIZE + TAG
    return sealed[:start], [sealed[at : at + size] for at in range(start, len(sealed), size)]


SIZES = [0, 1, 1000, CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + 1, 2 * CHUNK_SIZE, 2 * CHUNK_SIZE + 5]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("owner", [VAULT, SUBJECT], ids=["vault", "subject"])
def test_streams_open_unchanged(owner: Vault | Subject, size: int) -> None:
    plaintext = content(size)
    sealed = sealed_stream(plaintext, owner)
    assert opened_stream(sealed, owner) == plaintext
    with owner.open_reader(io.BytesIO(sealed), AAD) as reader:
        assert reader.read(10) + reader.read() == plaintext


def test_stream_opens_in_its_own_place_only() -> None:
    with pytest.raises(VaultError):
        opened_stream(sealed_stream(b"photo"), aad=b"dossier 8")
    with pytest.raises(VaultError):
        opened_stream(sealed_stream(b"photo"), owner=SUBJECT)


def test_any_flipped_bit_of_a_small_stream_is_refused() -> None:
    sealed = sealed_stream(b"photo")
    for bit in range(len(sealed) * 8):
        altered = bytearray(sealed)
        altered[bit // 8] ^= 1 << bit % 8
        with pytest.raises(VaultError):
            opened_stream(bytes(altered))


def test_any_shortened_small_stream_is_refused() -> None:
    sealed = sealed_stream(b"photo")
    for length in range(len(sealed)):
        with pytest.raises(VaultError):
            opened_stream(sealed[:length])


def test_chunks_cut_moved_swapped_doubled_or_added_are_refused() -> None:
    header, (first, second, last) = chunks_of(sealed_stream(content(2 * CHUNK_SIZE + 5)))
    _, (foreign, _, foreign_last) = chunks_of(sealed_stream(content(2 * CHUNK_SIZE + 5)))
    altered = [
        (),
        (first,),
        (first, second),
        (first, second, last[:-1]),
        (first, last),
        (second, first, last),
        (first, first, second, last),
        (first, second, last, last),
        (first, second, last + b"\x00"),
        (foreign, second, last),
        (first, second, foreign_last),
        (last,),
    ]
    for chunks in altered:
        with pytest.raises(VaultError):
            opened_stream(header + b"".join(chunks))


def test_stream_cut_at_a_full_final_chunk_is_refused() -> None:
    header, (first, second) = chunks_of(sealed_stream(content(2 * CHUNK_SIZE)))
    assert opened_stream(header + first + second) == content(2 * CHUNK_SIZE)
    with pytest.raises(VaultError, match="cut off"):
        opened_stream(header + first)


def test_open_reader_refuses_a_truncated_stream_while_reading() -> None:
    sealed = sealed_stream(content(CHUNK_SIZE + 5))
    reader = VAULT.open_reader(io.BytesIO(sealed[:-1]), AAD)
    assert reader.read(1) == b"\x00"
    with pytest.raises(VaultError):
        reader.read()


class Zeros(io.RawIOBase):
    """A long file that gives less than it is asked for, as sockets do."""

    def __init__(self, size: int) -> None:
        self._left = size

    def read(self, size: int = -1) -> bytes:
        count = min(self._left, size, 60_000)
        self._left -= count
        return bytes(count)


class Sink(io.RawIOBase):
    """Counts what is written and keeps nothing."""

    def __init__(self) -> None:
        self.size = 0

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.size += len(data)
        return len(data)


def test_streams_need_a_few_chunks_of_memory_whatever_the_length() -> None:
    size, sink = 24 * CHUNK_SIZE + 1, Sink()
    reader: IO[bytes] = Zeros(size)  # type: ignore[assignment]
    tracemalloc.start()
    VAULT.seal_stream(reader, sink, AAD)  # type: ignore[arg-type]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sink.size > size
    assert peak < 6 * CHUNK_SIZE
