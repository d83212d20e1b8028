"""The Merkle tree of RFC 9162 §2.1 (the same hashes as RFC 6962).

Leaves and nodes are hashed with different prefixes, so neither can stand for the other. Proving and checking are apart:
a checker needs only the functions `verify_*`, the root and the proof. Hashes are 32 bytes of SHA-256.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

HASH_SIZE: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
_LEAF_PREFIX: Final = b"\x00"
_NODE_PREFIX: Final = b"\x01"


def leaf_hash(data: bytes) -> bytes:
    """MTH({d}) = SHA-256(0x00 || d)."""
    return hashlib.sha256(_LEAF_PREFIX + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return hashlib.sha256(_NODE_PREFIX + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """All that is needed to append to a tree and to know its root: the roots of its full subtrees, largest first.

    One hash for each 1 in the binary of `size`: at most 17 for 100,000 leaves. Appending gives a new frontier; the old
    one stays.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.hashes) != self.size.bit_count():
            raise ValueError(f"a frontier of size {self.size} has {max(self.size, 0).bit_count()} hashes")
        if any(len(value) != HASH_SIZE for value in self.hashes):
            raise ValueError("a hash of the frontier is not 32 bytes long")

    def append(self, leaf: bytes) -> Frontier:
        """The frontier with one more leaf hash; amortised one hashing."""
        return self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> Frontier:
        """The frontier with these leaf hashes appended in order."""
        size, stack = self.size, list(self.hashes)
        for leaf in leaves:
            _push(stack, leaf, size)
            size += 1
        return Frontier(size, tuple(stack))

    def root(self) -> bytes:
        """The root of the tree, SHA-256 of nothing for an empty one."""
        return _fold(self.hashes)


def root(hashes: Sequence[bytes]) -> bytes:
    """The root over these leaf hashes (not over the leaves' data)."""
    return _range_root(hashes, 0, len(hashes))


def inclusion_ranges(index: int, size: int) -> tuple[tuple[int, int], ...]:
    """The ranges of leaves (start, end not included) whose roots are PATH(index, D_size), from the leaf up.

    Whoever keeps roots of subtrees proves with these instead of all leaves. Raises ValueError where the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size} leaves")
    path: list[tuple[int, int]] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    return tuple(reversed(path))


def inclusion_proof(index: int, size: int, hashes: Sequence[bytes]) -> tuple[bytes, ...]:
    """PATH(index, D_size), RFC 9162 §2.1.3.1: the audit path of one leaf, from the leaf up.

    `hashes` holds at least the first `size` leaf hashes. Raises ValueError where the tree has no such leaf.
    """
    if size > len(hashes):
        raise ValueError(f"no leaf {index} in a tree of {size} leaves")
    return tuple(_range_root(hashes, start, end) for start, end in inclusion_ranges(index, size))


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], tree_root: bytes) -> bool:
    """Whether the proof shows this leaf hash at `index` of the tree with this root (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size or not _well_formed((leaf, tree_root, *proof)):
        return False
    position, last, computed = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            computed = node_hash(sibling, computed)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            computed = node_hash(computed, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and computed == tree_root


def consistency_ranges(old: int, new: int) -> tuple[tuple[int, int], ...]:
    """The ranges of leaves whose roots are PROOF(old, D_new), in the proof's order. Raises ValueError for sizes that do not fit."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} leaves has no earlier state of {old}")
    if old in (0, new):
        return ()
    proof: list[tuple[int, int]] = []
    start, end, whole = 0, new, True
    while start + old != end:
        middle = start + _split(end - start)
        if start + old <= middle:
            proof.append((middle, end))
            end = middle
        else:
            proof.append((start, middle))
            old -= middle - start
            start, whole = middle, False
    if not whole:
        proof.append((start, end))
    return tuple(reversed(proof))


def consistency_proof(old: int, new: int, hashes: Sequence[bytes]) -> tuple[bytes, ...]:
    """PROOF(old, D_new), RFC 9162 §2.1.4.1: that the tree of `new` leaves begins with the tree of `old` leaves.

    Empty for old = 0 (every tree begins with nothing) and for old = new. Raises ValueError for sizes that do not fit.
    """
    if new > len(hashes):
        raise ValueError(f"a tree of {new} leaves has no earlier state of {old}")
    return tuple(_range_root(hashes, start, end) for start, end in consistency_ranges(old, new))


def verify_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Whether the proof shows that the new tree only appended to the old one (RFC 9162 §2.1.4.2)."""
    if not 0 <= old <= new or not _well_formed((old_root, new_root, *proof)):
        return False
    if old == new:
        return not proof and old_root == new_root and (old > 0 or old_root == EMPTY_ROOT)
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    # an old tree that is one full subtree is its own first node and is left out of the proof
    path = (old_root, *proof) if old & (old - 1) == 0 else tuple(proof)
    if not path:
        return False
    return _climb(old - 1, new - 1, path) == (old_root, new_root)


def _climb(position: int, last: int, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """Both roots as the path gives them; None where its length does not fit."""
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return None
        if position & 1 or position == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        position, last = position >> 1, last >> 1
    return (old, new) if last == 0 else None


def _well_formed(hashes: Iterable[bytes]) -> bool:
    return all(len(value) == HASH_SIZE for value in hashes)


def _split(size: int) -> int:
    """The largest power of two smaller than `size` (> 1)."""
    return 1 << ((size - 1).bit_length() - 1)


def _push(stack: list[bytes], leaf: bytes, size: int) -> None:
    """Append a leaf to the stack of a tree of `size` leaves: each trailing 1 of `size` is a subtree to be joined."""
    if len(leaf) != HASH_SIZE:
        raise ValueError("a leaf hash is 32 bytes long")
    while size & 1:
        leaf = node_hash(stack.pop(), leaf)
        size >>= 1
    stack.append(leaf)


def _fold(stack: Sequence[bytes]) -> bytes:
    if not stack:
        return EMPTY_ROOT
    folded = stack[-1]
    for left in reversed(stack[:-1]):
        folded = node_hash(left, folded)
    return folded


def _range_root(hashes: Sequence[bytes], start: int, end: int) -> bytes:
    """MTH over leaves start to end (not included), without recursion and with a stack of log2(n)."""
    stack: list[bytes] = []
    for count, position in enumerate(range(start, end)):
        _push(stack, hashes[position], count)
    return _fold(stack)
