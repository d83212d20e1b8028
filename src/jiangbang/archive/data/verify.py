"""Check the archive of an edition without the program that made it.

    python verify.py [ARCHIVE.zip | FOLDER]      the folder of this script where nothing is named

Needs Python 3.9 or newer and the package `cryptography`. It opens no network connection and writes nothing.

What is checked, in this order:
1. `manifest.note` is signed with the key in `register/key.pub`, and it names the hash of `manifest.json`.
2. Every file has the size and SHA-256 that `manifest.json` gives; nothing is missing and nothing was added.
3. Each line of `register/entries.jsonl` is the leaf that `register/leaf-hashes.bin` has at its index (RFC 9162, 2.1.1), in order;
   all leaves together give the root that `register/checkpoint` signs (C2SP signed-note and tlog-checkpoint).
4. The register says as many titles conferred and revoked as `data/awards.json` has.

Exit status: 0 whole, 1 altered (a line for each fault), 2 no archive. Compare the key with one that you have from elsewhere, such as
the organiser's site: whoever alters everything would sign with a key of his own.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

# what lies beside the files that the manifest lists
OUTSIDE = {"manifest.json", "manifest.note"}
PIECE = 1 << 20
# what a file says that was damaged inside its zip
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


class Folder:
    """The files of an archive that was unpacked."""

    def __init__(self, path: Path) -> None:
        self.path = path
        found = (one for one in path.rglob("*") if one.is_symlink() or not one.is_dir())
        self.names = [one.relative_to(path).as_posix() for one in found]

    def open(self, name: str) -> Any:
        return (self.path / name).open("rb")


class Packed:
    """The files of an archive in its zip."""

    def __init__(self, path: Path) -> None:
        self.zip = zipfile.ZipFile(path)
        self.names = [one for one in self.zip.namelist() if not one.endswith("/")]

    def open(self, name: str) -> Any:
        return self.zip.open(name)


def read(archive: Folder | Packed, name: str) -> bytes:
    with archive.open(name) as file:
        return bytes(file.read())


def digest(archive: Folder | Packed, name: str) -> tuple[int, str]:
    """Size and SHA-256 of a file; a size below nothing where it cannot be read."""
    size, found = 0, hashlib.sha256()
    try:
        with archive.open(name) as file:
            while piece := file.read(PIECE):
                size += len(piece)
                found.update(piece)
    except (OSError, *DAMAGED):
        return -1, ""
    return size, found.hexdigest()


def signed_text(note: str, key: str) -> str:
    """The text of a signed note; ValueError where its signature is not the key's."""
    name, key_id, packed = key.strip().split("+", 2)
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(packed)[1:])
    text, _, signatures = note.rpartition("\n\n")
    for line in signatures.splitlines():
        mark, signer, signature = line.split(" ", 2)
        blob = base64.b64decode(signature)
        if mark == "—" and signer == name and blob[:4].hex() == key_id:
            public.verify(blob[4:], (text + "\n").encode())
            return text + "\n"
    raise ValueError("no signature of this key")


def check_manifest(archive: Folder | Packed, key: str) -> dict[str, Any]:
    """The files that the signed manifest lists. Raises ValueError or InvalidSignature."""
    manifest = read(archive, "manifest.json")
    kind, _edition, _count, sha256 = signed_text(read(archive, "manifest.note").decode(), key).splitlines()
    if kind != "jiangbang.archive/v1" or hashlib.sha256(manifest).hexdigest() != sha256:
        raise ValueError("another manifest was signed")
    return {one["path"]: one for one in json.loads(manifest)["files"]}


def check_files(archive: Folder | Packed, listed: dict[str, Any]) -> Iterator[str]:
    """A sentence for each file that is missing, was added or altered."""
    present = [name for name in archive.names if name not in OUTSIDE]
    for name in sorted(set(listed) - set(present)):
        yield f"missing: {name}"
    for name in sorted(set(present) - set(listed)):
        yield f"added: {name}"
    yield from (f"twice: {name}" for name, count in Counter(present).items() if count > 1)
    for name in sorted(set(present) & set(listed)):
        if digest(archive, name) != (listed[name]["size"], listed[name]["sha256"]):
            yield f"altered: {name}"


