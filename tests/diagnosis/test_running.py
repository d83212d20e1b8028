"""Work that nobody does, mail that does not go, copies that are not taken, keys that end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from jiangbang.diagnosis import running
from jiangbang.diagnosis.findings import Finding
from jiangbang.kernel.statement import IssuerKey
from jiangbang.queue.models import Job

TODAY = date(2026, 11, 28)


def bad(findings: Iterator[Finding]) -> list[str]:
    found = [finding for finding in findings if finding.level != "ok"]
    assert all(finding.why and finding.mend for finding in found)
    return [finding.code for finding in found]


def job(minutes_ago: int, state: str) -> Job:
    due = timezone.now() - timedelta(minutes=minutes_ago)
    return Job.objects.create(name="x", run_at=due, max_attempts=1, state=state)


@pytest.mark.django_db
def test_a_worker_that_is_silent_overdue_or_at_work() -> None:
    assert bad(running.look_at_work()) == ["worker.silent"]
    job(60, Job.State.DONE)
    assert bad(running.look_at_work()) == ["worker.silent"]
    job(60, Job.State.WAITING)
    assert bad(running.look_at_work()) == ["worker.overdue"]
    Job.objects.all().delete()
    job(1, Job.State.DONE)
    assert bad(running.look_at_work()) == []
    job(1, Job.State.ASIDE)
    assert bad(running.look_at_work()) == ["worker.aside"]


@pytest.mark.parametrize(
    ("server", "sender", "found"),
    [
        ("", "", ["mail.none"]),
        ("smtp://127.0.0.1:1", "", ["mail.trouble"]),
        ("smtp://127.0.0.1:1", "office", ["mail.trouble"]),
        ("smtp://127.0.0.1:1", "office@house.example", ["mail.trouble"]),
        ("gopher://127.0.0.1", "office@house.example", ["mail.trouble"]),
    ],
)
def test_mail_that_is_not_set_up_or_wrongly(settings: Any, server: str, sender: str, found: list[str]) -> None:
    settings.JIANGBANG_SMTP_URL, settings.JIANGBANG_MAIL_FROM = server, sender
    assert bad(running.look_at_mail()) == found


@pytest.mark.parametrize("address", ["imaps://127.0.0.1/INBOX", "imaps://office@127.0.0.1:1/INBOX", "pop3://x"])
def test_a_mailbox_that_cannot_be_used(settings: Any, address: str) -> None:
    settings.JIANGBANG_IMAP_URL, settings.JIANGBANG_IMAP_PASSWORD = address, "secret"
    found = [finding for finding in running.mailbox() if finding.level == "fail"]
    assert [finding.code for finding in found] == ["mailbox.trouble"]
    assert "secret" not in found[0].state


def test_copies_that_are_missing_old_gone_or_on_the_same_disk(tmp_path: Path) -> None:
    now = timezone.now()

    def noted(hours_ago: int, copy: Path) -> None:
        said = {"at": (now - timedelta(hours=hours_ago)).isoformat(), "copy": str(copy)}
        (tmp_path / running.LAST_COPY).write_text(json.dumps(said), "utf-8")

    def found() -> list[str]:
        return bad(running.look_at_copies(tmp_path, now))

    assert found() == ["copies.none"]
    (tmp_path / running.LAST_COPY).write_text("[]", "utf-8")
    assert found() == ["copies.unknown"]
    noted(40, Path("/proc"))
    assert found() == ["copies.old"]
    noted(1, Path("/proc"))
    assert found() == []
    noted(1, tmp_path / "none")
    assert found() == ["copies.gone"]
    noted(1, tmp_path)
    assert found() == ["copies.same_disk"]


def key(first: date, last: date, withdrawn: date | None = None) -> IssuerKey:
    return IssuerKey("联合会", b"k" * 32, first, last, withdrawn)


@pytest.mark.parametrize(
    ("keys", "stamped", "found"),
    [
        ((), True, ["certificates.none"]),
        ((key(date(2023, 1, 1), date(2025, 12, 31)),), True, ["certificates.expired"]),
        ((key(date(2026, 1, 1), date(2028, 12, 31), withdrawn=TODAY),), True, ["certificates.expired"]),
        ((key(date(2026, 1, 1), date(2026, 12, 31)),), True, ["certificates.ending"]),
        ((key(date(2026, 1, 1), date(2028, 12, 31)),), False, ["certificates.time"]),
        ((key(date(2026, 1, 1), date(2028, 12, 31)),), True, []),
    ],
    ids=["none", "ended", "withdrawn", "ending", "own time", "good"],
)
def test_keys_that_cannot_sign(keys: tuple[IssuerKey, ...], stamped: bool, found: list[str]) -> None:
    assert bad(running.certificate_findings(keys, TODAY, time_stamped=stamped)) == found
