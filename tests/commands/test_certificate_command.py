"""`jiangbang certificate`: checking needs neither network nor database, and tells what is wrong apart."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from commands.console import Console, refused
from papers.certificates import ADDRESS, certificate, issuer_key, signed, statement

from jiangbang.kernel.statement import keys_document, revoked_document, sign_statement


@pytest.fixture
def at_hand(tmp_path: Path) -> Path:
    """A folder with the published keys, a list of revocations, and a certificate as PDF."""
    (tmp_path / "keys.json").write_text(json.dumps(keys_document([issuer_key()])), "utf-8")
    (tmp_path / "c.pdf").write_bytes(signed())
    revoked = revoked_document({statement().number: date(2026, 1, 1)}, "2026-01-01T00:00:00+08:00")
    (tmp_path / "revoked.json").write_text(json.dumps(revoked), "utf-8")
    return tmp_path


def test_a_genuine_file_and_its_code_verify_in_a_home_that_does_not_exist(at_hand: Path) -> None:
    console = Console(at_hand / "nowhere")
    for source, kind in ((at_hand / "c.pdf", "pdf"), (f"{ADDRESS}#{certificate().token}", "token")):
        outcome = console("certificate", "verify", source, "--keys", at_hand / "keys.json", "--json")
        assert (outcome.status, outcome.json["verdict"], outcome.json["source"]) == (0, "genuine", kind)
        assert outcome.json["statement"]["name"] == statement().name
    assert (at_hand / "nowhere").exists() is False


def test_what_is_wrong_is_told_apart(at_hand: Path) -> None:
    console = Console(at_hand / "nowhere")
    (at_hand / "altered.pdf").write_bytes(signed() + b" ")
    forged = sign_statement(statement(), bytes(32))
    verdicts = {}
    for source in (at_hand / "altered.pdf", forged, "AAAA"):
        outcome = console("certificate", "verify", source, "--keys", at_hand / "keys.json", "--json")
        verdicts[outcome.json["verdict"]] = outcome.status
    outcome = console(
        *("certificate", "verify", at_hand / "c.pdf", "--keys", at_hand / "keys.json"),
        *("--revoked", at_hand / "revoked.json"),
        JIANGBANG_LANGUAGE="en",
    )
    verdicts[outcome.out.split("(")[1].split(")")[0]] = outcome.status
    assert verdicts == {"altered": 1, "forged": 1, "malformed": 1, "revoked": 1}
    assert outcome.out.startswith("✗ Revoked")


def test_what_cannot_be_checked_is_said_in_one_sentence(at_hand: Path) -> None:
    console = Console(at_hand / "nowhere")
    said = [
        refused(console("certificate", "verify", at_hand / "missing.pdf", "--keys", at_hand / "keys.json")),
        refused(console("certificate", "verify", certificate().token)),
        refused(console("certificate", "verify", at_hand / "c.pdf", "--keys", at_hand / "revoked.json")),
    ]
    assert ["no such file" in said[0], "--keys" in said[1], "format" in said[2]] == [True, True, True]


def test_keys_are_made_listed_exported_and_withdrawn(ready: Console, tmp_path: Path) -> None:
    made = ready("certificate", "keys", "make", "--issuer", "杭州市总工会", "--from", "2023-01-01", "--json")
    assert (made.status, made.json["valid_until"]) == (0, "2025-12-31")
    assert ready("certificate", "keys", "export", tmp_path / "k.json").status == 0
    exported = json.loads((tmp_path / "k.json").read_text("utf-8"))
    assert [one["id"] for one in exported["keys"]] == [made.json["id"]]
    assert "sealed" not in json.dumps(exported)
    assert ready("certificate", "keys", "withdraw", made.json["id"]).status == 0
    assert ready("certificate", "keys", "list", "--json").json["keys"][0]["withdrawn"] is not None
