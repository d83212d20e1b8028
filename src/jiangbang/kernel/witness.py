"""What somebody outside finds who kept an older checkpoint of a register and looks at the present one.

Nothing here trusts the register: only the key that the witness keeps, and the mathematics of RFC 9162 §2.1.4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from jiangbang.kernel.merkle import verify_consistency
from jiangbang.kernel.notes import Checkpoint, NoteError, Verifier, open_note, parse_checkpoint, take_apart


class Verdict(StrEnum):
    """What is to be thought of the register. The first three are good."""

    FIRST = "first"
    SAME = "same"
    GROWN = "grown"
    ROLLED_BACK = "rolled_back"
    FORKED = "forked"
    UNPROVED = "unproved"
    CUT = "cut"
    ALTERED = "altered"
    OTHER_KEY = "other_key"
    FORGED = "forged"
    OTHER_LOG = "other_log"
    KEPT_UNSIGNED = "kept_unsigned"


GOOD = frozenset({Verdict.FIRST, Verdict.SAME, Verdict.GROWN})


class Source(Protocol):
    """Where the present state of a register is had from: over the network, from an export, from an installation."""

    def checkpoint(self) -> str:
        """The present checkpoint, a signed note."""

    def flaw(self, found: Checkpoint) -> Verdict | None:
        """`CUT` or `ALTERED` where the source's own entries do not give this tree; None where they do or cannot be seen."""

    def proof(self, old: int, new: int) -> Sequence[bytes] | None:
        """The consistency proof between two sizes; None where the register gives none."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict with the two states compared: `kept` from before, `found` now; None where there is none that could be trusted.

    `note` is what the register gave, empty where it was not asked.
    """

    verdict: Verdict
    kept: Checkpoint | None
    found: Checkpoint | None
    note: str

    @property
    def good(self) -> bool:
        """Whether the found checkpoint may take the kept one's place."""
        return self.verdict in GOOD


def watch(kept_note: str | None, key: Verifier, source: Source) -> Finding:
    """Compare the present register with the checkpoint kept from before.

    Raises NoteError where what the source gives is no note at all; whatever the source raises goes through.
    """
    try:
        kept = None if kept_note is None else parse_checkpoint(open_note(kept_note, [key]))
    except NoteError:
        return Finding(Verdict.KEPT_UNSIGNED, None, None, "")
    note = source.checkpoint()
    take_apart(note)
    try:
        found = parse_checkpoint(open_note(note, [key]))
    except NoteError:
        return Finding(_why_unsigned(note, key), kept, None, note)
    return Finding(_verdict(kept, found, source), kept, found, note)


def _why_unsigned(note: str, key: Verifier) -> Verdict:
    """A signature under the key's own name and id that does not fit is forged; else another key signed."""
    signed_as = {(name, key_id) for name, key_id, _signature in take_apart(note)[1]}
    return Verdict.FORGED if (key.name, key.key_id) in signed_as else Verdict.OTHER_KEY


def _verdict(kept: Checkpoint | None, found: Checkpoint, source: Source) -> Verdict:
    if kept is not None and kept.origin != found.origin:
        return Verdict.OTHER_LOG
    if kept is not None and found.size < kept.size:
        return Verdict.ROLLED_BACK
    if flaw := source.flaw(found):
        return flaw
    if kept is None:
        return Verdict.FIRST
    if kept.size == found.size:
        return Verdict.SAME if kept.root == found.root else Verdict.FORKED
    proof = source.proof(kept.size, found.size)
    if proof is None:
        return Verdict.UNPROVED
    holds = verify_consistency(kept.size, found.size, proof, kept.root, found.root)
    return Verdict.GROWN if holds else Verdict.FORKED
