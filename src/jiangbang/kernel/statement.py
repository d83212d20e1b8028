"""What a certificate says, as a signed statement short enough for a QR code and checkable without a network.

    version (1) ‖ key id (8) ‖ date of issue (4, the number YYYYMMDD) ‖ seven texts (length (1) ‖ UTF-8) ‖ Ed25519 signature (64)

The texts are, in this order, issuer, programme, edition, title, number, name and unit; only the unit may be empty. The signature covers
`CONTEXT` and everything before it (RFC 8032, section 5.1). A token is these bytes in base32 (RFC 4648, without padding): its characters
are those of a QR code's alphanumeric mode. There is one spelling of each statement and of each token.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

VERSION: Final = 1
CONTEXT: Final = b"jiangbang certificate statement 1\n"
KEYS_FORMAT: Final = "jiangbang certificate keys 1"
REVOKED_FORMAT: Final = "jiangbang revoked certificates 1"
KEY_ID_SIZE: Final = 8
_SIGNATURE_SIZE: Final = 64
_LONGEST_TEXT: Final = 255
# seven texts of 255 bytes, and what stands around them
MAX_TOKEN: Final = 3000
_SMALLEST: Final = 1 + KEY_ID_SIZE + 4 + 7 + _SIGNATURE_SIZE


class StatementError(ValueError):
    """A statement that cannot be made, or a file of keys or revocations that cannot be read."""


class Verdict(StrEnum):
    """What a check of a certificate found. Only `genuine` vouches for what the certificate says."""

    GENUINE = "genuine"
    # the key is the issuer's, but what it signed was something else
    ALTERED = "altered"
    # signed by a key, or for a PDF by a certificate, that is not the issuer's
    FORGED = "forged"
    # issued outside the key's validity, or by a key that was withdrawn
    EXPIRED_KEY = "expired_key"
    REVOKED = "revoked"
    # no statement at all: cut short, misspelt, or something else
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class Statement:
    """What a certificate vouches for. `unit` is empty where the certificate does not name one."""

    issuer: str
    programme: str
    edition: str
    title: str
    number: str
    name: str
    unit: str
    issued: date

    def __post_init__(self) -> None:
        for one in _TEXTS:
            text = getattr(self, one)
            if not text and one != "unit":
                raise StatementError(f"the {one} of a statement is not empty")
            if text != text.strip() or any(character < " " or "\x7f" <= character < "\xa0" for character in text):
                raise StatementError(f"the {one} of a statement has no control characters and no spaces around it")
            try:
                size = len(text.encode())
            except UnicodeEncodeError:
                raise StatementError(f"the {one} of a statement is valid Unicode") from None
            if size > _LONGEST_TEXT:
                raise StatementError(f"the {one} of a statement has at most {_LONGEST_TEXT} bytes")
        if not 1000 <= self.issued.year <= 9999:
            raise StatementError("the date of a statement has a year of four digits")

    def as_json(self) -> dict[str, str]:
        """The same as texts, the date in ISO form."""
        return {**{one: getattr(self, one) for one in _TEXTS}, "issued": self.issued.isoformat()}


_TEXTS: Final = tuple(one.name for one in fields(Statement) if one.name != "issued")


@dataclass(frozen=True, slots=True)
class IssuerKey:
    """A key that may vouch for certificates issued from `valid_from` to `valid_until`, both included.

    A key that was `withdrawn` (lost, stolen) vouches for nothing, since whoever has it can write any date. `certificates` are the X.509
    certificates (DER) whose signatures on PDFs count as this issuer's: the signing one first, then those above it.
    """

    issuer: str
    public_key: bytes
    valid_from: date
    valid_until: date
    withdrawn: date | None = None
    certificates: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if len(self.public_key) != 32:
            raise StatementError("an Ed25519 public key has 32 bytes")
        if self.valid_until < self.valid_from:
            raise StatementError("the validity of a key ends before it begins")

    @property
    def id(self) -> bytes:
        """The first eight bytes of SHA-256 of the public key."""
        return key_id(self.public_key)

    def vouches(self, issued: date) -> bool:
        """Whether the key may vouch for a certificate of that day."""
        return self.withdrawn is None and self.valid_from <= issued <= self.valid_until


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict, with the statement where there is one to show and the key that vouches for it."""

    verdict: Verdict
    statement: Statement | None = None
    key: IssuerKey | None = None
    # a short machine word for what exactly is wrong; empty for a genuine one
    reason: str = ""


def key_id(public_key: bytes) -> bytes:
    """Under which id a public key stands in a statement."""
    return hashlib.sha256(public_key).digest()[:KEY_ID_SIZE]


def sign_statement(statement: Statement, private_key: bytes) -> str:
    """The token of a statement. `private_key` are the 32 bytes of an Ed25519 seed; the same statement gives the same token."""
    key = Ed25519PrivateKey.from_private_bytes(private_key)
    body = bytes([VERSION]) + key_id(key.public_key().public_bytes_raw()) + _content(statement)
    return _spell(body + key.sign(CONTEXT + body))


