"""`jiangbang register witness` and `register proof check`, from a home, an export, an address: what each finds and leaves behind."""

from __future__ import annotations

import json
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import click
import pytest
from commands.console import Console

from jiangbang.commands import register_sources
from jiangbang.commands.register_proof import register_proof
from jiangbang.commands.witness import SENTENCES, register_witness
from jiangbang.kernel import merkle
from jiangbang.kernel.cosignature import Cosigner, cosigned_at
from jiangbang.kernel.log_proof import LogProof, hash_lines
from jiangbang.kernel.notes import Signer, checkpoint_text, sign_note
from jiangbang.kernel.witness import Verdict

LOG = Signer("log.example", b"\x06" * 32)
ENTRIES = [b'{"index":%d,"type":"a.thing","facts":{"count":%d}}' % (number, number) for number in range(30)]


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run the witness in this process; its JSON."""

    def run(*arguments: object) -> dict[str, Any]:
        status = register_witness.main([*map(str, arguments), "--json"], standalone_mode=False)
        told: dict[str, Any] = json.loads(capsys.readouterr().out)
        assert status == (0 if told["good"] else 1)
        return told

    return run


def export(folder: Path, entries: list[bytes], signer: Signer = LOG, size: int | None = None) -> Path:
    """An export as the page and `register export` give it."""
    folder.mkdir(exist_ok=True)
    (folder / "entries.jsonl").write_bytes(b"".join(entry + b"\n" for entry in entries))
    root = merkle.root([merkle.leaf_hash(entry) for entry in entries])
    note = sign_note(checkpoint_text("log.example", size or len(entries), root), signer)
    (folder / "checkpoint").write_text(note, "utf-8")
    (folder / "key.pub").write_text(f"{signer.verifier}\n", "utf-8")
    return folder


def test_a_home_is_watched_from_its_own_machine(ready: Console, tmp_path: Path) -> None:
    kept = tmp_path / "elsewhere"
    told = ready("register", "witness", str(kept), "--name", "union.example/w", "--json").json
    assert (told["verdict"], told["good"], told["kept"]) == ("first", True, None)
    note = (kept / "checkpoint").read_text("utf-8")
    assert cosigned_at(note, Cosigner.parse((kept / "witness.pub").read_text("utf-8").strip())) == told["cosigned"]
    assert (kept / "witness.key").stat().st_mode & 0o777 == 0o600


def test_an_export_that_grows_is_followed_and_what_is_done_to_it_is_named(tell: Any, tmp_path: Path) -> None:
    kept, now = tmp_path / "kept", tmp_path / "now"
    assert tell(kept, "--from", export(now, ENTRIES[:9]), "--name", "w.example")["verdict"] == "first"
    assert tell(kept, "--from", now)["verdict"] == "same"
    assert tell(kept, "--from", export(now, ENTRIES[:20]))["verdict"] == "grown"
    archive = tmp_path / "register.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for file in now.iterdir():
            packed.write(file, file.name)
    assert tell(kept, "--from", archive)["verdict"] == "same"
    before = (kept / "checkpoint").read_bytes()
    other = Signer("log.example", b"\x09" * 32)
    found = [
        tell(kept, "--from", made)["verdict"]
        for made in (
            export(tmp_path / "a", ENTRIES[:19]),
            export(tmp_path / "b", [b"forged", *ENTRIES[1:25]]),
            export(tmp_path / "c", ENTRIES[:20], size=25),
            export(tmp_path / "d", ENTRIES[:25], other),
        )
    ]
    assert found == ["rolled_back", "forked", "cut", "other_key"]
    altered = export(tmp_path / "e", ENTRIES[:25])
    (altered / "entries.jsonl").write_bytes((altered / "entries.jsonl").read_bytes().replace(b"a.thing", b"b.thing", 1))
    assert tell(kept, "--from", altered)["verdict"] == "altered"
    note = (altered / "checkpoint").read_text("utf-8")
    (altered / "checkpoint").write_text(note.replace("\n25\n", "\n26\n"), "utf-8")
    assert tell(kept, "--from", altered)["verdict"] == "forged"
    assert (kept / "checkpoint").read_bytes() == before
    assert len(list(kept.glob("found-*.checkpoint"))) == 6


def test_a_folder_that_somebody_altered_is_found(tell: Any, tmp_path: Path) -> None:
    kept, now = tmp_path / "kept", export(tmp_path / "now", ENTRIES[:9])
    tell(kept, "--from", now, "--name", "w.example")
    own = (kept / "checkpoint").read_text("utf-8")
    # whoever has the register's key but not the witness's cannot put another note in its place
    line = next(one for one in own.splitlines() if one.startswith("— w.example"))
    forged = (export(tmp_path / "other", ENTRIES[1:9]) / "checkpoint").read_text("utf-8")
    (kept / "checkpoint").write_text(forged + line + "\n", "utf-8")
    assert tell(kept, "--from", now)["verdict"] == "kept_unsigned"
    (kept / "checkpoint").write_text("anything\n", "utf-8")
    assert tell(kept, "--from", now)["verdict"] == "kept_unsigned"
    for arguments, sentence in (
        (("--key", Signer("x", bytes(32)).verifier), "holds another key"),
        (("--name", "other"), "is called w.example"),
        (("--key", "nonsense"), "no register's key"),
    ):
        with pytest.raises(click.ClickException, match=sentence):
            tell(kept, "--from", now, *arguments)


def test_a_checkpoint_from_a_notice_is_compared_and_left(tell: Any, tmp_path: Path) -> None:
    file = tmp_path / "from-the-notice.txt"
    file.write_text(
        "\r\n" + (export(tmp_path / "then", ENTRIES[:9]) / "checkpoint").read_text("utf-8").replace("\n", "\r\n")
    )
    before = file.read_bytes()
    assert tell(file, "--from", export(tmp_path / "now", ENTRIES[:21]))["verdict"] == "grown"
    assert tell(file, "--from", export(tmp_path / "other", ENTRIES[1:21]))["verdict"] == "forked"
    assert (file.read_bytes(), sorted(path.name for path in tmp_path.iterdir() if path.is_file())) == (
        before,
        [file.name],
    )


@pytest.fixture
def served() -> Iterator[tuple[str, dict[str, tuple[int, str]]]]:
    """A web server on this machine that answers what it is told to."""
    answers: dict[str, tuple[int, str]] = {}

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, text = answers.get(self.path, (404, ""))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_arguments: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", answers
    server.shutdown()
    server.server_close()


def test_an_address_is_asked_for_the_proof(
    tell: Any, tmp_path: Path, served: tuple[str, dict[str, tuple[int, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, answers = served
    monkeypatch.setattr(register_sources.time, "sleep", lambda _seconds: None)
    kept, hashes = tmp_path / "kept", [merkle.leaf_hash(entry) for entry in ENTRIES]
    with pytest.raises(click.ClickException, match="answers 404"):
        tell(kept, "--from", address)
    for size in (9, 20):
        note = (export(tmp_path / "now", ENTRIES[:size]) / "checkpoint").read_text("utf-8")
        answers |= {"/register/key.pub": (200, str(LOG.verifier)), "/register/checkpoint": (200, note)}
        if size == 20:
            assert tell(kept, "--from", address)["verdict"] == "unproved"
            answers["/register/consistency/9/20"] = (200, "no hashes")
            assert tell(kept, "--from", address)["verdict"] == "unproved"
            answers["/register/consistency/9/20"] = (503, "")
            with pytest.raises(click.ClickException, match="try again later"):
                tell(kept, "--from", address)
            lines = hash_lines(merkle.consistency_proof(9, 20, hashes))
            answers["/register/consistency/9/20"] = (200, "\n".join(reversed(lines)))
            assert tell(kept, "--from", address)["verdict"] == "forked"
            answers["/register/consistency/9/20"] = (200, "\n".join(lines))
        assert tell(kept, "--from", f"{address}/")["good"]
    answers["/register/checkpoint"] = (200, "<html>sign in to the network</html>\n")
    with pytest.raises(click.ClickException, match="no checkpoint"):
        tell(kept, "--from", address)


def test_what_is_no_source_is_said(tell: Any, tmp_path: Path) -> None:
    for source, sentence in (
        ("file:///etc/passwd", "not by file"),
        (str(tmp_path / "nothing"), "no export"),
        ("http://127.0.0.1:1", "cannot be reached"),
    ):
        with pytest.raises(click.ClickException, match=sentence):
            tell(tmp_path / "kept", "--from", source)
    assert not (tmp_path / "kept" / "checkpoint").exists()


def test_a_proof_is_checked_from_its_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hashes = [merkle.leaf_hash(entry) for entry in ENTRIES]
    note = sign_note(checkpoint_text("log.example", 30, merkle.root(hashes)), LOG)
    proof = str(LogProof(7, merkle.inclusion_proof(7, 30, hashes), note, ENTRIES[7]))
    stranger = Signer("log.example", b"\x09" * 32)
    moved = LogProof(8, merkle.inclusion_proof(8, 30, hashes), note, ENTRIES[7])
    # an entry that stands where it does not say that it stands
    astray = [*hashes[:7], hashes[8], *hashes[8:]]
    twice = sign_note(checkpoint_text("log.example", 30, merkle.root(astray)), LOG)
    liar = LogProof(7, merkle.inclusion_proof(7, 30, astray), twice, ENTRIES[8])
    for text, key, code in (
        (proof, LOG, "holds"),
        (proof, stranger, "signature"),
        (str(moved), LOG, "path"),
        (str(liar), LOG, "path"),
        ("no proof", LOG, "malformed"),
    ):
        file = tmp_path / "it.tlog-proof"
        file.write_text(text, "utf-8")
        arguments = ["check", str(file), "--key", str(key.verifier)]
        assert register_proof.main([*arguments, "--json"], standalone_mode=False) == (0 if code == "holds" else 1)
        told = json.loads(capsys.readouterr().out)
        assert (told["code"], told["entry"]) == (code, json.loads(ENTRIES[7]) if code == "holds" else None)
        register_proof.main(arguments, standalone_mode=False)
        assert ("此为第 8 条" in capsys.readouterr().out) == (code == "holds")


def test_every_verdict_has_a_sentence_in_both_languages() -> None:
    assert set(SENTENCES) == set(Verdict)
    assert all(zh and en.endswith(".") for zh, en in SENTENCES.values())
