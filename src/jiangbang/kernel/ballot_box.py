"""A ballot box of which nobody can tell who put in what, and in which everybody finds the own ballot.

Each voter has one slip: a random number that the voter's own device makes and keeps, and that the box takes in once. The box holds the
fingerprints of all slips that were taken in, each with the ballot that came in under it, and nothing else; it is kept as one value, sorted
by fingerprint, so that neither the order of the rows nor the time of a change in it says who came when. That a slip was taken in for a
voter is written down with the voter, and no slip is written down there.

Sealed ballots: while the vote is open each ballot is under the vote's key. A box can be opened once, when the vote is closed.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SLIP_BYTES: Final = 16
_NONCE: Final = 12
_SLIP: Final = re.compile(r"[0-9a-f]{32}")
_MARK: Final = b"jiangbang ballot slip\0"
# Every ballot of a vote is padded to the same multiple of this, so that its length says nothing of its marks.
_PIECE: Final = 2048


class BoxError(ValueError):
    """What the box refuses: a `slip` that is none or was never given out, a slip `used` before, a `damaged` ballot, marks `too_long`."""

    def __init__(self, code: Literal["slip", "used", "damaged", "too_long"]) -> None:
        super().__init__(code)
        self.code: Final = code


def new_slip() -> str:
    """A slip as a voter's device makes it: 32 hexadecimal digits."""
    return secrets.token_hex(SLIP_BYTES)


def fingerprint(slip: str) -> str:
    """What the box keeps of a slip, in hexadecimal; the published list shows it, and the voter compares."""
    return hashlib.sha256(_MARK + slip.encode("ascii", "replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class Box:
    """The fingerprints of the slips given out, each with its sealed ballot (empty: none yet). Never changed: acts make another."""

    ballots: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def given(self) -> int:
        """How many slips were given out."""
        return len(self.ballots)

    @property
    def cast(self) -> int:
        """How many ballots came in."""
        return sum(map(bool, self.ballots.values()))

    def take(self, slip: str) -> Box:
        """A box in which this slip, made by its voter's device, may be used once. Raises BoxError: `slip`, `used` when it is in already."""
        if not _SLIP.fullmatch(slip):
            raise BoxError("slip")
        mark = fingerprint(slip)
        if mark in self.ballots:
            raise BoxError("used")
        return Box({**self.ballots, mark: b""})

    def holds(self, slip: str) -> bool:
        """Whether the slip was taken in."""
        return fingerprint(slip) in self.ballots

    def put(self, slip: str, marks: frozenset[str], key: bytes, *, among: Collection[str]) -> Box:
        """A box with this ballot in it. `key`: the vote's, 32 bytes; `among`: all whom a ballot of this vote could mark.

        Raises BoxError: `slip`, `used`, `too_long` for marks of others.
        """
        mark = fingerprint(slip)
        if mark not in self.ballots:
            raise BoxError("slip")
        if self.ballots[mark]:
            raise BoxError("used")
        return Box({**self.ballots, mark: _seal(marks, mark, key, _room(among))})

    def open(self, key: bytes) -> dict[str, frozenset[str]]:
        """The marks by fingerprint, of the ballots that came in. Raises BoxError: `damaged`."""
        return {mark: _unseal(sealed, mark, key) for mark, sealed in sorted(self.ballots.items()) if sealed}

    def to_bytes(self) -> bytes:
        """As it is kept: sorted by fingerprint."""
        return json.dumps({mark: self.ballots[mark].hex() for mark in sorted(self.ballots)}).encode()

    @staticmethod
    def from_bytes(data: bytes) -> Box:
        """The box that `to_bytes` wrote."""
        return Box({mark: bytes.fromhex(sealed) for mark, sealed in json.loads(data).items()})


def _room(among: Collection[str]) -> int:
    """The length of every ballot of a vote: one that marks all would fit."""
    return -(-len(_packed(among)) // _PIECE) * _PIECE


def _packed(marks: Collection[str]) -> bytes:
    return json.dumps(sorted(marks), separators=(",", ":")).encode()


def _seal(marks: frozenset[str], mark: str, key: bytes, room: int) -> bytes:
    plain = _packed(marks)
    if len(plain) > room:
        raise BoxError("too_long")
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain.ljust(room), mark.encode())


def _unseal(sealed: bytes, mark: str, key: bytes) -> frozenset[str]:
    try:
        return frozenset(json.loads(AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], mark.encode())))
    except (InvalidTag, ValueError):
        raise BoxError("damaged") from None
