"""Encryption of fields and files at rest: AES-256-GCM with named keys, keys per person, and blind indexes.

Every sealed value carries its kind and key in a header that is authenticated together with the caller's `aad` (what the
value is and whose: a value moved to another row or field does not open). Nonces are 96 random bits: one key may seal
2^32 values (NIST SP 800-38D §8.3).

    field or wrapped key   kind (1) ‖ key id length (1) ‖ key id ‖ nonce (12) ‖ ciphertext ‖ tag (16)
    personal field         kind (1) ‖ nonce (12) ‖ ciphertext ‖ tag (16)
    stream                 kind (1) ‖ length of sealed file key (2) ‖ sealed file key ‖ chunks: ciphertext ‖ tag (16)
"""

from __future__ import annotations

import hashlib
import hmac
import io
import os
from collections.abc import Iterator, Mapping
from typing import IO, TYPE_CHECKING, Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

KEY_SIZE: Final = 32
CHUNK_SIZE: Final = 1 << 20
_NONCE_SIZE: Final = 12
_TAG_SIZE: Final = 16
# the first byte of every sealed value: version 1 of each kind
_FIELD: Final = b"\x01"
_SUBJECT_KEY: Final = b"\x02"
_PERSONAL_FIELD: Final = b"\x03"
_FILE_KEY: Final = b"\x04"
_PERSONAL_FILE_KEY: Final = b"\x05"
_STREAM: Final = b"\x06"
_REWRAPPED: Final = (_FIELD, _SUBJECT_KEY)


class VaultError(Exception):
    """A value that does not open: altered, cut short, sealed for another place or person, or its key is gone."""


class Erased(VaultError):
    """A value whose key was destroyed on purpose: it is gone for everybody and for ever, and nothing is amiss."""


class _Sealer(Protocol):
    """What a stream needs of its key's owner."""

    def _seal_file_key(self, key: bytes, aad: bytes) -> bytes: ...

    def _unseal_file_key(self, sealed: bytes, aad: bytes) -> bytes: ...


class Streams:
    """Files of any length in bounded memory, for vault and subject alike. Each file has a key of its own."""

    def seal_stream(self: _Sealer, reader: IO[bytes], writer: IO[bytes], aad: bytes) -> None:
        """Encrypt all of `reader` to `writer` in chunks of 1 MiB. An empty file has one empty chunk."""
        key = os.urandom(KEY_SIZE)
        sealed_key = self._seal_file_key(key, aad)
        header = _STREAM + len(sealed_key).to_bytes(2) + sealed_key
        writer.write(header)
        cipher, index, chunk = AESGCM(key), 0, _read_full(reader, CHUNK_SIZE)
        while True:
            following = _read_full(reader, CHUNK_SIZE) if len(chunk) == CHUNK_SIZE else b""
            writer.write(cipher.encrypt(_counter(index), chunk, _chunk_aad(header, index, not following, aad)))
            if not following:
                return
            chunk, index = following, index + 1

    def unseal_stream(self: _Sealer, reader: IO[bytes], writer: IO[bytes], aad: bytes) -> None:
        """Decrypt a sealed stream. Raises VaultError; what was written before is genuine but incomplete: discard it."""
        for chunk in _opened_chunks(self, reader, aad):
            writer.write(chunk)

    def open_reader(self: _Sealer, reader: IO[bytes], aad: bytes) -> io.BufferedReader:
        """A readable file over the decrypted content, one chunk in memory at a time; reading raises VaultError."""
        return io.BufferedReader(_ChunkReader(_opened_chunks(self, reader, aad)), CHUNK_SIZE)


