"""The issuer's keys: one Ed25519 key for statements and one key for PDFs to each period of validity.

They lie in the home, in one file: what is public as it is published, the private halves sealed by the vault. Copies of the keys folder
(`jiangbang backup --keys`) hold them. Nothing of it stands in the database, so whoever can write rows cannot issue certificates.
"""

from __future__ import annotations

import base64
import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.conferral.policy import Keeper, may_keep_issuer_keys
from jiangbang.home import private_directory
from jiangbang.kernel.statement import KEYS_FORMAT, IssuerKey, keys_document, read_keys
from jiangbang.papers.issuing import new_signatory, validity
from jiangbang.papers.signature import Signatory
from jiangbang.register.acts import Refused, act, record
from jiangbang.vaults import vault

FILE: Final = "certificates.json"


@dataclass(frozen=True, slots=True)
class Issuer:
    """A key that may issue now: its public half, the Ed25519 seed of statements, whoever signs PDFs."""

    key: IssuerKey
    seed: bytes = field(repr=False)
    signatory: Signatory


def keys_file() -> Path:
    """Where the keys lie."""
    return Path(settings.JIANGBANG_HOME) / "keys" / FILE


def issuer_keys() -> tuple[IssuerKey, ...]:
    """The public halves of all keys there ever were, oldest first: certificates of an old key are checked with it."""
    return read_keys({"format": KEYS_FORMAT, "keys": _rows()})


def current_key(issued: date) -> IssuerKey | None:
    """The newest key that may vouch for a certificate of this day, None where there is none. Opens nothing secret."""
    return next((key for key in reversed(issuer_keys()) if _may_sign(key, issued)), None)


def issuer_for(issued: date) -> Issuer | None:
    """The same, with its private halves opened."""
    key = current_key(issued)
    if key is None:
        return None
    row = next(one for one in _rows() if one["id"] == key.id.hex())
    seed, signing = (_unseal(row[name], name, key) for name in ("sealed_seed", "sealed_signing_key"))
    return Issuer(key, seed, Signatory(key.certificates, signing))


def make_issuer_key(
    issuer: str, valid_from: date, valid_until: date, *, by: Keeper, signatory: Signatory | None = None
) -> IssuerKey:
    """Make the key of a period. `signatory` is the organiser's own key for PDFs; else one is made with an authority of the house.

    Registered first and then written: a crash between leaves an entry without a key, never a key that nobody knows of.
    Refused: `permission`; `issuer`; `validity`.
    """
    issuer = issuer.strip()
    if not 0 < len(issuer.encode()) <= 255:
        raise Refused("issuer", _("Name the issuer, in at most 85 Chinese characters."))
    if valid_until < valid_from:
        raise Refused("validity", _("The key would end before it begins."))
    signatory = signatory or new_signatory(issuer, valid_from, valid_until)
    private = Ed25519PrivateKey.generate()
    key = IssuerKey(
        issuer, private.public_key().public_bytes_raw(), valid_from, valid_until, certificates=signatory.certificates
    )
    register_key_made(key, by=by)
    row = {
        **keys_document([key])["keys"][0],
        "sealed_seed": _seal(private.private_bytes_raw(), "sealed_seed", key),
        "sealed_signing_key": _seal(signatory.private_key, "sealed_signing_key", key),
    }
    with _changing() as rows:
        rows.append(row)
    return key


@act("issuer.key_made")
def register_key_made(key: IssuerKey, *, by: Keeper) -> None:
    """Let the register know of a new key. Refused: `permission`."""
    if not may_keep_issuer_keys(by):
        raise Refused("permission", _("You may not make keys that sign certificates."))
    facts = {"key": key.id.hex(), "valid_from": key.valid_from.isoformat(), "valid_until": key.valid_until.isoformat()}
    record("issuer.key_made", by=by, edition="", subject=f"issuer:{key.id.hex()}", facts=facts)


def withdraw_issuer_key(key_id: str, *, by: Keeper) -> IssuerKey:
    """Let a lost or stolen key vouch for nothing any more, whenever it signed. This cannot be undone; certificates are made anew.

    Refused: `permission`; `unknown`; `withdrawn`.
    """
    key = next((one for one in issuer_keys() if one.id.hex() == key_id), None)
    if key is None:
        raise Refused("unknown", _("There is no key with this id."))
    if key.withdrawn:
        raise Refused("withdrawn", _("This key is withdrawn already."))
    register_key_withdrawn(key, by=by)
    today = timezone.localdate()
    with _changing() as rows:
        for row in rows:
            if row["id"] == key_id:
                row["withdrawn"] = today.isoformat()
    return replace(key, withdrawn=today)


@act("issuer.key_withdrawn")
def register_key_withdrawn(key: IssuerKey, *, by: Keeper) -> None:
    """Let the register know that a key does not count any more. Refused: `permission`."""
    if not may_keep_issuer_keys(by):
        raise Refused("permission", _("You may not withdraw keys that sign certificates."))
    record("issuer.key_withdrawn", by=by, edition="", subject=f"issuer:{key.id.hex()}", facts={"key": key.id.hex()})


def _may_sign(key: IssuerKey, issued: date) -> bool:
    begins, ends = validity(key.certificates[0])
    return key.vouches(issued) and begins <= issued <= ends


def _rows() -> list[dict[str, Any]]:
    try:
        rows: list[dict[str, Any]] = json.loads(keys_file().read_bytes())["keys"]
    except FileNotFoundError:
        return []
    return rows


@contextmanager
def _changing() -> Iterator[list[dict[str, Any]]]:
    """The rows to be changed; whole or not at all, one process at a time."""
    path = keys_file()
    private_directory(path.parent)
    with path.with_name("certificates.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        rows = _rows()
        yield rows
        draft = path.with_name(f"{FILE}.draft")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps({"format": KEYS_FORMAT, "keys": rows}, ensure_ascii=False, indent=1), "utf-8")
        draft.replace(path)


def _seal(secret: bytes, name: str, key: IssuerKey) -> str:
    return base64.b64encode(vault().seal(secret, _aad(name, key))).decode()


def _unseal(sealed: str, name: str, key: IssuerKey) -> bytes:
    return vault().unseal(base64.b64decode(sealed), _aad(name, key))


def _aad(name: str, key: IssuerKey) -> bytes:
    return f"issuer:{name}:{key.id.hex()}".encode()