def tree_root(leaves: bytes) -> bytes:
    """The Merkle tree hash over leaf hashes of 32 bytes each (RFC 9162, 2.1.1), by merging equal subtrees from the left."""
    stack: list[tuple[bytes, int]] = []
    for at in range(0, len(leaves), 32):
        node, size = leaves[at : at + 32], 1
        while stack and stack[-1][1] == size:
            left, _ = stack.pop()
            node, size = hashlib.sha256(b"\1" + left + node).digest(), 2 * size
        stack.append((node, size))
    root = stack.pop()[0] if stack else hashlib.sha256(b"").digest()
    while stack:
        root = hashlib.sha256(b"\1" + stack.pop()[0] + root).digest()
    return root


def check_register(archive: Folder | Packed, key: str, counted: Counter[str]) -> Iterator[str]:
    """A sentence for each fault of the register; `counted` is told what it says of each type of entry."""
    leaves, last = read(archive, "register/leaf-hashes.bin"), -1
    try:
        _origin, size, root = signed_text(read(archive, "register/checkpoint").decode(), key).splitlines()[:3]
    except (ValueError, InvalidSignature):
        yield "register: the checkpoint is not signed with register/key.pub"
        return
    if len(leaves) != 32 * int(size):
        yield f"register: {len(leaves) // 32} leaves, the checkpoint signs {size}"
    elif base64.b64encode(tree_root(leaves)).decode() != root:
        yield "register: the leaves do not give the signed root: one was altered, added, taken out or moved"
    with archive.open("register/entries.jsonl") as file:
        for number, line in enumerate(file, 1):
            entry = json.loads(line)
            index = entry["index"]
            if index <= last:
                yield f"register: line {number} is out of order"
            leaf = hashlib.sha256(b"\0" + line.rstrip(b"\n")).digest()
            if leaf != leaves[32 * index : 32 * index + 32]:
                yield f"register: entry {index} was altered"
            last = index
            counted[entry["type"]] += entry["facts"].get("count", 1) if entry["type"] == "titles.conferred" else 1


def check_awards(archive: Folder | Packed, counted: Counter[str]) -> Iterator[str]:
    """A sentence for each count of the awards that the register does not bear out."""
    awards = json.loads(read(archive, "data/awards.json"))
    revoked = sum(one["state"] == "revoked" for one in awards)
    told = {"titles.conferred": ("titles", len(awards)), "award.revoked": ("revoked titles", revoked)}
    for kind, (said, found) in told.items():
        if counted[kind] != found:
            yield f"awards: {found} {said}, the register says {counted[kind]}"


def check(path: Path) -> Iterator[str]:
    """Every fault of the archive at `path`, as sentences. Raises OSError, ValueError or zipfile.BadZipFile where it is none."""
    archive = Folder(path) if path.is_dir() else Packed(path)
    if not {"manifest.json", "verify.py"} & set(archive.names):
        raise ValueError("it has no manifest.json")
    try:
        key = read(archive, "register/key.pub").decode()
        listed = check_manifest(archive, key)
    except (OSError, ValueError, KeyError, InvalidSignature, *DAMAGED):
        yield "manifest: not signed with register/key.pub, or altered"
        return
    faults = list(check_files(archive, listed))
    yield from faults
    if not any("register/" in one or "data/awards.json" in one for one in faults):
        counted: Counter[str] = Counter()
        yield from check_register(archive, key, counted)
        yield from check_awards(archive, counted)


def main(arguments: list[str]) -> int:
    path = Path(arguments[0] if arguments else __file__).resolve()
    try:
        faults = list(check(path if arguments else path.parent))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        sys.stderr.write(f"{path}: no archive of an edition: {error}\n")
        return 2
    sys.stdout.write("\n".join([*faults, "ALTERED" if faults else "whole"]) + "\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
