"""A witness's signature under somebody else's checkpoint, as the C2SP specification `tlog-cosignature` gives it (Ed25519, version 1).

It says: as of this second, the largest tree of this log that I have seen, and found consistent with all before it, has this root.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from jiangbang.kernel.notes import NoteError, Signer, decode_base64, note_line, take_apart

# signature type 0x04: a timestamped Ed25519 cosignature of a checkpoint
_COSIGNATURE = b"\x04"
_TIME_SIZE = 8
_SIGNATURE_SIZE = 64
_LATEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Cosigner:
    """A witness's name and Ed25519 public key (32 bytes)."""

    name: str
    public_key: bytes

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256(name, line feed, 0x04, public key)."""
        return hashlib.sha256(self.name.encode() + b"\n" + _COSIGNATURE + self.public_key).digest()[:4]

    def __str__(self) -> str:
        """The verifier key as it is published: `name+hexid+base64`."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(_COSIGNATURE + self.public_key).decode()}"

    @classmethod
    def of(cls, signer: Signer) -> Cosigner:
        """The public half of a witness's key."""
        return cls(signer.name, signer.verifier.public_key)

    @classmethod
    def parse(cls, text: str) -> Cosigner:
        """Read a published verifier key. Raises NoteError when malformed or when its key id is not its own."""
        name, _, rest = text.partition("+")
        key_id, _, encoded = rest.partition("+")
        key = decode_base64(encoded)
        if key[:1] != _COSIGNATURE or len(key) != 33:
            raise NoteError("the verifier key is not the Ed25519 key of a witness")
        cosigner = cls(name, key[1:])
        if cosigner.key_id.hex() != key_id:
            raise NoteError("the verifier key's id does not belong to its name and key")
        return cosigner


def cosign(note: str, signer: Signer, at: int) -> str:
    """The note with the witness's line added, signed at this second since 1970. An older line of the same witness is taken out.

    The caller has checked the note. Raises NoteError for a malformed note or a moment that cannot be written.
    """
    if not 0 <= at <= _LATEST:
        raise NoteError("the moment of a cosignature is a number of seconds since 1970")
    text, signatures = take_apart(note)
    cosigner = Cosigner.of(signer)
    stamp = at.to_bytes(_TIME_SIZE, "big")
    mine = (cosigner.name, cosigner.key_id, stamp + signer.sign(_message(text, at)))
    others = [one for one in signatures if one[:2] != mine[:2]]
    return text + "\n" + "".join(note_line(*one) for one in [*others, mine])


def cosigned_at(note: str, cosigner: Cosigner) -> int | None:
    """When the witness signed this note, in seconds since 1970; None where it did not.

    Raises NoteError when a line of this witness does not verify: such a note is to be refused whole.
    """
    text, signatures = take_apart(note)
    found = None
    for name, key_id, signature in signatures:
        if (name, key_id) != (cosigner.name, cosigner.key_id):
            continue
        if len(signature) != _TIME_SIZE + _SIGNATURE_SIZE:
            raise NoteError(f"the cosignature of {name} is malformed")
        found = int.from_bytes(signature[:_TIME_SIZE], "big")
        try:
            Ed25519PublicKey.from_public_bytes(cosigner.public_key).verify(
                signature[_TIME_SIZE:], _message(text, found)
            )
        except (InvalidSignature, ValueError):
            raise NoteError(f"the cosignature of {name} does not fit the checkpoint") from None
    return found


def _message(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()
