"""`jiangbang register witness`: somebody outside keeps the last checkpoint and finds what was done to the register since."""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from jiangbang.commands.register_sources import Address, Rows, source_at
from jiangbang.commands.speaking import json_option, language, print_json
from jiangbang.home import keep_secret, private_directory
from jiangbang.kernel.cosignature import Cosigner, cosign, cosigned_at
from jiangbang.kernel.notes import MAX_NOTE_SIZE, Checkpoint, NoteError, Signer, Verifier, take_apart
from jiangbang.kernel.witness import Finding, Verdict, watch

# what an alarm found is kept as evidence, so many different notes at most
MOST_EVIDENCE: Final = 100

SENTENCES: Final[dict[Verdict, tuple[str, str]]] = {
    Verdict.FIRST: (
        "首次见到此登记簿，检查点已留存。请将下面的公钥与主办单位公布的公钥核对。",
        "Seen for the first time; its checkpoint is kept. Compare the key below with the one that the organiser publishes.",
    ),
    Verdict.SAME: ("与上次留存的检查点相同。", "The same as when it was last seen."),
    Verdict.GROWN: (
        "只有新增：上次留存的全部记录原样在其中。",
        "It has only grown: everything that it held when it was last seen is in it, unchanged.",
    ),
    Verdict.ROLLED_BACK: (
        "登记簿被回退：现有记录少于上次留存时的数目。",
        "It was rolled back: it holds fewer entries than when it was last seen.",
    ),
    Verdict.FORKED: (
        "登记簿已分叉：现在的记录不是从上次留存的记录延续而来，此前的记录被改写。",
        "It was forked: what it holds now does not continue what it held when it was last seen. Its past was rewritten.",
    ),
    Verdict.UNPROVED: (
        "登记簿未给出一致性证明，无法确认此前的记录未被改写。",
        "It gives no proof that it continues what it held when it was last seen.",
    ),
    Verdict.CUT: (
        "登记簿有缺失：实有记录少于其签名检查点所载的数目。",
        "It was cut: it holds fewer entries than its own signed checkpoint counts.",
    ),
    Verdict.ALTERED: (
        "登记簿被改动：其记录与其签名检查点不符。",
        "It was altered: its entries do not give the tree of its own signed checkpoint.",
    ),
    Verdict.OTHER_KEY: (
        "检查点由另一把密钥签名，并非此前留存的密钥。",
        "Its checkpoint is signed by another key than the one that was kept.",
    ),
    Verdict.FORGED: (
        "检查点上的签名与内容不符，系伪造或被改动。",
        "The signature under its checkpoint does not fit: forged, or changed after signing.",
    ),
    Verdict.OTHER_LOG: (
        "这是另一本登记簿，名称与留存的不同。",
        "This is another register: its name is not the one that was kept.",
    ),
    Verdict.KEPT_UNSIGNED: (
        "留存的检查点本身并非由此密钥签名：留存文件被改动，或密钥已被更换。",
        "The kept checkpoint is not signed by this key: the kept file was altered, or the register's key was replaced.",
    ),
}


@click.command("witness")
@click.argument("place", metavar="FOLDER_OR_FILE", type=click.Path(path_type=Path))
@click.option("--from", "origin", metavar="URL|EXPORT", help="Public address or export; else the home of this machine.")
@click.option("--key", metavar="KEY|FILE", help="The register's published key; else the one that is met at first.")
@click.option("--name", help="Sign as a witness of this name, such as union.example/witness; the key is made at first.")
@json_option
def register_witness(place: Path, origin: str | None, key: str | None, name: str | None, as_json: bool) -> int:
    """Compare the present register with the checkpoint kept in a folder, and keep the present one there.

    Exit 1 when the register was rolled back, forked, cut, altered or signed by another key: the kept checkpoint then stays. A FILE is
    a checkpoint that somebody kept, such as a notice's: it is compared and left as it is.
    """
    source = source_at(origin)
    try:
        found = _compared(place, key, source) if place.is_file() else _kept(place, key, name, source)
    except OSError as error:
        raise click.ClickException(f"{place}: {error.strerror}") from None
    except NoteError as error:
        raise click.ClickException(f"what the register gives is no checkpoint: {error}") from None
    print_json(found.as_json()) if as_json else _say(found)
    return 0 if found.finding.good else 1


@dataclass(frozen=True)
class _Witnessed:
    """A finding, the key that it rests on, and when this witness signed for it."""

    finding: Finding
    key: Verifier
    cosigner: Cosigner | None = None
    cosigned: int | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "verdict": self.finding.verdict.value,
            "good": self.finding.good,
            "kept": _told(self.finding.kept),
            "found": _told(self.finding.found),
            "key": str(self.key),
            "witness": str(self.cosigner) if self.cosigner else None,
            "cosigned": self.cosigned,
        }


def _compared(file: Path, key: str | None, source: Address | Rows) -> _Witnessed:
    with file.open("rb") as opened:
        note = opened.read(MAX_NOTE_SIZE).decode("utf-8", "replace").replace("\r\n", "\n").strip("\n") + "\n"
    trusted = verifier_of(key or source.key())
    return _Witnessed(watch(note, trusted, source), trusted)


