"""The database and the register: reached, fit, of this version, and whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from jiangbang.diagnosis.findings import Finding, fail, ok, warn
from jiangbang.programme.models import Edition
from jiangbang.register.keys import kept_checkpoint
from jiangbang.register.models import Entry
from jiangbang.register.verification import verify_register

OLDEST_POSTGRESQL: Final = 140000
# What the tests run on; another one sorts by a country's rules, and may change with the system's libraries.
COLLATIONS: Final = ("C", "C.UTF-8", "C.utf8", "POSIX")
APART: Final = timedelta(minutes=1)


def look_at_database() -> Iterator[Finding]:
    """Whether the database can be reached and is fit for what is kept in it. One that cannot be reached is the only finding."""
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        yield fail(
            "database.unreachable",
            "Database",
            " ".join(str(error).split())[:200],
            why="nothing can be read or received",
            mend="look at DATABASE_URL, and whether the server runs: systemctl status postgresql",
        )
        return
    if connection.vendor == "postgresql":
        yield from _server()
    yield ok("database", "Database", f"{connection.vendor} ({connection.settings_dict['NAME']})")


def look_at_schema() -> Iterator[Finding]:
    """Whether the tables are those of this version: the migrations here against those that the database says it has had."""
    loader = MigrationLoader(connection)
    there, here = set(loader.applied_migrations), set(loader.disk_migrations)
    ours = {app for app, _ in here}
    if missing := sorted(here - there):
        yield fail(
            "database.unmigrated",
            "Tables",
            f"{len(missing)} changes of this version are not made, the first is {'.'.join(missing[0])}",
            why="pages that use the new tables fail",
            mend="jiangbang backup FOLDER, then systemctl restart jiangbang-web (or jiangbang up): it makes them at the start",
        )
    if ahead := sorted(one for one in there - here if one[0] in ours):
        yield fail(
            "database.ahead",
            "Tables",
            f"a newer version has changed them: {'.'.join(ahead[0])}",
            why="this version does not know what the newer one keeps, and would write past it",
            mend="install the newer version again, or restore the copy that was made before it",
        )


def look_at_register() -> Iterator[Finding]:
    """The register against itself and against the checkpoint outside; the clock against its newest entry; the editions."""
    report = verify_register()
    if not report.whole:
        yield fail(
            "register.altered",
            "Register",
            report.problems[0],
            why="what was done can no longer be proven",
            mend="stop working and call the auditor: jiangbang register verify",
        )
    elif report.size and kept_checkpoint() is None:
        yield fail(
            "register.checkpoint",
            "Register",
            "the checkpoint outside the database is missing",
            why="a database put back to an older state would not be noticed",
            mend="jiangbang register verify; the next entry writes it again. Find out who took it: the home is the services' alone",
        )
    else:
        yield ok("register", "Register", f"{report.size} entries, whole")
    yield from times()
    editions = [edition.key for edition in Edition.objects.all()]
    if editions:
        yield ok("editions", "Editions", ", ".join(editions))
    else:
        yield fail(
            "editions.none",
            "Editions",
            "none",
            why="there is nothing to recommend for",
            mend="jiangbang programme load programmes/hangzhou-digital-craftsman",
        )


def times() -> Iterator[Finding]:
    """This clock against the newest entry, and against the database's."""
    newest = Entry.objects.order_by("-index").values_list("at", flat=True).first()
    now = timezone.now()
    if newest is not None and newest > now + APART:
        yield fail(
            "clock.behind",
            "Clock",
            f"the register's newest entry is of {newest:%Y-%m-%d %H:%M}, this machine says {now:%Y-%m-%d %H:%M} (UTC)",
            why="what is done now would stand before what was done already, and deadlines count wrongly",
            mend="timedatectl set-ntp true; then look at timedatectl timesync-status",
        )
    told = _clock_of_server()
    if told is not None and abs(told - now) > APART:
        yield fail(
            "clock.apart",
            "Clock",
            f"the database's clock is {abs(told - now).total_seconds():.0f} seconds away",
            why="hosts that disagree take each other's work for abandoned",
            mend="timedatectl set-ntp true on both",
        )


def _clock_of_server() -> datetime | None:
    if connection.vendor != "postgresql":
        return None
    return _asked("SELECT clock_timestamp()")[0]  # type: ignore[no-any-return]  # a timestamp with zone


def _server() -> Iterator[Finding]:
    """PostgreSQL itself: version, encoding, order, promises kept after a power failure, room for connections."""
    version, encoding, collation = _asked(
        "SELECT current_setting('server_version_num')::int, pg_encoding_to_char(encoding), datcollate "
        "FROM pg_database WHERE datname = current_database()"
    )
    yield from server_findings(version, encoding, collation, dict(_settings_of_server()))


def server_findings(version: int, encoding: str, collation: str, server: dict[str, str]) -> Iterator[Finding]:
    """What is wrong with a server of this version, encoding and order, with these settings of its own."""
    if version < OLDEST_POSTGRESQL:
        yield fail(
            "database.old",
            "PostgreSQL",
            f"version {version // 10000}",
            why="the program needs 14 or newer",
            mend="pg_upgradecluster, or restore into a newer server",
        )
    if encoding != "UTF8":
        yield fail(
            "database.encoding",
            "PostgreSQL",
            f"the encoding is {encoding}",
            why="names with rare characters cannot be kept",
            mend="createdb --encoding=UTF8 --locale=C.UTF-8 --template=template0, then restore a copy into it",
        )
    if collation not in COLLATIONS:
        yield warn(
            "database.collation",
            "PostgreSQL",
            f"the order is {collation}",
            why="it may change with the system's libraries, and indexes on text are then wrong without a word",
            mend="createdb --encoding=UTF8 --locale=C.UTF-8 --template=template0; or REINDEX DATABASE after every new system",
        )
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        if server.get(name) == "off":
            yield fail(
                "database.durability",
                "PostgreSQL",
                f"{name} is off",
                why="what a unit was told is received may be gone after a power failure",
                mend=f"ALTER SYSTEM SET {name} = on; SELECT pg_reload_conf();",
            )
    wanted = _connections()
    if int(server["max_connections"]) < wanted:
        yield fail(
            "database.connections",
            "PostgreSQL",
            f"{server['max_connections']} connections are allowed, this host may need {wanted}",
            why="in the hour before the deadline pages fail",
            mend=f"ALTER SYSTEM SET max_connections = {wanted + 20}; then restart PostgreSQL; or fewer JIANGBANG_THREADS",
        )


def _connections() -> int:
    """The pages' threads, two of a worker and one more, and three that PostgreSQL keeps for its administrators."""
    return int(os.environ.get("JIANGBANG_WORKERS", "1")) * int(os.environ.get("JIANGBANG_THREADS", "4")) + 6


def _settings_of_server() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, setting FROM pg_settings "
            "WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit', 'max_connections')"
        )
        return list(cursor.fetchall())


def _asked(query: str) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
    assert row is not None, "these questions have one row for an answer"
    return tuple(row)
