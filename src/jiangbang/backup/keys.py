"""The keys' part of a copy: one small file under a passphrase, to be kept in another place than the copies.

magic · salt (16) · nonce (12) · AES-256-GCM of a tar of the home's `keys` folder, under scrypt(passphrase, salt)
"""

from __future__ import annotations

import io
import os
import secrets
import tarfile
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from jiangbang.backup.manifest import CopyError
from jiangbang.home import private_directory

MAGIC: Final = b"jiangbang keys 1\n"
SHORTEST: Final = 12
_SALT, _NONCE = 16, 12
# RFC 7914 for files: about half a second and 128 MB
_COST: Final = {"length": 32, "n": 2**17, "r": 8, "p": 1}


def keep_keys(home: Path, target: Path, passphrase: str) -> int:
    """Write the home's keys, sealed, to a file that must not be there yet. Returns how many keys. Raises CopyError."""
    if len(passphrase) < SHORTEST:
        raise CopyError(f"the passphrase needs at least {SHORTEST} characters")
    files = sorted(path for path in (home / "keys").iterdir() if path.is_file()) if (home / "keys").is_dir() else []
    if not files:
        raise CopyError(f"{home} holds no keys yet")
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as tar:
        for path in files:
            entry = tarfile.TarInfo(path.name)
            entry.size, entry.mode = path.stat().st_size, 0o600
            tar.addfile(entry, io.BytesIO(path.read_bytes()))
    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    sealed = AESGCM(_key(passphrase, salt)).encrypt(nonce, plain.getvalue(), MAGIC)
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise CopyError(f"{target} is there already; give another name") from None
    except OSError as error:
        raise CopyError(f"{target} cannot be written: {error.strerror}") from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(MAGIC + salt + nonce + sealed)
        file.flush()
        os.fsync(file.fileno())
    return len(files)


def open_keys(source: Path, passphrase: str) -> dict[str, bytes]:
    """The keys of such a file, by their names in the home. Raises CopyError."""
    try:
        data = source.read_bytes()
    except OSError as error:
        raise CopyError(f"{source} cannot be read: {error.strerror}") from None
    if not data.startswith(MAGIC):
        raise CopyError(f"{source} holds no keys of Jiangbang")
    body = data[len(MAGIC) :]
    salt, nonce, sealed = body[:_SALT], body[_SALT : _SALT + _NONCE], body[_SALT + _NONCE :]
    try:
        plain = AESGCM(_key(passphrase, salt)).decrypt(nonce, sealed, MAGIC)
    except (InvalidTag, ValueError):
        raise CopyError("the passphrase is wrong, or the file of the keys is damaged") from None
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        members = {Path(one.name).name: tar.extractfile(one) for one in tar.getmembers() if one.isfile()}
        return {name: file.read() for name, file in members.items() if file is not None}


def lay_keys(keys: dict[str, bytes], home: Path) -> None:
    """Put the keys into a home whose database has come from a copy. What a start of the empty home had made is kept as `….before`."""
    folder = private_directory(home / "keys")
    for name, key in keys.items():
        kept = folder / name
        if kept.exists() and kept.read_bytes() != key:
            kept.replace(folder / f"{name}.before")
        draft = folder / f"{name}.restoring"
        draft.write_bytes(key)
        draft.chmod(0o600)
        draft.replace(kept)


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, **_COST).derive(passphrase.encode())
