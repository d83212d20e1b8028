"""`jiangbang doctor`: what is configured, what is missing, why it matters, how to mend it."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import click

from jiangbang.commands.ready import make_ready, wake
from jiangbang.commands.speaking import json_option, print_json
from jiangbang.diagnosis.environment import look_at_settings, will_not_start
from jiangbang.diagnosis.findings import Finding, fail
from jiangbang.diagnosis.host import look_at_host

MARKS = {"ok": "✓", "warn": "!", "fail": "✗"}


@click.command()
@click.option("--invariants", is_flag=True, help="Ask instead every rule that must hold of the data.")
@json_option
def doctor(invariants: bool, as_json: bool) -> int:
    """Say what is configured, what is missing, why it matters, and how to mend it. Exit 1 when something fails, or a rule is broken."""
    if invariants:
        return _invariants(as_json)
    findings = list(_examined())
    if as_json:
        print_json([finding.as_json() for finding in findings])
    else:
        click.echo("\n".join(_table(findings)))
    return int(any(finding.level == "fail" for finding in findings))


def _invariants(as_json: bool) -> int:
    make_ready()
    from jiangbang.commands.invariants import all_invariants, look, report  # noqa: PLC0415 — models exist only after django.setup()

    return report(look(all_invariants()), as_json=as_json)


def _examined() -> Iterator[Finding]:
    """One look after the other; each only where the one before lets it."""
    settings = look_at_settings(os.environ)
    yield from settings
    if will_not_start(settings):
        return
    yield from _opened()


def _opened() -> Iterator[Finding]:
    home = Path(os.environ.get("JIANGBANG_HOME", "var")).absolute()
    try:
        wake()
        _fill_what_is_empty()
    except click.ClickException as error:
        yield from look_at_host(home)
        yield _fault("installation", error.format_message())
        return
    # models exist only after django.setup()
    from jiangbang.diagnosis import running, stores, tools  # noqa: PLC0415

    yield from _safely("host", lambda: look_at_host(home))
    database = list(_safely("database", stores.look_at_database))
    yield from database
    if not any(finding.code == "database.unreachable" for finding in database):
        schema = list(_safely("database", stores.look_at_schema))
        yield from schema
        if not schema:
            yield from _inside()
    from django.utils import timezone  # noqa: PLC0415

    yield from _safely("mail", running.look_at_mail)
    yield from _safely("copies", lambda: running.look_at_copies(home, timezone.now()))
    yield from _safely("certificates", lambda: running.look_at_certificates(timezone.localdate()))
    yield from _safely("tools", tools.look_at_tools)


def _inside() -> Iterator[Finding]:
    """What stands in the tables, where they are those of this version."""
    from jiangbang.diagnosis import running, stores  # noqa: PLC0415 — models exist only after django.setup()

    yield from _safely("register", stores.look_at_register)
    yield from _safely("worker", running.look_at_work)


def _fill_what_is_empty() -> None:
    """A new home is made ready, as every command does; an old database is left as it is, to be told about."""
    from django.db import DatabaseError, connection  # noqa: PLC0415 — after django.setup()

    try:
        empty = not connection.introspection.table_names()
    except DatabaseError:
        # said as a finding of its own
        return
    if empty:
        make_ready()


def _safely(what: str, look: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """What a look finds. One that fails is a finding, not the end of the others."""
    try:
        yield from look()
    except Exception as error:  # noqa: BLE001 — whatever it is, the operator shall hear of the rest
        yield _fault(what, f"{type(error).__name__}: {' '.join(str(error).split())[:200]}")


def _fault(what: str, said: str) -> Finding:
    return fail(
        f"doctor.{what}",
        what.capitalize(),
        said,
        why="this could not be looked at",
        mend="mend what is said above, then ask again",
    )


def _table(findings: list[Finding]) -> Iterator[str]:
    """One row each: level, what, what was found; beneath those that are not well, why it matters and what mends it."""
    width = max(_width(finding.what) for finding in findings)
    for finding in findings:
        room = " " * (width - _width(finding.what))
        yield f"{MARKS[finding.level]} {finding.level:<4}  {finding.what}{room}  {finding.state}"
        if finding.level != "ok":
            yield f"{' ' * (width + 10)}why:  {finding.why}"
            yield f"{' ' * (width + 10)}mend: {finding.mend}"
    counts = {level: sum(finding.level == level for finding in findings) for level in MARKS}
    yield f"\n{counts['ok']} well, {counts['warn']} warnings, {counts['fail']} faults"


def _width(text: str) -> int:
    """In columns of a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
