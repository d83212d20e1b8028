"""`jiangbang doctor`: the whole command. What each look finds stands in tests/diagnosis."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from commands.console import Console, Outcome

FIELDS = ("code", "what", "level", "state", "why", "mend", "well", "needed")


def faults(outcome: Outcome) -> list[str]:
    return [finding["code"] for finding in outcome.json if finding["level"] == "fail"]


def test_an_empty_home_is_well_and_every_finding_is_whole(empty: Console) -> None:
    outcome = empty("doctor", "--json")
    assert (outcome.status, faults(outcome)) == (0, [])
    assert {tuple(finding) for finding in outcome.json} == {FIELDS}
    assert [one["code"] for one in outcome.json if one["level"] != "ok" and not (one["why"] and one["mend"])] == []
    codes = {finding["code"] for finding in outcome.json}
    assert {"settings", "home", "database", "register", "editions", "tools.fonts", "copies.none"} <= codes


def test_people_read_a_table(ready: Console) -> None:
    ready.home.chmod(0o755)
    outcome = ready("doctor", JIANGBANG_HOST="jiangbang.example")
    lines = outcome.out.splitlines()
    assert outcome.status == 1
    assert any(line.startswith("✓ ok    Register ") for line in lines)
    (place,) = (number for number, line in enumerate(lines) if line.startswith("✗ fail  Home "))
    assert lines[place + 2].strip() == f"mend: chmod 700 {ready.home}"
    assert "did you mean JIANGBANG_HOSTS?" in outcome.out
    assert lines[-1].endswith(" 1 faults")


def test_settings_that_stop_the_program_are_told_and_nothing_else(tmp_path: Path) -> None:
    outcome = Console(tmp_path / "home")("doctor", "--json", DATABASE_URL="mysql://x/y", JIANGBANG_THREADS="many")
    assert (outcome.status, faults(outcome)) == (1, ["settings.refused", "settings.database"])
    assert not (tmp_path / "home").exists()


def test_a_database_that_is_away_does_not_silence_the_rest(tmp_path: Path) -> None:
    outcome = Console(tmp_path / "home")("doctor", "--json", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert (outcome.status, faults(outcome)) == (1, ["database.unreachable"])
    assert {"home", "tools.fonts", "mail.none"} <= {finding["code"] for finding in outcome.json}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE register_head SET size = size + 1", ["register.altered"]),
        ("DELETE FROM django_migrations WHERE app = 'queue'", ["database.unmigrated"]),
        (
            "INSERT INTO django_migrations (app, name, applied) VALUES ('queue', '0099_later', '2030-01-01')",
            ["database.ahead"],
        ),
    ],
    ids=["altered", "unmigrated", "ahead"],
)
def test_what_is_wrong_in_the_database_is_told_and_left_as_it_is(ready: Console, change: str, found: list[str]) -> None:
    database = sqlite3.connect(ready.home / "jiangbang.sqlite3")
    database.execute(change)
    database.commit()
    before = database.execute("SELECT count(*) FROM django_migrations").fetchone()
    outcome = ready("doctor", "--json")
    assert (outcome.status, faults(outcome)) == (1, found)
    assert database.execute("SELECT count(*) FROM django_migrations").fetchone() == before
    database.close()


def test_invariants_are_asked_of_the_data(ready: Console) -> None:
    outcome = ready("doctor", "--invariants", "--json")
    assert outcome.status == 0, outcome.out
    assert len(outcome.json) >= 60
    assert {one["broken"] for one in outcome.json} == {0}
    database = sqlite3.connect(ready.home / "jiangbang.sqlite3")
    database.execute("UPDATE register_head SET size = size + 1")
    database.commit()
    database.close()
    outcome = ready("doctor", "--invariants")
    assert outcome.status == 1
    broken = [line for line in outcome.out.splitlines() if line.startswith("✗")]
    assert broken[0].startswith("✗ register.whole: ")
    assert "→ stop working and call the auditor" in outcome.out
