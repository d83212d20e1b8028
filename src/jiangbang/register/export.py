"""The register as files that an outsider can check without this program."""

from __future__ import annotations

import json
from pathlib import Path

from jiangbang.register.keys import signer
from jiangbang.register.models import Entry
from jiangbang.register.queries import head

HOW_TO_CHECK = """\
entries.jsonl   one entry a line; the line's bytes without the line break are the leaf
checkpoint      the signed head (C2SP tlog-checkpoint in a signed note): origin, size, base64 root, signature
key.pub         the verifier key (C2SP signed-note: name+hash+base64)

To check: leaf hash = SHA-256(0x00 || line); node hash = SHA-256(0x01 || left || right); the root over all lines by RFC 9162
section 2.1.1 must equal the root in the checkpoint, whose Ed25519 signature must verify with key.pub.
"""


def export_register(directory: Path) -> int:
    """Write entries, checkpoint, key and an explanation into `directory`, made if missing. Returns the number of entries.

    Raises OSError when the directory cannot be written.
    """
    directory.mkdir(parents=True, exist_ok=True)
    signed = head()
    count = 0
    with (directory / "entries.jsonl").open("wb") as file:
        for entry in Entry.objects.filter(index__lt=signed.size).order_by("index").iterator(chunk_size=2000):
            file.write(entry.leaf() + b"\n")
            count += 1
    (directory / "checkpoint").write_text(signed.checkpoint, encoding="utf-8")
    (directory / "key.pub").write_text(f"{signer().verifier}\n", encoding="utf-8")
    (directory / "README.txt").write_text(HOW_TO_CHECK, encoding="utf-8")
    (directory / "register.json").write_text(json.dumps({"size": signed.size}) + "\n", encoding="utf-8")
    return count