def _kept(folder: Path, key: str | None, name: str | None, source: Address | Rows) -> _Witnessed:
    with _alone_in(private_directory(folder)):
        trusted = _trusted(folder, key, source)
        signer = _own_key(folder, name)
        kept = _read(folder / "checkpoint")
        finding = watch(kept, trusted, source)
        if kept is not None and signer is not None and not _own_line_holds(kept, signer):
            finding = Finding(Verdict.KEPT_UNSIGNED, None, None, "")
        if not finding.good:
            _keep_evidence(folder, finding)
            return _Witnessed(finding, trusted)
        note, at = finding.note, None
        if signer is not None:
            at = int(time.time())
            note = cosign(note, signer, at)
        _write(folder / "key.pub", f"{trusted}\n")
        _write(folder / "checkpoint", note)
        return _Witnessed(finding, trusted, Cosigner.of(signer) if signer else None, at)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """One witness at a time in a folder: two clocks may start at once."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _trusted(folder: Path, key: str | None, source: Address | Rows) -> Verifier:
    """The key that the folder keeps, or else the one that is given, or else the one that the register names."""
    pinned = _read(folder / "key.pub")
    given = verifier_of(key) if key else None
    if pinned is None:
        return given or verifier_of(source.key())
    kept = verifier_of(pinned)
    if given is not None and given != kept:
        raise click.ClickException(f"{folder / 'key.pub'} holds another key: {kept}")
    return kept


def _own_key(folder: Path, name: str | None) -> Signer | None:
    """The witness's own signer: made where a name is given for the first time, found where there is one."""
    public = _read(folder / "witness.pub")
    if public is None:
        if name is None:
            return None
        seed = keep_secret(folder / "witness.key", Ed25519PrivateKey.generate().private_bytes_raw())
        try:
            signer = Signer(name, seed)
        except NoteError as error:
            raise click.ClickException(f"{name}: {error}") from None
        _write(folder / "witness.pub", f"{Cosigner.of(signer)}\n")
        return signer
    cosigner = Cosigner.parse(public.strip())
    if name is not None and name != cosigner.name:
        raise click.ClickException(f"the witness of this folder is called {cosigner.name}")
    return Signer(cosigner.name, (folder / "witness.key").read_bytes())


def _own_line_holds(kept: str, signer: Signer) -> bool:
    """Whether this witness's line under the kept checkpoint is its own; none at all is from before it had a key."""
    try:
        cosigned_at(kept, Cosigner.of(signer))
    except NoteError:
        return False
    return True


def _keep_evidence(folder: Path, finding: Finding) -> None:
    """What the register gave stays beside the kept checkpoint: the two together prove what was done."""
    if finding.note and len(list(folder.glob("found-*.checkpoint"))) < MOST_EVIDENCE:
        digest = hashlib.sha256(finding.note.encode()).hexdigest()[:16]
        _write(folder / f"found-{digest}.checkpoint", finding.note)


def verifier_of(text: str) -> Verifier:
    """A verifier key: as it is published, a file that holds it, or a witness's folder. Fails with one sentence."""
    path = Path(text) if len(text) < 256 and "\n" not in text else None
    try:
        if path is not None and path.exists():
            text = (path / "key.pub" if path.is_dir() else path).read_text(encoding="utf-8")
        return Verifier.parse(text.strip())
    except (OSError, NoteError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{text.strip()[:100]} is no register's key: {error}") from None


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        raise click.ClickException(f"{path} is not a text") from None


def _write(path: Path, text: str) -> None:
    """Whole or not at all, and on the disk before it counts."""
    draft = path.with_name(path.name + ".draft")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _told(one: Checkpoint | None) -> dict[str, Any] | None:
    return None if one is None else {"origin": one.origin, "size": one.size, "root": one.root.hex()}


def _say(found: _Witnessed) -> None:
    chinese = language() == "zh"
    finding = found.finding
    click.echo(
        f"{'✓' if finding.good else '✗'} {SENTENCES[finding.verdict][0 if chinese else 1]} ({finding.verdict.value})"
    )
    for words, one in (("留存 | kept", finding.kept), ("现在 | now", finding.found)):
        if one is not None:
            label = words.split(" | ")[0 if chinese else 1]
            count = f"{one.size} 条" if chinese else f"{one.size} entries"
            click.echo(f"  {label}: {count}, {one.root.hex()}")
    click.echo(f"  {'密钥' if chinese else 'key'}: {found.key}")
    if finding.verdict is Verdict.OTHER_KEY:
        signers = ", ".join(sorted({f"{name}+{key_id.hex()}" for name, key_id, _ in take_apart(finding.note)[1]}))
        click.echo(f"  {'签名者' if chinese else 'signed by'}: {signers}")
    if found.cosigner is not None:
        click.echo(f"  {'见证' if chinese else 'witness'}: {found.cosigner}")
