"""What is sealed in a case, and the secret with which the objector follows it."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import secrets
from dataclasses import asdict, dataclass
from typing import Final, Literal

from django.core.files import File
from django.core.files.storage import default_storage

from jiangbang.notice.objection_models import Objection, ObjectionFile
from jiangbang.vaults import vault

Part = Literal["identity", "facts", "reason", "question", "reply", "finding", "answer"]
# Without 0 O 1 I L: it is copied by hand from a paper. 12 characters of 31 are 59 bits, behind a throttle.
_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who objects: his name (of a unit: who speaks for it), the unit, how he is reached, and where an answer by post goes."""

    name: str = ""
    unit: str = ""
    contact: str = ""
    address: str = ""


def put(objection: Objection, part: Part, text: str) -> None:
    """Seal a part of the case into its row; saving is the caller's."""
    sealed = vault().seal(text.encode(), _aad(objection, part)) if text else b""
    setattr(objection, f"sealed_{part}", sealed)


def said(objection: Objection, part: Part) -> str:
    """A part of the case in clear; empty where nothing was said. Raises VaultError."""
    sealed = bytes(getattr(objection, f"sealed_{part}"))
    return vault().unseal(sealed, _aad(objection, part)).decode() if sealed else ""


def put_identity(objection: Objection, identity: Identity) -> None:
    """Seal who objects."""
    put(objection, "identity", json.dumps(asdict(identity), ensure_ascii=False))


def identity_of(objection: Objection) -> Identity:
    """Who objects. Only acts that register the look call this for a person to see. Raises VaultError."""
    return Identity(**json.loads(said(objection, "identity")))


def _aad(objection: Objection, part: str) -> bytes:
    return f"objection:{part}:".encode() + objection.pk.bytes


# -- the secret ----------------------------------------------------------------------------------------------------------


def new_secret() -> str:
    """A secret in three groups of four, such as K7PD-3MWX-Q94T."""
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(12))
    return "-".join(drawn[at : at + 4] for at in (0, 4, 8))


def hash_of(secret: str) -> str:
    """What the house keeps of a secret: dashes, spaces and small letters make no difference."""
    plain = "".join(one for one in secret.upper() if one in _LETTERS)
    return hashlib.sha256(b"jiangbang objection\0" + plain.encode()).hexdigest()


def opens(objection: Objection, secret: str) -> bool:
    """Whether the secret is this case's."""
    return hmac.compare_digest(objection.secret_sha256, hash_of(secret))


# -- files ---------------------------------------------------------------------------------------------------------------


def keep_file(
    objection: Objection, name: str, media_type: str, data: bytes, *, of_reply: bool = False
) -> ObjectionFile:
    """Seal a file's bytes into the storage and make its row. Raises OSError (disk full)."""
    row = ObjectionFile(
        objection=objection,
        media_type=media_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        of_reply=of_reply,
        added_at=objection.received_at,
    )
    row.sealed_name = vault().seal(name[-200:].encode(), b"objection:file:" + row.pk.bytes)
    sealed = io.BytesIO()
    vault().seal_stream(io.BytesIO(data), sealed, b"objection:bytes:" + row.pk.bytes)
    sealed.seek(0)
    default_storage.save(place_of(row), File(sealed))
    row.save(force_insert=True)
    return row


def file_name(row: ObjectionFile) -> str:
    """The file's own name. Raises VaultError."""
    return vault().unseal(bytes(row.sealed_name), b"objection:file:" + row.pk.bytes).decode()


def file_bytes(row: ObjectionFile) -> bytes:
    """The file's bytes. Raises FileNotFoundError, VaultError."""
    with default_storage.open(place_of(row), "rb") as sealed:
        return vault().open_reader(sealed, b"objection:bytes:" + row.pk.bytes).read()


def place_of(row: ObjectionFile) -> str:
    """Where the storage keeps the file's sealed bytes."""
    return f"objections/{row.pk.hex[:2]}/{row.pk.hex}"
