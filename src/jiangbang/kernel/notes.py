"""Signed notes and checkpoints, as the C2SP specifications `signed-note` and `tlog-checkpoint` give them.

A note is text, an empty line and signature lines `— name base64(key id ‖ signature)`. A checkpoint is a note whose text
holds a log's origin, size and root: whoever keeps one can later prove that the register was rewritten.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from jiangbang.kernel.merkle import HASH_SIZE

# signature type 0x01: Ed25519 over the note's text
_ED25519 = b"\x01"
_KEY_SIZE = 32
_KEY_ID_SIZE = 4
_SIGNATURE_SIZE = 64
# a hostile note may be long; real checkpoints have some hundred bytes
MAX_NOTE_SIZE = 1_000_000
MAX_SIGNATURES = 100
_SEPARATOR = "\n\n"
_SIGNATURE_MARK = "— "
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


class NoteError(ValueError):
    """A note that is malformed, unsigned by any known key, or wrongly signed by one."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A name and its Ed25519 public key (32 bytes)."""

    name: str
    public_key: bytes

    def __post_init__(self) -> None:
        _check_name(self.name)
        if len(self.public_key) != _KEY_SIZE:
            raise NoteError("an Ed25519 public key has 32 bytes")

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256(name, line feed, 0x01, public key)."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public_key).digest()[:_KEY_ID_SIZE]

    def __str__(self) -> str:
        """The verifier key as it is published: `name+hexid+base64`."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(_ED25519 + self.public_key).decode()}"

    @classmethod
    def parse(cls, text: str) -> Verifier:
        """Read a published verifier key. Raises NoteError when malformed or when its key id is not its own."""
        name, _, rest = text.partition("+")
        key_id, _, encoded = rest.partition("+")
        key = decode_base64(encoded)
        if key[:1] != _ED25519:
            raise NoteError("the verifier key is not an Ed25519 key")
        verifier = cls(name, key[1:])
        if verifier.key_id.hex() != key_id:
            raise NoteError("the verifier key's id does not belong to its name and key")
        return verifier


@dataclass(frozen=True, slots=True)
class Signer:
    """A name and its Ed25519 private key (the 32 bytes of the seed), never shown."""

    name: str
    private_key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        _check_name(self.name)
        if len(self.private_key) != _KEY_SIZE:
            raise NoteError("an Ed25519 private key has 32 bytes")

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(
            self.name, Ed25519PrivateKey.from_private_bytes(self.private_key).public_key().public_bytes_raw()
        )

    def sign(self, message: bytes) -> bytes:
        """The Ed25519 signature, 64 bytes; the same message gives the same signature."""
        return Ed25519PrivateKey.from_private_bytes(self.private_key).sign(message)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log: its origin (a name without line breaks), the number of leaves, the root."""

    origin: str
    size: int
    root: bytes


def sign_note(text: str, *signers: Signer) -> str:
    """The signed note over `text`, which ends with a line feed and has no other control character. Raises NoteError."""
    _check_text(text)
    if not signers:
        raise NoteError("a note needs at least one signer")
    lines = []
    for signer in signers:
        lines.append(note_line(signer.name, signer.verifier.key_id, signer.sign(text.encode())))
    return text + "\n" + "".join(lines)


def note_line(name: str, key_id: bytes, signature: bytes) -> str:
    """One signature line of a note, its line feed included."""
    return f"{_SIGNATURE_MARK}{name} {base64.b64encode(key_id + signature).decode()}\n"


def open_note(note: str, verifiers: Iterable[Verifier]) -> str:
    """The text of a note signed by at least one of the verifiers.

    Signatures of unknown keys are ignored, as the specification asks; a wrong one of a known key refuses the note.
    Raises NoteError.
    """
    text, signatures = take_apart(note)
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    verified = False
    for name, key_id, signature in signatures:
        verifier = known.get((name, key_id))
        if verifier is not None:
            _verify(verifier, text, signature)
            verified = True
    if not verified:
        raise NoteError("the note has no signature of a known key")
    return text


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """Origin, size in decimal and root in base64, a line each. Raises NoteError for values that cannot stand there."""
    if not origin or "\n" in origin:
        raise NoteError("the origin of a checkpoint is one line that is not empty")
    if size < 0 or len(root) != HASH_SIZE:
        raise NoteError("a checkpoint has a size of at least 0 and a root of 32 bytes")
    text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
    _check_text(text)
    return text


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of an opened note as a checkpoint; extension lines are allowed and ignored. Raises NoteError."""
    _check_text(text)
    lines = text.split("\n")[:-1]
    if len(lines) < 3 or not all(lines):
        raise NoteError("a checkpoint has at least three lines, none of them empty")
    origin, size, encoded = lines[:3]
    if not _SIZE.fullmatch(size):
        raise NoteError("the second line of a checkpoint is its size in decimal, without leading zeros")
    root = decode_base64(encoded)
    if len(root) != HASH_SIZE:
        raise NoteError("the root of a checkpoint has 32 bytes")
    return Checkpoint(origin, int(size), root)


def _check_name(name: str) -> None:
    if not name or "+" in name or any(character.isspace() or not character.isprintable() for character in name):
        raise NoteError("the name of a key has no spaces, no plus sign and no control characters, and is not empty")


def _check_text(text: str) -> None:
    if not text.endswith("\n"):
        raise NoteError("the text of a note ends with a line feed")
    if any(character < " " and character != "\n" for character in text):
        raise NoteError("a note has no control characters but the line feed")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise NoteError("a note is valid Unicode") from None


def take_apart(note: str) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    """Text and signatures (name, key id, signature), not verified; the last empty line divides them. Raises NoteError."""
    if len(note) > MAX_NOTE_SIZE:
        raise NoteError("the note is too long")
    _check_text(note)
    at = note.rfind(_SEPARATOR)
    if at < 0:
        raise NoteError("the note has no signatures")
    text, block = note[: at + 1], note[at + len(_SEPARATOR) :]
    lines = block.split("\n")[:-1]
    if not 0 < len(lines) <= MAX_SIGNATURES:
        raise NoteError("the note has no signatures, or too many")
    return text, [_signature(line) for line in lines]


def _signature(line: str) -> tuple[str, bytes, bytes]:
    name, space, encoded = line.removeprefix(_SIGNATURE_MARK).partition(" ")
    if not line.startswith(_SIGNATURE_MARK) or not space:
        raise NoteError("a signature line of the note is malformed")
    _check_name(name)
    decoded = decode_base64(encoded)
    if len(decoded) <= _KEY_ID_SIZE:
        raise NoteError("a signature of the note is too short")
    return name, decoded[:_KEY_ID_SIZE], decoded[_KEY_ID_SIZE:]


def _verify(verifier: Verifier, text: str, signature: bytes) -> None:
    try:
        if len(signature) != _SIGNATURE_SIZE:
            raise InvalidSignature
        Ed25519PublicKey.from_public_bytes(verifier.public_key).verify(signature, text.encode())
    except (InvalidSignature, ValueError):
        raise NoteError(f"the signature of {verifier.name} does not fit the note") from None


def decode_base64(text: str) -> bytes:
    """The bytes of a base64 value in its one spelling. Raises NoteError."""
    try:
        decoded = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError("a base64 value of the note is malformed") from None
    # unused bits that are not zero would give one signature several spellings
    if base64.b64encode(decoded).decode() != text:
        raise NoteError("a base64 value of the note is malformed")
    return decoded
