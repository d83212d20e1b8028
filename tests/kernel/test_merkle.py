"""RFC 9162 Merkle tree: published vectors, the RFC's own recursive definitions, every small size, tampered proofs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangbang.kernel.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root,
    verify_consistency,
    verify_inclusion,
)

# the reference leaves and roots of the Certificate Transparency project (RFC 6962)
LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
HASHES = [leaf_hash(leaf) for leaf in LEAVES]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = [
    (0, 1, []),
    (
        0,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
]
CONSISTENCY = [
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
]
MANY = [leaf_hash(b"%d" % number) for number in range(64)]


def split(size: int) -> int:
    power = 1
    while power * 2 < size:
        power *= 2
    return power


def mth(hashes: Sequence[bytes]) -> bytes:
    """RFC 9162 §2.1.1, word for word."""
    if not hashes:
        return hashlib.sha256().digest()
    if len(hashes) == 1:
        return hashes[0]
    k = split(len(hashes))
    return node_hash(mth(hashes[:k]), mth(hashes[k:]))


def path(m: int, hashes: Sequence[bytes]) -> list[bytes]:
    """RFC 9162 §2.1.3.1."""
    if len(hashes) == 1:
        return []
    k = split(len(hashes))
    if m < k:
        return [*path(m, hashes[:k]), mth(hashes[k:])]
    return [*path(m - k, hashes[k:]), mth(hashes[:k])]


def subproof(m: int, hashes: Sequence[bytes], whole: bool) -> list[bytes]:
    """RFC 9162 §2.1.4.1."""
    if m == len(hashes):
        return [] if whole else [mth(hashes)]
    k = split(len(hashes))
    if m <= k:
        return [*subproof(m, hashes[:k], whole), mth(hashes[k:])]
    return [*subproof(m - k, hashes[k:], False), mth(hashes[:k])]


@pytest.mark.parametrize("size", range(9))
def test_root_gives_the_published_vectors(size: int) -> None:
    assert root(HASHES[:size]).hex() == ROOTS[size]
    assert Frontier().extend(HASHES[:size]).root().hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size", "expected"), INCLUSION)
def test_inclusion_proof_gives_the_published_vectors(index: int, size: int, expected: list[str]) -> None:
    proof = inclusion_proof(index, size, HASHES)
    assert [value.hex() for value in proof] == expected
    assert verify_inclusion(HASHES[index], index, size, proof, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("old", "new", "expected"), CONSISTENCY)
def test_consistency_proof_gives_the_published_vectors(old: int, new: int, expected: list[str]) -> None:
    proof = consistency_proof(old, new, HASHES)
    assert [value.hex() for value in proof] == expected
    assert verify_consistency(old, new, proof, bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new]))


def test_frontier_agrees_with_the_definition_at_every_size_to_64() -> None:
    frontier = Frontier()
    for size in range(65):
        assert (frontier.size, frontier.root()) == (size, mth(MANY[:size]))
        assert len(frontier.hashes) == size.bit_count()
        assert root(MANY[:size]) == mth(MANY[:size])
        if size < 64:
            frontier = frontier.append(MANY[size])


def test_inclusion_is_proved_and_checked_at_every_size_to_64() -> None:
    for size in range(1, 65):
        tree_root = mth(MANY[:size])
        for index in range(size):
            proof = inclusion_proof(index, size, MANY)
            assert list(proof) == path(index, MANY[:size])
            assert verify_inclusion(MANY[index], index, size, proof, tree_root)


def test_consistency_is_proved_and_checked_at_every_size_to_64() -> None:
    roots = [mth(MANY[:size]) for size in range(65)]
    for new in range(1, 65):
        for old in range(1, new + 1):
            proof = consistency_proof(old, new, MANY)
            assert list(proof) == subproof(old, MANY[:new], True)
            assert verify_consistency(old, new, proof, roots[old], roots[new])


def test_every_tree_begins_with_the_empty_one() -> None:
    assert consistency_proof(0, 5, MANY) == ()
    assert verify_consistency(0, 5, (), EMPTY_ROOT, root(MANY[:5]))
    assert not verify_consistency(0, 5, (), MANY[0], root(MANY[:5]))
    assert not verify_consistency(0, 0, (), MANY[0], MANY[0])


def test_inclusion_does_not_pass_at_another_index_or_for_another_leaf() -> None:
    for size in range(1, 33):
        tree_root = mth(MANY[:size])
        for index in range(size):
            proof = inclusion_proof(index, size, MANY)
            passing = [
                other for other in range(-1, size + 2) if verify_inclusion(MANY[index], other, size, proof, tree_root)
            ]
            assert passing == [index]
            assert not verify_inclusion(MANY[63], index, size, proof, tree_root)


def tampered(proof: Sequence[bytes]) -> list[tuple[bytes, ...]]:
    """The proof with a hash flipped, dropped, doubled, cut or exchanged, and with one added."""
    proof = tuple(proof)
    versions = [(*proof, MANY[0]), (MANY[0], *proof)]
    for at, value in enumerate(proof):
        flipped = bytes([value[0] ^ 1]) + value[1:]
        versions += [
            (*proof[:at], flipped, *proof[at + 1 :]),
            proof[:at] + proof[at + 1 :],
            (*proof[:at], value, *proof[at:]),
            (*proof[:at], value[:31], *proof[at + 1 :]),
        ]
    if len(proof) > 1:
        versions.append(proof[::-1])
    return versions


def test_tampered_inclusion_proofs_are_refused() -> None:
    for size in range(1, 33):
        tree_root = mth(MANY[:size])
        for index in range(size):
            for proof in tampered(inclusion_proof(index, size, MANY)):
                assert not verify_inclusion(MANY[index], index, size, proof, tree_root)


def test_tampered_consistency_proofs_are_refused() -> None:
    roots = [mth(MANY[:size]) for size in range(33)]
    for new in range(1, 33):
        for old in range(1, new + 1):
            for proof in tampered(consistency_proof(old, new, MANY)):
                assert not verify_consistency(old, new, proof, roots[old], roots[new])


def test_consistency_is_refused_when_history_was_rewritten() -> None:
    forged = [leaf_hash(b"forged"), *MANY[1:]]
    for new in range(2, 33):
        for old in range(1, new):
            proof = consistency_proof(old, new, forged)
            assert not verify_consistency(old, new, proof, mth(MANY[:old]), mth(forged[:new]))


@pytest.mark.parametrize(("index", "size"), [(0, 0), (-1, 3), (3, 3), (0, 65)])
def test_inclusion_proof_refuses_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        inclusion_proof(index, size, MANY)


@pytest.mark.parametrize(("old", "new"), [(-1, 3), (4, 3), (0, 65)])
def test_consistency_proof_refuses_sizes_that_do_not_fit(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="no earlier state"):
        consistency_proof(old, new, MANY)


@pytest.mark.parametrize(("size", "hashes"), [(-1, ()), (1, ()), (2, (MANY[0], MANY[1])), (1, (b"short",))])
def test_frontier_refuses_a_state_that_cannot_be(size: int, hashes: tuple[bytes, ...]) -> None:
    with pytest.raises(ValueError, match="frontier"):
        Frontier(size, hashes)


def test_frontier_refuses_data_in_place_of_its_hash() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Frontier().append(b"data")


@given(st.lists(st.binary(max_size=4), max_size=40), st.integers(0, 40))
def test_appending_in_pieces_gives_the_same_frontier(leaves: list[bytes], cut: int) -> None:
    hashes = [leaf_hash(leaf) for leaf in leaves]
    assert Frontier().extend(hashes[:cut]).extend(hashes[cut:]) == Frontier().extend(hashes)


def test_appending_leaves_the_old_frontier_as_it_was() -> None:
    old = Frontier().extend(MANY[:3])
    old.append(MANY[3])
    assert old == Frontier().extend(MANY[:3])
