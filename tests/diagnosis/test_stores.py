"""A database and a register that are not as they should be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from jiangbang.accounts.acts import console_account
from jiangbang.diagnosis import stores
from jiangbang.diagnosis.findings import Finding
from jiangbang.register.keys import checkpoint_file
from jiangbang.register.models import Entry

GOOD = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "max_connections": "100"}


def bad(findings: Iterator[Finding]) -> list[str]:
    found = [finding for finding in findings if finding.level != "ok"]
    assert all(finding.why and finding.mend for finding in found)
    return [finding.code for finding in found]


def test_a_database_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("connection refused\n\tIs the server running?")

    monkeypatch.setattr(connection, "ensure_connection", away)
    (finding,) = stores.look_at_database()
    assert (finding.code, finding.state) == ("database.unreachable", "connection refused Is the server running?")


@pytest.mark.django_db
def test_tables_of_another_version() -> None:
    assert bad(stores.look_at_schema()) == []
    MigrationRecorder(connection).record_unapplied("queue", "0001_initial")
    assert bad(stores.look_at_schema()) == ["database.unmigrated"]
    MigrationRecorder(connection).record_applied("queue", "0001_initial")
    MigrationRecorder(connection).record_applied("queue", "0099_later")
    # what another program left in the same table is not ours to judge
    MigrationRecorder(connection).record_applied("elsewhere", "0001_initial")
    assert bad(stores.look_at_schema()) == ["database.ahead"]


@pytest.mark.parametrize(
    ("version", "encoding", "collation", "changed", "found"),
    [
        (150004, "UTF8", "C.UTF-8", {}, []),
        (130011, "UTF8", "C", {}, ["database.old"]),
        (150004, "SQL_ASCII", "C", {}, ["database.encoding"]),
        (150004, "UTF8", "zh_CN.UTF-8", {}, ["database.collation"]),
        (150004, "UTF8", "C", {"fsync": "off"}, ["database.durability"]),
        (150004, "UTF8", "C", {"full_page_writes": "off"}, ["database.durability"]),
        (150004, "UTF8", "C", {"synchronous_commit": "off"}, ["database.durability"]),
        (150004, "UTF8", "C", {"max_connections": "9"}, ["database.connections"]),
    ],
)
def test_a_server_that_is_unfit(
    version: int, encoding: str, collation: str, changed: dict[str, str], found: list[str]
) -> None:
    assert bad(stores.server_findings(version, encoding, collation, {**GOOD, **changed})) == found


@pytest.mark.django_db
def test_a_server_is_asked() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("asks PostgreSQL")
    # the server of the tests is made without promises for a power failure, and says so
    assert bad(stores.look_at_database()) == ["database.durability"] * 3


@pytest.mark.django_db(transaction=True)
def test_a_register_without_its_checkpoint_and_one_that_was_cut() -> None:
    console_account()
    assert Entry.objects.exists()
    assert bad(stores.look_at_register()) == ["editions.none"]
    note = checkpoint_file().read_text("utf-8")
    checkpoint_file().unlink()
    assert bad(stores.look_at_register()) == ["register.checkpoint", "editions.none"]
    origin, size, rest = note.split("\n", 2)
    checkpoint_file().write_text(f"{origin}\n{int(size) + 5}\n{rest}", "utf-8")
    assert bad(stores.look_at_register()) == ["register.altered", "editions.none"]


@pytest.mark.django_db(transaction=True)
def test_clocks_that_disagree(monkeypatch: pytest.MonkeyPatch) -> None:
    console_account()
    assert bad(stores.times()) == []
    now = timezone.now()
    monkeypatch.setattr(stores.timezone, "now", lambda: now - timedelta(hours=1))
    found = ["clock.behind", *(["clock.apart"] if connection.vendor == "postgresql" else [])]
    assert bad(stores.times()) == found
    told: Any = now + timedelta(minutes=3)
    monkeypatch.setattr(stores.timezone, "now", lambda: now)
    monkeypatch.setattr(stores, "_clock_of_server", lambda: told)
    assert bad(stores.times()) == ["clock.apart"]
