"""One way to write a value as bytes, so that a hash over it can be recomputed by anyone (after RFC 8785, without floats)."""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import UTC, datetime
from typing import Any


def canonical_json(value: Any) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces. Raises ValueError on floats, which have no one spelling."""
    if _has_float(value):
        raise ValueError("a register entry carries no floating-point numbers")
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _has_float(value: Any) -> bool:
    if isinstance(value, float):
        return True
    if isinstance(value, dict):
        return any(_has_float(item) for item in value.values())
    if isinstance(value, list | tuple):
        return any(_has_float(item) for item in value)
    return False


def instant(at: datetime) -> str:
    """A moment in UTC to the microsecond, as entries spell it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


SALT_BYTES = 16


def new_salt() -> bytes:
    """A salt for one commitment: 128 random bits, kept sealed beside the value and destroyed with it."""
    return secrets.token_bytes(SALT_BYTES)


def commitment(value: Any, salt: bytes) -> str:
    """Hex SHA-256 over salt and canonical value. Without the salt it says nothing of the value."""
    return hashlib.sha256(salt + canonical_json(value)).hexdigest()
