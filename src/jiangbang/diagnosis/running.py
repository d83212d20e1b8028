"""What should be going on: a worker, mail, the mailbox, copies, keys that can sign."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone

from jiangbang.backup.taking import LAST_COPY
from jiangbang.conferral.issuers import issuer_keys
from jiangbang.diagnosis.findings import Finding, fail, ok, warn
from jiangbang.kernel.statement import IssuerKey
from jiangbang.nomination.mailbox_server import Mailbox, MailboxTrouble, configured
from jiangbang.outbox.mail import trouble_with_server
from jiangbang.queue.models import Job
from jiangbang.queue.queries import health

# A worker puts its periodic work in every two minutes at the latest.
SILENCE: Final = timedelta(minutes=15)
# The nightly copy, and half a day more.
COPY_AGE: Final = timedelta(hours=36)
# Long enough to have a key certified by an authority.
KEY_ENDS_SOON: Final = timedelta(days=60)


def look_at_work() -> Iterator[Finding]:
    """Whether somebody works on the queue, and what was given up."""
    now = health()
    start = "systemctl start jiangbang-worker (or jiangbang up, or jiangbang work)"
    newest = Job.objects.order_by("-run_at").filter(run_at__lte=timezone.now()).values_list("run_at", flat=True).first()
    if now.stuck:
        yield fail(
            "worker.overdue",
            "Worker",
            f"work has been due since {now.overdue_since:%Y-%m-%d %H:%M} (UTC)",
            why="packets are not read, mail is not sent, nobody is reminded",
            mend=start,
        )
    elif newest is None or timezone.now() - newest > SILENCE:
        said = "has not worked here yet" if newest is None else f"last seen {newest:%Y-%m-%d %H:%M} (UTC)"
        yield warn("worker.silent", "Worker", said, why="what arrives would not be read", mend=start)
    else:
        yield ok("worker", "Worker", f"{now.waiting} waiting, {now.running} at work")
    if now.aside:
        yield warn(
            "worker.aside",
            "Set-aside work",
            str(now.aside),
            why="it failed every time and is not tried again by itself",
            mend="look under Background work on the page, mend the reason, Try again",
        )


def look_at_mail() -> Iterator[Finding]:
    """Whether mail can go out, and the mailbox be looked into. Speaks to both servers."""
    if not settings.JIANGBANG_SMTP_URL and not settings.JIANGBANG_MAIL_FROM:
        yield warn(
            "mail.none",
            "Mail",
            "no server is set up",
            why="messages are kept and given up: no invitation and no reminder reaches anybody",
            mend="set JIANGBANG_SMTP_URL and JIANGBANG_MAIL_FROM",
        )
    elif trouble := trouble_with_server():
        yield fail(
            "mail.trouble",
            "Mail",
            trouble,
            why="messages wait and are given up after some tries",
            mend="look at JIANGBANG_SMTP_URL and JIANGBANG_MAIL_FROM (docs/operator.md)",
        )
    else:
        yield ok("mail", "Mail", f"the server answers; from {settings.JIANGBANG_MAIL_FROM}")
    yield from mailbox()


def mailbox() -> Iterator[Finding]:
    try:
        address = configured()
        if address is None:
            yield ok("mailbox", "Mailbox", "not set up")
            return
        with Mailbox(address) as box:
            yield ok("mailbox", "Mailbox", f"{address.name}: {len(box.waiting())} mails to be taken")
    except MailboxTrouble as trouble:
        yield fail(
            "mailbox.trouble",
            "Mailbox",
            str(trouble),
            why="packets that units send by mail are not received",
            mend="see “The mailbox” in docs/operator.md",
        )


def look_at_copies(home: Path, now: datetime) -> Iterator[Finding]:
    """When the last copy was taken, and whether it lies on the same disk as what it shall replace."""
    why, mend = (
        "what is lost with this disk is lost for good",
        "jiangbang backup FOLDER, every night: deploy/ has a timer",
    )
    try:
        last = json.loads((home / LAST_COPY).read_text("utf-8"))
        taken, copy = datetime.fromisoformat(last["at"]), Path(last["copy"])
    except FileNotFoundError:
        yield warn("copies.none", "Copies", "none has been taken", why=why, mend=mend)
        return
    except (ValueError, KeyError, TypeError):
        yield warn("copies.unknown", "Copies", f"{home / LAST_COPY} cannot be read", why=why, mend=mend)
        return
    if now - taken > COPY_AGE:
        yield fail("copies.old", "Copies", f"the last one is of {taken:%Y-%m-%d %H:%M} (UTC)", why=why, mend=mend)
    elif not copy.is_dir():
        yield fail("copies.gone", "Copies", f"{copy} is no longer there", why=why, mend=mend)
    else:
        yield ok("copies", "Copies", f"{copy}, {taken:%Y-%m-%d %H:%M} (UTC)")
    if copy.is_dir() and copy.stat().st_dev == home.stat().st_dev:
        yield warn(
            "copies.same_disk",
            "Copies",
            f"{copy} lies on the disk of the home",
            why="one broken disk takes both",
            mend="mount another disk there, or carry the folder of copies elsewhere every day (rsync)",
        )


def look_at_certificates(today: date) -> Iterator[Finding]:
    """Whether certificates can be issued today, and for how long."""
    yield from certificate_findings(issuer_keys(), today, time_stamped=bool(settings.JIANGBANG_TSA_URL))


def certificate_findings(keys: tuple[IssuerKey, ...], today: date, *, time_stamped: bool) -> Iterator[Finding]:
    """What is wrong with these keys on this day."""
    mend = "jiangbang certificate keys make --issuer NAME --from DATE --until DATE (docs/operator.md)"
    why = "no certificate can be issued"
    if not keys:
        yield warn("certificates.none", "Certificate keys", "none has been made", why=why, mend=mend)
        return
    valid = [key for key in keys if key.withdrawn is None and key.valid_from <= today <= key.valid_until]
    if not valid:
        yield fail("certificates.expired", "Certificate keys", "none is valid today", why=why, mend=mend)
        return
    last = max(key.valid_until for key in valid)
    if last - today < KEY_ENDS_SOON:
        yield warn("certificates.ending", "Certificate keys", f"the last one ends on {last}", why=why, mend=mend)
    else:
        yield ok("certificates", "Certificate keys", f"valid until {last}")
    if not time_stamped:
        yield warn(
            "certificates.time",
            "Time-stamping",
            "certificates carry this machine's time",
            why="after the key's period nobody can tell that a signature was made within it",
            mend="JIANGBANG_TSA_URL=http://tsa.example/ of a time-stamping authority (RFC 3161)",
        )
