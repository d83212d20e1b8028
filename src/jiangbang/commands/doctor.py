"""`jiangbang doctor`: what is configured, what is missing, how to mend it."""

from __future__ import annotations

import os
import shutil
import ssl
import sys
from dataclasses import dataclass
from pathlib import Path

import click

from jiangbang.beside import beside
from jiangbang.commands.ready import make_ready
from jiangbang.commands.speaking import json_option, print_json
from jiangbang.papers import sandbox
from jiangbang.papers.bundles import have_libarchive

LOW_DISK = 1024**3


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor's report. `mend` says what to do; empty when all is well."""

    what: str
    state: str
    well: bool
    mend: str = ""
    needed: bool = True


@click.command()
@click.option("--invariants", is_flag=True, help="Ask instead every rule that must hold of the data.")
@json_option
def doctor(invariants: bool, as_json: bool) -> int:
    """Say what is configured, what is missing, and how to mend it. Exit 1 when something needed is missing, or a rule is broken."""
    if invariants:
        return _invariants(as_json)
    checks = [*_interpreter(), *_home(), *_database(), *_register(), *_queue(), *_mail(), *_mailbox(), *_readers()]
    if as_json:
        print_json(
            [{"what": c.what, "state": c.state, "well": c.well, "needed": c.needed, "mend": c.mend} for c in checks]
        )
    else:
        for check in checks:
            mark = "✓" if check.well else ("✗" if check.needed else "–")
            click.echo(f"{mark} {check.what}: {check.state}" + (f"\n    → {check.mend}" if check.mend else ""))
    return int(any(check.needed and not check.well for check in checks))


def _invariants(as_json: bool) -> int:
    make_ready()
    from jiangbang.commands.invariants import all_invariants, look, report  # noqa: PLC0415 — models exist only after django.setup()

    return report(look(all_invariants()), as_json=as_json)


def _interpreter() -> list[Check]:
    fresh = sys.version_info >= (3, 11)
    return [
        Check("Python", sys.version.split()[0], fresh, "" if fresh else "install Python 3.11 or newer"),
        Check("OpenSSL", ssl.OPENSSL_VERSION, True),
    ]


def _home() -> list[Check]:
    make_ready()
    from django.conf import settings  # noqa: PLC0415 — settings are read after make_ready has had its say

    home = Path(settings.JIANGBANG_HOME)
    free = shutil.disk_usage(home).free
    private = not home.stat().st_mode & 0o077
    return [
        Check(
            "Home", str(home), private, "" if private else f"chmod 700 {home}: other accounts of this host can read it"
        ),
        Check(
            "Free space",
            f"{free // 1024**2} MB",
            free > LOW_DISK,
            "" if free > LOW_DISK else "free space before receiving packets",
        ),
    ]


def _database() -> list[Check]:
    from django.db import connection  # noqa: PLC0415

    from jiangbang.programme.models import Edition  # noqa: PLC0415

    editions = [edition.key for edition in Edition.objects.all()]
    return [
        Check("Database", f"{connection.vendor} ({connection.settings_dict['NAME']})", True),
        Check(
            "Editions",
            ", ".join(editions) or "none",
            bool(editions),
            "" if editions else "jiangbang programme load programmes/hangzhou-digital-craftsman",
        ),
    ]


def _register() -> list[Check]:
    from jiangbang.register.verification import verify_register  # noqa: PLC0415

    report = verify_register()
    state = f"{report.size} entries, whole" if report.whole else report.problems[0]
    return [
        Check(
            "Register",
            state,
            report.whole,
            "" if report.whole else "stop working and call the auditor: jiangbang register verify",
        )
    ]


def _mailbox() -> list[Check]:
    """Whether the mailbox is set up, and lets us in."""
    from jiangbang.nomination.mailbox_server import Mailbox, MailboxTrouble, configured  # noqa: PLC0415

    try:
        address = configured()
        if address is None:
            return [Check("Mailbox", "not set up", True, needed=False)]
        with Mailbox(address) as box:
            return [Check("Mailbox", f"{address.name}: {len(box.waiting())} mails to be taken", True)]
    except MailboxTrouble as trouble:
        return [Check("Mailbox", str(trouble), False, "see “The mailbox” in docs/operator.md")]


def _queue() -> list[Check]:
    from jiangbang.queue.queries import health  # noqa: PLC0415

    now = health()
    state = f"{now.waiting} waiting, {now.running} at work, {now.aside} set aside"
    checks = [
        Check(
            "Queue",
            state,
            not now.stuck,
            "nobody works on it: start jiangbang up or jiangbang work" if now.stuck else "",
        )
    ]
    if now.aside:
        checks.append(
            Check("Set-aside work", str(now.aside), False, "see why under Background work on the page", needed=False)
        )
    return checks


def _mail() -> list[Check]:
    from django.conf import settings  # noqa: PLC0415

    from jiangbang.outbox.mail import trouble_with_server  # noqa: PLC0415

    if not settings.JIANGBANG_SMTP_URL and not settings.JIANGBANG_MAIL_FROM:
        mend = "set JIANGBANG_SMTP_URL and JIANGBANG_MAIL_FROM; until then messages are kept and given up"
        return [Check("Mail", "no server is set up", False, mend, needed=False)]
    trouble = trouble_with_server()
    return [
        Check(
            "Mail", trouble or f"the server answers; from {settings.JIANGBANG_MAIL_FROM}", not trouble, _cure(trouble)
        )
    ]


def _cure(trouble: str) -> str:
    return "look at JIANGBANG_SMTP_URL and JIANGBANG_MAIL_FROM (docs/operator.md)" if trouble else ""


def _readers() -> list[Check]:
    layers = sandbox.layers()
    checks = [
        Check(
            f"Sandbox: {name}",
            "in force" if there else "not available on this kernel",
            there,
            "" if there else "the other layers still hold; a newer kernel has it",
            needed=False,
        )
        for name, there in layers.items()
    ]
    office = shutil.which("soffice") or shutil.which("libreoffice")
    checks.append(
        Check(
            "LibreOffice",
            office or "missing",
            bool(office),
            ""
            if office
            else "only needed for papers that nothing else reads (.rtf, broken .doc): apt install libreoffice-writer",
            needed=False,
        )
    )
    node_modules = Path(os.environ.get("JIANGBANG_NODE_MODULES", beside("node_modules")))
    styled = (node_modules / "@tabler").is_dir()
    checks.append(Check("Front-end packages", str(node_modules), styled, "" if styled else "script/up fetches them"))
    archives = have_libarchive()
    checks.append(
        Check(
            "libarchive",
            "found" if archives else "missing",
            archives,
            "" if archives else "7z and rar are read by slower fallbacks: apt install libarchive13",
            needed=False,
        )
    )
    return checks