def check_token(token: str, keys: Iterable[IssuerKey], revoked: Iterable[str] = ()) -> Finding:
    """What is to be thought of a token. `revoked` holds the numbers of certificates that no longer count.

    The order of the checks decides what a damaged token is called: spelling and version (malformed), key (forged), signature (altered),
    the key's validity (expired key), revocation. Nothing is read from the statement of a verdict `genuine` or `revoked` before its
    signature is checked.
    """
    whole = _bytes_of(token)
    if whole is None or len(whole) < _SMALLEST or whole[0] != VERSION:
        return Finding(Verdict.MALFORMED, reason="no_statement")
    body, signature = whole[:-_SIGNATURE_SIZE], whole[-_SIGNATURE_SIZE:]
    claimed = _read(body[1 + KEY_ID_SIZE :])
    key = next((one for one in keys if one.id == body[1 : 1 + KEY_ID_SIZE]), None)
    if key is None:
        return Finding(Verdict.FORGED, claimed, reason="unknown_key")
    try:
        Ed25519PublicKey.from_public_bytes(key.public_key).verify(signature, CONTEXT + body)
    except (InvalidSignature, ValueError):
        return Finding(Verdict.ALTERED, claimed, key, "signature")
    if claimed is None:
        return Finding(Verdict.MALFORMED, key=key, reason="no_statement")
    if not key.vouches(claimed.issued):
        reason = "key_withdrawn" if key.withdrawn else "outside_validity"
        return Finding(Verdict.EXPIRED_KEY, claimed, key, reason)
    if claimed.number in set(revoked):
        return Finding(Verdict.REVOKED, claimed, key, "revoked")
    return Finding(Verdict.GENUINE, claimed, key)


def token_in(text: str) -> str:
    """The token of what somebody pasted or scanned: the address of a verify page with the token behind `#`, or the token itself."""
    return "".join(text.rpartition("#")[2].split()).upper()


def keys_document(keys: Iterable[IssuerKey]) -> dict[str, Any]:
    """The public file of keys, as JSON values. It holds nothing secret."""
    return {"format": KEYS_FORMAT, "keys": [_key_row(key) for key in keys]}


def read_keys(document: Any) -> tuple[IssuerKey, ...]:
    """The keys of a public file. Raises StatementError."""
    rows = _rows(document, KEYS_FORMAT, "keys")
    try:
        keys = tuple(_key_of(row) for row in rows)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise StatementError(f"the file of keys has a key that cannot be read: {error}") from None
    for key, row in zip(keys, rows, strict=True):
        if row.get("id") != key.id.hex():
            raise StatementError("the file of keys has a key whose id is not its own")
    return keys


def revoked_document(numbers: Mapping[str, date], as_of: str) -> dict[str, Any]:
    """The public list of revoked certificates, number and day, as JSON values. `as_of` is the moment it was made, in ISO form."""
    rows = [{"number": number, "revoked": day.isoformat()} for number, day in sorted(numbers.items())]
    return {"format": REVOKED_FORMAT, "as_of": as_of, "revoked": rows}


def read_revoked(document: Any) -> dict[str, date]:
    """The numbers of a list of revoked certificates with the day of each. Raises StatementError."""
    try:
        rows = _rows(document, REVOKED_FORMAT, "revoked")
        return {str(row["number"]): date.fromisoformat(row["revoked"]) for row in rows}
    except (KeyError, TypeError, ValueError) as error:
        raise StatementError(f"the list of revoked certificates cannot be read: {error}") from None


def _content(statement: Statement) -> bytes:
    issued = statement.issued
    parts = [(issued.year * 10_000 + issued.month * 100 + issued.day).to_bytes(4)]
    for one in _TEXTS:
        text = getattr(statement, one).encode()
        parts.append(bytes([len(text)]) + text)
    return b"".join(parts)


def _read(content: bytes) -> Statement | None:
    """The statement in these bytes, None where they hold none or hold more than one."""
    number, at, texts = int.from_bytes(content[:4]), 4, []
    try:
        for _ in _TEXTS:
            size = content[at]
            texts.append(content[at + 1 : at + 1 + size].decode())
            at += 1 + size
        issued = date(number // 10_000, number // 100 % 100, number % 100)
        return Statement(**dict(zip(_TEXTS, texts, strict=True)), issued=issued) if at == len(content) else None
    except (IndexError, ValueError):
        return None


def _spell(whole: bytes) -> str:
    return base64.b32encode(whole).decode().rstrip("=")


def _bytes_of(token: str) -> bytes | None:
    """The bytes of a token; None for every other spelling than the one that `_spell` gives."""
    if not 0 < len(token) <= MAX_TOKEN or not token.isascii():
        return None
    try:
        whole = base64.b32decode(token + "=" * (-len(token) % 8))
    except ValueError:
        return None
    return whole if _spell(whole) == token else None


def _rows(document: Any, form: str, table: str) -> list[Any]:
    if not isinstance(document, dict) or document.get("format") != form or not isinstance(document.get(table), list):
        raise StatementError(f"this is not a file of the format “{form}”")
    rows: list[Any] = document[table]
    return rows


def _key_row(key: IssuerKey) -> dict[str, Any]:
    return {
        "id": key.id.hex(),
        "issuer": key.issuer,
        "algorithm": "Ed25519",
        "public_key": base64.b64encode(key.public_key).decode(),
        "valid_from": key.valid_from.isoformat(),
        "valid_until": key.valid_until.isoformat(),
        "withdrawn": key.withdrawn.isoformat() if key.withdrawn else None,
        "certificates": [base64.b64encode(one).decode() for one in key.certificates],
    }


def _key_of(row: Mapping[str, Any]) -> IssuerKey:
    if row["algorithm"] != "Ed25519":
        raise ValueError("its algorithm is not Ed25519")
    return IssuerKey(
        issuer=str(row["issuer"]),
        public_key=base64.b64decode(row["public_key"], validate=True),
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_until=date.fromisoformat(row["valid_until"]),
        withdrawn=date.fromisoformat(row["withdrawn"]) if row.get("withdrawn") else None,
        certificates=tuple(base64.b64decode(one, validate=True) for one in row.get("certificates", ())),
    )
