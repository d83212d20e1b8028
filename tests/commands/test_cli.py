"""What holds for every command: usage, exit statuses, one sentence for each failure."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands.console import Console, refused

COMMANDS = ("up", "programme", "form", "roster", "packet", "assign", "draw", "rank", "register", "rehearse", "doctor")
LEAVES = (
    ("programme", "load"),
    ("form", "read"),
    ("form", "write"),
    ("roster", "read"),
    ("roster", "write"),
    ("packet", "check"),
    ("packet", "receive"),
    ("assign",),
    ("draw", "run"),
    ("draw", "replay"),
    ("rank",),
)


def test_help_names_every_command(empty: Console) -> None:
    outcome = empty("--help")
    assert (outcome.status, outcome.err) == (0, "")
    assert [name for name in COMMANDS if f"\n  {name} " not in outcome.out] == []


def test_version_is_said(empty: Console) -> None:
    outcome = empty("--version")
    assert (outcome.status, outcome.out.startswith("jiangbang, version ")) == (0, True)


def test_help_touches_no_home(empty: Console) -> None:
    empty("--help")
    assert not empty.home.exists()


@pytest.mark.parametrize("command", LEAVES, ids=" ".join)
def test_a_missing_argument_is_one_sentence(empty: Console, command: tuple[str, str]) -> None:
    assert "Missing" in refused(empty(*command))


@pytest.mark.parametrize("arguments", [("nonsense",), ("form", "nonsense"), ("doctor", "--nonsense")], ids=" ".join)
def test_what_there_is_not_is_one_sentence(empty: Console, arguments: tuple[str, ...]) -> None:
    assert "nonsense" in refused(empty(*arguments))


@pytest.mark.parametrize(
    "arguments",
    [
        ("form", "read"),
        ("roster", "read"),
        ("packet", "check"),
        ("assign", "-o", "x.csv"),
        ("programme", "load"),
        ("form", "write", "-o", "x.docx"),
    ],
    ids=" ".join,
)
def test_a_file_that_is_not_there_is_named(empty: Console, arguments: tuple[str, ...]) -> None:
    assert "not-there" in refused(empty(*arguments, "not-there"))


def test_a_home_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    assert "the home" in refused(Console(tmp_path / "file" / "home")("register", "verify"))


def test_a_database_that_is_none_is_one_sentence(empty: Console) -> None:
    empty.home.mkdir()
    (empty.home / "jiangbang.sqlite3").write_bytes(b"this is no database" * 100)
    assert "database" in refused(empty("register", "verify"))


def test_an_unknown_database_url_is_one_sentence(empty: Console) -> None:
    outcome = empty("register", "verify", DATABASE_URL="mysql://x/y")
    assert (outcome.status, outcome.out) == (2, "")
    assert "mysql" in refused(outcome)
