"""`jiangbang mailbox fetch`."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from jiangbang.commands.ready import make_ready
from jiangbang.commands.speaking import json_option, print_json, progress_bar

if TYPE_CHECKING:
    from jiangbang.nomination.mailbox import Summary

# How long an intake that another process has taken is waited for.
PATIENCE_SECONDS = 600
PAUSE_SECONDS = 0.5


@click.group()
def mailbox() -> None:
    """Take packets from the office's mailbox."""


@mailbox.command("fetch")
@click.option("--once", is_flag=True, help="Look once and end; else look every minute until stopped.")
@json_option
def mailbox_fetch(once: bool, as_json: bool) -> int:
    """Take in what is new in the mailbox, read its packets, and put the answers into the outbox.

    Exit 1 when a packet must be mended, or a mail waits for a person.
    """
    if as_json and not once:
        raise click.UsageError("--json prints one document: use it with --once")
    make_ready()
    if once:
        return _look(as_json)
    stop = _stopped_by_ctrl_c()
    while True:
        _look(as_json)
        if stop.wait(60):
            raise KeyboardInterrupt


def _stopped_by_ctrl_c() -> threading.Event:
    """Set by Ctrl+C, which interrupts as ever: Python drops the interruption where it falls into a finaliser, the event stays."""
    stop = threading.Event()

    def stops(_number: int, _frame: object) -> None:
        stop.set()
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, stops)
    return stop


def _look(as_json: bool) -> int:
    from jiangbang.nomination import mailbox as fetching  # noqa: PLC0415 — after django.setup()
    from jiangbang.nomination.mailbox_acts import mailbox_account  # noqa: PLC0415
    from jiangbang.nomination.mailbox_replies import answer_due  # noqa: PLC0415
    from jiangbang.nomination.mailbox_server import MailboxTrouble, configured  # noqa: PLC0415
    from jiangbang.nomination.mailbox_tasks import mailbox_edition  # noqa: PLC0415

    try:
        address, edition = configured(), mailbox_edition()
        if address is None:
            raise click.ClickException("no mailbox is set up: set JIANGBANG_IMAP_URL to imaps://user@host:993/INBOX")
        if edition is None:
            raise click.ClickException(
                "there is no such edition; see JIANGBANG_IMAP_EDITION and `jiangbang programme load`"
            )
        by = mailbox_account()
        with progress_bar(address.name) as bar:
            summary = fetching.fetch(address, edition=edition, by=by, progress=bar)
    except MailboxTrouble as trouble:
        raise click.ClickException(str(trouble)) from None
    except OSError as error:
        raise click.ClickException(f"nothing more was received: {error.strerror or error}") from None
    _read_packets(summary)
    answered = answer_due(by=by)
    document = _document(summary, answered)
    if as_json:
        print_json(document)
    else:
        _say(document)
    blocked = any(one["verdict"] != "clean" for mail in document["mails"] for one in mail["packets"])
    return int(blocked or bool(summary.held))


def _read_packets(summary: Summary) -> None:
    """Read here and now what was brought, also by a look that was killed; what another worker has taken is waited for."""
    from jiangbang.nomination.acts import READ_INTAKE  # noqa: PLC0415
    from jiangbang.nomination.mailbox_models import Mail  # noqa: PLC0415
    from jiangbang.nomination.models import Intake  # noqa: PLC0415
    from jiangbang.queue import worker  # noqa: PLC0415
    from jiangbang.queue.jobs import discover  # noqa: PLC0415

    moving = Intake.objects.filter(mail_packet__isnull=False, state__in=(Intake.State.WAITING, Intake.State.READING))
    known = {mail.pk for mail in summary.mails}
    summary.mails += Mail.objects.filter(packets__intake__in=moving).exclude(pk__in=known).distinct()
    total, until = moving.count(), time.monotonic() + PATIENCE_SECONDS
    discover()
    with progress_bar("packets") as bar, _renewed_leases():
        while (left := moving.count()) and time.monotonic() < until:
            bar(total - left, total, "")
            if not worker.work_once({READ_INTAKE}):
                worker.reap()
                time.sleep(PAUSE_SECONDS)


@contextlib.contextmanager
def _renewed_leases() -> Iterator[None]:
    """Reading may take longer than a lease: renew what this process holds, in a thread of its own."""
    from django.db import connection  # noqa: PLC0415

    from jiangbang.queue.worker import BEAT_SECONDS, leases  # noqa: PLC0415

    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(BEAT_SECONDS):
            leases.renew()
        connection.close()

    thread = threading.Thread(target=beat, name="leases", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _document(summary: Summary, answered: int) -> dict[str, Any]:
    return {
        "fresh": summary.fresh,
        "known": summary.known,
        "taken": summary.taken,
        "held": summary.held,
        "aside": summary.aside,
        "answered": answered,
        "mails": [_mail(mail) for mail in summary.mails],
    }


def _mail(mail: Any) -> dict[str, Any]:
    from jiangbang.nomination.mailbox_reasons import sentence  # noqa: PLC0415

    packets = mail.packets.select_related("intake__packet").order_by("position")
    return {
        "id": str(mail.pk),
        "arrived_at": mail.arrived_at.isoformat(),
        "fetched_at": mail.fetched_at.isoformat(),
        "state": mail.state,
        "reason": mail.reason or None,
        "message": sentence(mail.reason, mail.told["reason_name"]) or None,
        "unit": mail.unit_code or None,
        "packets": [_packet(one) for one in packets],
    }


def _packet(one: Any) -> dict[str, Any]:
    intake = one.intake
    kept = None if intake is None else intake.packet
    verdict = kept.verdict if kept else "waiting" if intake is None else "unreadable"
    return {
        "file": one.file_name,
        "sha256": one.sha256,
        "verdict": verdict,
        "number": kept.number if kept else None,
        "accepted": kept.accepted_count if kept else 0,
        "waiting": kept.waiting_count if kept else 0,
        "failure": intake.failure or None if intake else None,
    }


def _say(document: dict[str, Any]) -> None:
    counts = ", ".join(f"{document[key]} {key}" for key in ("fresh", "known", "taken", "held", "aside", "answered"))
    click.echo(f"mailbox: {counts}")
    for mail in document["mails"]:
        for one in mail["packets"]:
            click.echo(f"{one['number'] or '—'}  {one['file']}  {one['verdict']}  {one['failure'] or ''}".rstrip())
        if mail["message"]:
            click.echo(f"{mail['state']}: {mail['message']}")