class Subject(Streams):
    """One person's data key. When the wrapped key is destroyed, everything sealed with it is erased."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(_key(key))

    def seal(self, plaintext: bytes, aad: bytes) -> bytes:
        """Encrypt one value of this person."""
        return _encrypt(self._cipher, _PERSONAL_FIELD, plaintext, aad)

    def unseal(self, sealed: bytes, aad: bytes) -> bytes:
        """Decrypt one value of this person. Raises VaultError."""
        return _decrypt(self._cipher, _PERSONAL_FIELD, sealed, aad)

    def _seal_file_key(self, key: bytes, aad: bytes) -> bytes:
        return _encrypt(self._cipher, _PERSONAL_FILE_KEY, key, aad)

    def _unseal_file_key(self, sealed: bytes, aad: bytes) -> bytes:
        return _decrypt(self._cipher, _PERSONAL_FILE_KEY, sealed, aad)


class Vault(Streams):
    """The office's keys by id. New values are sealed with `current`; the others still open what they sealed.

    Raises ValueError for a key that is not 32 bytes, an unknown `current`, or an index key that also encrypts.
    """

    def __init__(self, keys: Mapping[str, bytes], current: str, index_key: bytes) -> None:
        if current not in keys:
            raise ValueError(f"the current key {current!r} is not among the keys")
        if any(not 0 < len(key_id.encode()) < 256 for key_id in keys):
            raise ValueError("a key id has 1 to 255 bytes")
        if index_key in keys.values():
            raise ValueError("the index key must not encrypt as well")
        self._ciphers = {key_id.encode(): AESGCM(_key(key)) for key_id, key in keys.items()}
        self._current = current.encode()
        self._index_key = _key(index_key)

    def seal(self, plaintext: bytes, aad: bytes) -> bytes:
        """Encrypt one value with the current key."""
        return self._seal(_FIELD, plaintext, aad)

    def unseal(self, sealed: bytes, aad: bytes) -> bytes:
        """Decrypt one value. Raises VaultError."""
        return self._unseal(_FIELD, sealed, aad)

    def rewrap(self, sealed: bytes, aad: bytes) -> bytes:
        """The same value or wrapped subject key under the current key; unchanged if it already is.

        Raises VaultError.
        """
        kind = sealed[:1]
        if kind not in _REWRAPPED:
            raise VaultError("this kind of sealed value cannot be rewrapped")
        plaintext = self._unseal(kind, sealed, aad)
        return sealed if self._header(kind) == _header_of(sealed) else self._seal(kind, plaintext, aad)

    def key_id(self, sealed: bytes) -> str:
        """The id of the key that sealed this value, to find what must be rewrapped. Raises VaultError."""
        if sealed[:1] not in _REWRAPPED:
            raise VaultError("this kind of sealed value names no key")
        try:
            return _header_of(sealed)[2:].decode()
        except UnicodeDecodeError:
            raise VaultError("the sealed value's key id is damaged") from None

    def blind_index(self, value: str, purpose: str) -> str:
        """HMAC-SHA-256 in hex, to find equal values without decrypting; another purpose gives another index."""
        scope = purpose.encode()
        message = len(scope).to_bytes(4) + scope + value.encode()
        return hmac.new(self._index_key, message, hashlib.sha256).hexdigest()

    def new_subject(self, aad: bytes) -> tuple[bytes, Subject]:
        """A fresh data key for one person: wrapped for keeping, and ready for use."""
        key = os.urandom(KEY_SIZE)
        return self._seal(_SUBJECT_KEY, key, aad), Subject(key)

    def subject(self, wrapped: bytes, aad: bytes) -> Subject:
        """The person's data key, unwrapped. Raises VaultError."""
        return Subject(self._unseal(_SUBJECT_KEY, wrapped, aad))

    def _header(self, kind: bytes) -> bytes:
        return kind + bytes((len(self._current),)) + self._current

    def _seal(self, kind: bytes, plaintext: bytes, aad: bytes) -> bytes:
        return _encrypt(self._ciphers[self._current], self._header(kind), plaintext, aad)

    def _unseal(self, kind: bytes, sealed: bytes, aad: bytes) -> bytes:
        header = _header_of(sealed)
        cipher = self._ciphers.get(header[2:])
        if header[:1] != kind:
            raise VaultError("the sealed value is of another kind")
        if cipher is None:
            raise VaultError("the sealed value needs a key that this vault does not hold")
        return _decrypt(cipher, header, sealed, aad)

    def _seal_file_key(self, key: bytes, aad: bytes) -> bytes:
        return self._seal(_FILE_KEY, key, aad)

    def _unseal_file_key(self, sealed: bytes, aad: bytes) -> bytes:
        return self._unseal(_FILE_KEY, sealed, aad)


