"""`jiangbang doctor`."""

from __future__ import annotations

import sqlite3

import pytest
from commands.console import Console


def test_an_empty_home_is_well(empty: Console) -> None:
    outcome = empty("doctor", "--json")
    checks = outcome.json
    assert [check for check in checks if check["needed"] and not check["well"]] == []
    assert outcome.status == 0
    assert {"Python", "Home", "Database", "Editions", "Register"} <= {check["what"] for check in checks}


def test_every_check_says_what_state_and_how_to_mend(empty: Console) -> None:
    checks = empty("doctor", "--json").json
    assert {tuple(check) for check in checks} == {("what", "state", "well", "needed", "mend")}
    assert all(check["mend"] for check in checks if not check["well"] and check["needed"])


def test_people_read_one_line_for_each_check(ready: Console) -> None:
    outcome = ready("doctor")
    assert outcome.status == 0
    assert "✓ Register: " in outcome.out


def test_an_altered_register_is_not_well(ready: Console) -> None:
    database = sqlite3.connect(ready.home / "jiangbang.sqlite3")
    database.execute("UPDATE register_head SET size = size + 1")
    database.commit()
    database.close()
    outcome = ready("doctor", "--json")
    assert outcome.status == 1
    assert [check["what"] for check in outcome.json if check["needed"] and not check["well"]] == ["Register"]


def test_a_home_that_others_can_read_is_not_well(ready: Console) -> None:
    ready.home.chmod(0o755)
    outcome = ready("doctor", "--json")
    assert outcome.status == 1
    assert [check["what"] for check in outcome.json if check["needed"] and not check["well"]] == ["Home"]


def test_the_queue_and_the_mail_are_looked_at(ready: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    found = {check["what"]: check for check in ready("doctor", "--json").json}
    assert (found["Queue"]["well"], found["Mail"]["needed"], found["Mail"]["well"]) == (True, False, False)
    monkeypatch.setenv("JIANGBANG_SMTP_URL", "smtp://127.0.0.1:1")
    monkeypatch.setenv("JIANGBANG_MAIL_FROM", "office@house.example")
    outcome = ready("doctor", "--json")
    found = {check["what"]: check for check in outcome.json}
    assert (outcome.status, found["Mail"]["state"]) == (1, "the mail server cannot be used: ConnectionRefusedError")


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
