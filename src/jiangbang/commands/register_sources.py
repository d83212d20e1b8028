"""Where `jiangbang register witness` has the present register from: a public address, an export, an installation's home."""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final
from urllib.parse import urlsplit

import click

from jiangbang.commands.ready import make_ready
from jiangbang.kernel import merkle
from jiangbang.kernel.log_proof import read_hashes
from jiangbang.kernel.notes import Checkpoint, NoteError
from jiangbang.kernel.witness import Verdict

# seconds for one answer; a register that is busy is asked again so many times
TIMEOUT: Final = 30
TRIES: Final = 4
# real answers have some hundred bytes, the longest proof three thousand
_MOST_BYTES: Final = 100_000
_BUSY: Final = frozenset({429, 502, 503, 504})
# longer entries do not exist; a hostile export may have one line without an end
_LONGEST_ENTRY: Final = 1_000_000
_MOST_ENTRIES: Final = 10_000_000


class _Reader(urllib.request.HTTPRedirectHandler):
    """Follows no redirect from https to http, and none to anything else, whoever sends it."""

    def redirect_request(self, req: urllib.request.Request, *arguments: Any) -> urllib.request.Request | None:
        to = super().redirect_request(req, *arguments)
        if to is not None and not to.full_url.startswith("https:" if req.full_url.startswith("https:") else "http"):
            raise click.ClickException(f"{req.full_url} leads to an address that is not asked: {to.full_url[:200]}")
        return to


class Address:
    """An installation's public address, such as https://jiangbang.example."""

    def __init__(self, url: str) -> None:
        self._base = url.rstrip("/").removesuffix("/register") + "/register/"
        self._opener = urllib.request.build_opener(_Reader)

    def key(self) -> str:
        """The verifier key that the register itself names."""
        return self._needed("key.pub").strip()

    def checkpoint(self) -> str:
        return self._needed("checkpoint")

    def flaw(self, found: Checkpoint) -> Verdict | None:  # noqa: ARG002 — its entries are not seen from here
        return None

    def proof(self, old: int, new: int) -> Sequence[bytes] | None:
        status, text = self._get(f"consistency/{old}/{new}")
        if status != 200:
            return None
        try:
            return read_hashes(text.splitlines())
        except NoteError:
            return None

    def _needed(self, path: str) -> str:
        status, text = self._get(path)
        if status != 200:
            raise click.ClickException(f"{self._base}{path} answers {status}: no register can be read there")
        return text

    def _get(self, path: str) -> tuple[int, str]:
        """Status and text. Waits and asks again where the register is busy; fails with a sentence where it cannot be reached."""
        status, text = 0, ""
        for turn in range(TRIES):
            status, text = self._once(path)
            if status not in _BUSY:
                return status, text
            time.sleep(1 << turn)
        raise click.ClickException(f"{self._base}{path} answers {status}: try again later")

    def _once(self, path: str) -> tuple[int, str]:
        try:
            with self._opener.open(self._base + path, timeout=TIMEOUT) as answer:
                return answer.status, answer.read(_MOST_BYTES).decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            return error.code, ""
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise click.ClickException(f"{self._base}{path} cannot be reached: {error}") from None


@dataclass(frozen=True)
class Rows:
    """A register whose entries lie here: every one of them is hashed anew."""

    named_key: str
    note: str
    hashes: Sequence[bytes]

    def key(self) -> str:
        """The verifier key that stands beside the entries."""
        return self.named_key

    def checkpoint(self) -> str:
        return self.note

    def flaw(self, found: Checkpoint) -> Verdict | None:
        if len(self.hashes) < found.size:
            return Verdict.CUT
        return None if merkle.root(self.hashes[: found.size]) == found.root else Verdict.ALTERED

    def proof(self, old: int, new: int) -> Sequence[bytes] | None:
        return merkle.consistency_proof(old, new, self.hashes)


def source_at(place: str | None) -> Address | Rows:
    """The source that was named; without a name the home of this machine. Fails with one sentence."""
    if place is None:
        return _home()
    scheme = urlsplit(place).scheme
    if scheme in ("http", "https"):
        return Address(place)
    if "://" in place:
        raise click.ClickException(f"{place}: a register is fetched by https or http, not by {scheme}")
    return _export(Path(place))


def _home() -> Rows:
    make_ready()
    from jiangbang.register.keys import signer  # noqa: PLC0415 — models exist only after django.setup()
    from jiangbang.register.queries import present_leaves  # noqa: PLC0415

    note, hashes = present_leaves()
    return Rows(str(signer().verifier), note, hashes)


def _export(place: Path) -> Rows:
    """A folder written by `register export`, or the zip that the register's page gives."""
    try:
        with _files(place) as opened:
            with opened("key.pub") as file:
                key = file.read(_MOST_BYTES).decode("utf-8", "replace").strip()
            with opened("checkpoint") as file:
                note = file.read(_MOST_BYTES).decode("utf-8", "replace")
            with opened("entries.jsonl") as file:
                return Rows(key, note, list(_leaves(file)))
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise click.ClickException(f"{place} is no export of a register: {error}") from None


@contextmanager
def _files(place: Path) -> Iterator[Any]:
    """How to open a file of the export by its name."""
    if place.is_dir():
        yield lambda name: (place / name).open("rb")
        return
    with zipfile.ZipFile(place) as archive:
        yield archive.open


def _leaves(file: IO[bytes]) -> Iterator[bytes]:
    for _entry in range(_MOST_ENTRIES):
        line = file.readline(_LONGEST_ENTRY)
        if not line:
            return
        yield merkle.leaf_hash(line.removesuffix(b"\n"))
    raise click.ClickException(f"an export of more than {_MOST_ENTRIES:,} entries is not read")


def told_by(entry: bytes) -> dict[str, Any]:
    """What an entry's bytes say; empty where they are no entry of a register."""
    try:
        said = json.loads(entry)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
