"""Proofs from the rows, small enough for a public page: a few hundred leaf hashes are read for each, however large the register.

Roots of full runs of 256 leaves never change; each process keeps them, 32 bytes for 256 entries. They are trusted as long as they give
the signed head: whatever is proved is proved for the tree that was signed, or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import Final

from jiangbang.kernel import merkle, notes
from jiangbang.kernel.log_proof import LogProof
from jiangbang.register.models import Entry, Head, stored_hash
from jiangbang.register.queries import head

RUN: Final = 256


class Altered(Exception):
    """The rows do not give the signed tree: no proof can be made."""


class Tree:
    """The register's tree as it stood when it was made. Make one for each question: `present_tree()`."""

    def __init__(self, signed: Head, runs: Sequence[bytes]) -> None:
        self.size = signed.size
        self.checkpoint = signed.checkpoint
        self._runs = runs
        self._tails: dict[int, list[bytes]] = {}

    def root(self, start: int, end: int) -> bytes:
        """The root over leaves `start` to `end` (not included), as proofs need them: either within one run, or from a run's beginning.

        One query at most, for the leaves of the run in which it ends.
        """
        first, last = start // RUN, (end - 1) // RUN
        whole = list(self._runs[first : end // RUN]) if start % RUN == 0 else []
        if len(whole) * RUN == end - start:
            return merkle.root(whole)
        leaves = self._leaves(last)
        rest = leaves[max(start - last * RUN, 0) : end - last * RUN]
        return merkle.root([*whole, merkle.root(rest)])

    def _leaves(self, run: int) -> list[bytes]:
        """The leaf hashes of one run, read once. Raises Altered where one is missing."""
        if run not in self._tails:
            self._tails[run] = leaf_hashes(run * RUN, min((run + 1) * RUN, self.size))
        return self._tails[run]

    def consistency(self, old: int, new: int) -> tuple[bytes, ...]:
        """That the tree of `new` leaves begins with the one of `old`. Raises ValueError for sizes that the register never had."""
        if new > self.size:
            raise ValueError(f"the register has no state of {new} entries")
        return tuple(self.root(start, end) for start, end in merkle.consistency_ranges(old, new))

    def inclusion(self, index: int) -> LogProof:
        """That an entry stands at this place; without the entry itself. Raises ValueError where there is none."""
        path = tuple(self.root(start, end) for start, end in merkle.inclusion_ranges(index, self.size))
        return LogProof(index, path, self.checkpoint)


_runs: list[bytes] = []
_lock = Lock()


def present_tree() -> Tree:
    """The tree under the present head: two queries, one more for what has been added since the last time.

    Raises Altered where the rows do not give it.
    """
    signed = head()
    if not signed.size:
        return Tree(signed, ())
    try:
        wanted = notes.parse_checkpoint(signed.checkpoint.partition("\n\n")[0] + "\n")
    except notes.NoteError:
        raise Altered from None
    for known in (tuple(_runs), ()):
        runs = _grown(known, signed.size)
        tree = Tree(signed, runs)
        if wanted.size == signed.size and tree.root(0, signed.size) == wanted.root:
            with _lock:
                # what another thread has meanwhile learnt of the same register is the same
                _runs[:] = runs
            return tree
    raise Altered


def _grown(known: Sequence[bytes], size: int) -> tuple[bytes, ...]:
    """The roots of all full runs: those known, and those that are new."""
    kept, full = known[: size // RUN], size // RUN * RUN
    hashes = leaf_hashes(len(kept) * RUN, full) if len(kept) * RUN < full else []
    return (*kept, *(merkle.root(hashes[start : start + RUN]) for start in range(0, len(hashes), RUN)))


def leaf_hashes(start: int, end: int) -> list[bytes]:
    """The stored leaf hashes of entries `start` to `end` (not included). Raises Altered where one is missing or no hash."""
    rows = Entry.objects.filter(index__gte=start, index__lt=end).order_by("index").values_list("leaf_hash", flat=True)
    hashes = [stored_hash(one) for one in rows.iterator(chunk_size=5000)]
    if len(hashes) != end - start or any(len(one) != merkle.HASH_SIZE for one in hashes):
        raise Altered
    return hashes


def entry_proof(entry: Entry) -> LogProof:
    """The proof for an entry with the entry's own bytes, for its holder. Raises Altered where the entry is not what was signed."""
    if not entry.is_as_signed():
        raise Altered
    tree = present_tree()
    proof = tree.inclusion(entry.index)
    return LogProof(proof.index, proof.path, proof.checkpoint, entry.leaf())