class _ChunkReader(io.RawIOBase):
    """A raw file over an iterator of chunks."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        target = memoryview(buffer).cast("B")
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        count = min(len(target), len(self._rest))
        target[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


def _key(key: bytes) -> bytes:
    if len(key) != KEY_SIZE:
        raise ValueError("a key of the vault has 32 bytes")
    return bytes(key)


def _header_of(sealed: bytes) -> bytes:
    """Kind, length and key id. Raises VaultError where the value is too short to have them."""
    end = 2 + (sealed[1] if len(sealed) > 1 else 0)
    if len(sealed) < end + _NONCE_SIZE + _TAG_SIZE:
        raise VaultError("the sealed value is cut short")
    return bytes(sealed[:end])


def _encrypt(cipher: AESGCM, header: bytes, plaintext: bytes, aad: bytes) -> bytes:
    nonce = os.urandom(_NONCE_SIZE)
    return header + nonce + cipher.encrypt(nonce, plaintext, header + aad)


def _decrypt(cipher: AESGCM, header: bytes, sealed: bytes, aad: bytes) -> bytes:
    start = len(header) + _NONCE_SIZE
    if not sealed.startswith(header) or len(sealed) < start + _TAG_SIZE:
        raise VaultError("the sealed value is of another kind or cut short")
    try:
        return cipher.decrypt(sealed[len(header) : start], sealed[start:], header + aad)
    except InvalidTag:
        raise VaultError("the sealed value was altered, or sealed for another place or person") from None


def _counter(index: int) -> bytes:
    """The chunk's number as nonce: safe because the file's key seals this one file only."""
    return index.to_bytes(_NONCE_SIZE)


def _chunk_aad(header: bytes, index: int, final: bool, aad: bytes) -> bytes:
    """Binds a chunk to its file, its place and the file's end. The header gives its own length: nothing can shift."""
    return header + index.to_bytes(8) + (b"\x01" if final else b"\x00") + aad


def _opened_chunks(owner: _Sealer, reader: IO[bytes], aad: bytes) -> Iterator[bytes]:
    """The genuine chunks in order. Raises VaultError at the first that is not, and where the last is missing."""
    start = _read_full(reader, 3)
    if len(start) != 3 or start[:1] != _STREAM:
        raise VaultError("this is not a sealed stream")
    sealed_key = _read_full(reader, int.from_bytes(start[1:]))
    header = start + sealed_key
    cipher = AESGCM(_file_key(owner._unseal_file_key(sealed_key, aad)))
    size = CHUNK_SIZE + _TAG_SIZE
    index, sealed = 0, _read_full(reader, size)
    while True:
        following = _read_full(reader, size) if len(sealed) == size else b""
        try:
            yield cipher.decrypt(_counter(index), sealed, _chunk_aad(header, index, not following, aad))
        except InvalidTag:
            raise VaultError(f"chunk {index} of the sealed stream was altered, moved or cut off") from None
        if not following:
            return
        sealed, index = following, index + 1


def _file_key(key: bytes) -> bytes:
    if len(key) != KEY_SIZE:
        raise VaultError("the sealed stream's key is damaged")
    return key


def _read_full(reader: IO[bytes], size: int) -> bytes:
    """Exactly `size` bytes, fewer only at the end: a raw reader may give less than asked."""
    pieces: list[bytes] = []
    missing = size
    while missing:
        piece = reader.read(missing)
        if not piece:
            break
        pieces.append(piece)
        missing -= len(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)
