"""`jiangbang register verify` and `register export`."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from pathlib import Path

import pytest
from commands.console import Console, refused

GUARDS = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'register_entry'"


def alter(home: Path, *statements: str) -> None:
    """Change the database by hand, as somebody with the file would: the guards are dropped first."""
    database = sqlite3.connect(home / "jiangbang.sqlite3")
    for (name,) in database.execute(GUARDS).fetchall():
        database.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        database.execute(statement)
    database.commit()
    database.close()


def test_an_empty_home_verifies(empty: Console) -> None:
    outcome = empty("register", "verify", "--json")
    report = outcome.json
    assert (outcome.status, report["whole"], report["problems"]) == (0, True, [])
    assert report["size"] > 0


def test_the_report_has_the_keys_of_the_contract(ready: Console) -> None:
    assert list(ready("register", "verify", "--json").json) == ["whole", "size", "root", "checkpoint", "problems"]


def test_verifying_changes_nothing(ready: Console) -> None:
    assert ready("register", "verify", "--json").out == ready("register", "verify", "--json").out


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE register_entry SET facts = '{}' WHERE \"index\" = 1",
        'DELETE FROM register_entry WHERE "index" = 1',
        'DELETE FROM register_entry WHERE "index" = (SELECT max("index") FROM register_entry)',
        'UPDATE register_entry SET "index" = "index" + 1000 WHERE "index" = 0',
        "DELETE FROM register_head",
    ],
)
def test_a_database_altered_by_hand_gives_1_and_says_so(ready: Console, statement: str) -> None:
    alter(ready.home, statement)
    outcome = ready("register", "verify", "--json")
    assert (outcome.status, outcome.json["whole"]) == (1, False)
    assert outcome.json["problems"]


def test_the_sentence_for_people_says_altered(ready: Console) -> None:
    alter(ready.home, "UPDATE register_entry SET actor = 'user:999' WHERE \"index\" = 0")
    outcome = ready("register", "verify")
    assert (outcome.status, outcome.out.startswith("ALTERED")) == (1, True)
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("zh", "✗ 登记簿没有树头：该行已被删除。"), ("en", "✗ The register has no head: the row was deleted.")],
)
def test_problems_are_told_in_the_language_of_the_command_line(ready: Console, language: str, sentence: str) -> None:
    alter(ready.home, "DELETE FROM register_head")
    outcome = ready("register", "verify", JIANGBANG_LANGUAGE=language)
    assert (outcome.status, outcome.out.splitlines()[1:]) == (1, [sentence])


def test_the_export_can_be_checked_without_this_program(ready: Console, tmp_path: Path) -> None:
    """RFC 9162 section 2.1.1, computed here in ten lines."""
    target = tmp_path / "export"
    assert ready("register", "export", target).status == 0
    lines = (target / "entries.jsonl").read_bytes().splitlines()
    report = ready("register", "verify", "--json").json

    def root(leaves: list[bytes]) -> bytes:
        if len(leaves) == 1:
            return hashlib.sha256(b"\0" + leaves[0]).digest()
        split = 1 << (len(leaves) - 1).bit_length() - 1
        return hashlib.sha256(b"\1" + root(leaves[:split]) + root(leaves[split:])).digest()

    assert (len(lines), root(lines).hex()) == (report["size"], report["root"])
    assert (target / "checkpoint").read_text(encoding="utf-8") == report["checkpoint"]
    assert [json.loads(line)["index"] for line in lines] == list(range(len(lines)))


def test_exporting_where_a_file_stands_is_one_sentence(ready: Console, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    refused(ready("register", "export", tmp_path / "file"))
    refused(ready("register", "export", tmp_path / "file" / "below"))
