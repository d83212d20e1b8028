"""A proof in a file that something stands in a log, as the C2SP specification `tlog-proof` gives it (version 1).

The file holds the entry's place, its audit path and the signed checkpoint. As its extra data we carry the entry itself: whoever has
the file and the log's public key checks it without asking anybody.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass

from jiangbang.kernel.merkle import HASH_SIZE, leaf_hash, verify_inclusion
from jiangbang.kernel.notes import Checkpoint, NoteError, Verifier, decode_base64, open_note, parse_checkpoint

HEADER = "c2sp.org/tlog-proof@v1"
SUFFIX = ".tlog-proof"
# a hostile file may be long; real ones have two thousand bytes
MAX_PROOF = 200_000
# a tree of 2⁶³ leaves
_LONGEST_PATH = 63
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})", re.ASCII)


class ProofError(ValueError):
    """A proof that is malformed or does not hold. `code`: `malformed`, `signature`, `path`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class LogProof:
    """The place of an entry (from 0), its audit path from the leaf up, the checkpoint as a signed note, the entry's bytes."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: str
    entry: bytes = b""

    def __str__(self) -> str:
        """The file's text."""
        extra = [f"extra {base64.b64encode(self.entry).decode()}"] if self.entry else []
        lines = [HEADER, *extra, f"index {self.index}", *hash_lines(self.path)]
        return "\n".join(lines) + "\n\n" + self.checkpoint

    @classmethod
    def parse(cls, text: str) -> LogProof:
        """Read a file's text. Raises ProofError `malformed`; says nothing of whether the proof holds."""
        head, divided, checkpoint = text.partition("\n\n")
        lines = head.split("\n")
        if len(text) > MAX_PROOF or not divided or lines[0] != HEADER:
            raise ProofError("malformed", f"this is no file of the kind {HEADER}")
        try:
            extra = (
                decode_base64(lines.pop(1).removeprefix("extra ")) if lines[1:2] and lines[1][:6] == "extra " else b""
            )
            place = _INDEX.fullmatch(lines[1]) if len(lines) > 1 else None
            path = read_hashes(lines[2:])
        except NoteError as error:
            raise ProofError("malformed", str(error)) from None
        if place is None:
            raise ProofError("malformed", "the line with the entry's place is missing or malformed")
        return cls(int(place[1]), path, checkpoint, extra)


def hash_lines(hashes: Iterable[bytes]) -> list[str]:
    """One hash in base64 a line, as C2SP's texts have them."""
    return [base64.b64encode(one).decode() for one in hashes]


def read_hashes(lines: Iterable[str]) -> tuple[bytes, ...]:
    """The hashes of such lines. Raises NoteError when one is malformed or there are more than any tree needs."""
    hashes = tuple(decode_base64(line) for line in lines)
    if len(hashes) > _LONGEST_PATH or any(len(one) != HASH_SIZE for one in hashes):
        raise NoteError(f"a proof has at most {_LONGEST_PATH} hashes of {HASH_SIZE} bytes")
    return hashes


def check_log_proof(proof: LogProof, entry: bytes, verifiers: Iterable[Verifier]) -> Checkpoint:
    """The checkpoint in whose tree these bytes stand at the proof's place, signed by one of the verifiers.

    Raises ProofError: `signature` where no known key signed the checkpoint rightly, `malformed` where it is none, `path` where the
    entry does not stand there.
    """
    try:
        text = open_note(proof.checkpoint, verifiers)
    except NoteError as error:
        raise ProofError("signature", str(error)) from None
    try:
        checkpoint = parse_checkpoint(text)
    except NoteError as error:
        raise ProofError("malformed", str(error)) from None
    if not verify_inclusion(leaf_hash(entry), proof.index, checkpoint.size, proof.path, checkpoint.root):
        raise ProofError("path", "the entry does not stand at this place of the signed tree")
    return checkpoint
