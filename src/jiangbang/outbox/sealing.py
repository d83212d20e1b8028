"""What is sealed of a message: its address, its body (as sent and as shown), its enclosures."""

from __future__ import annotations

import json
from uuid import UUID

from jiangbang.vaults import vault


def address_index(address: str) -> str:
    """The blind index under which an address is found."""
    return vault().blind_index(address.strip().casefold(), "message.address")


def seal(message: UUID, part: str, plain: bytes) -> bytes:
    """Encrypt a part of one message; it opens nowhere else."""
    return vault().seal(plain, _aad(message, part))


def unseal(message: UUID, part: str, sealed: bytes | memoryview) -> bytes:
    """Open a part of a message. Raises VaultError."""
    return vault().unseal(bytes(sealed), _aad(message, part))


def seal_body(message: UUID, sent: str, shown: str) -> bytes:
    """Encrypt both bodies."""
    return seal(message, "body", json.dumps([sent, shown], ensure_ascii=False).encode())


def bodies(message: UUID, sealed: bytes | memoryview) -> tuple[str, str]:
    """The body as sent, and as shown. Raises VaultError."""
    sent, shown = json.loads(unseal(message, "body", sealed))
    return sent, shown


def _aad(message: UUID, part: str) -> bytes:
    return b"message:" + message.bytes + b":" + part.encode()
