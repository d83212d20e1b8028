"""What is done later: reading the files that were brought, receiving them."""

from __future__ import annotations

import errno
import logging
import time
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.db import Error, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from jiangbang.kernel.edition import UnitSpec
from jiangbang.nomination import acts, deadlines, evidence, intake
from jiangbang.nomination.acts import READ_INTAKE
from jiangbang.nomination.intake import PacketReading
from jiangbang.nomination.mailbox_tasks import look_into_mailbox  # noqa: F401 — the queue finds its work in this module
from jiangbang.nomination.models import Intake
from jiangbang.nomination.reminders import remind
from jiangbang.programme.models import Edition
from jiangbang.programme.queries import find_unit
from jiangbang.queue.jobs import Finish, job, periodic
from jiangbang.register.acts import Refused

log = logging.getLogger("jiangbang.intake")

MAX_ATTEMPTS = 3
PROGRESS_EVERY_SECONDS = 0.3
MOVING = (Intake.State.WAITING, Intake.State.READING)


def _set_aside(*, reason: str, intake: str) -> None:
    """The queue gave the file up: it ended its worker, or its database, again and again."""
    log.error("Intake %s was set aside: %s", intake, reason)
    found = _moving(intake)
    if found is not None:
        sentence = _("Reading this file ended the worker %(count)d times. It was set aside; tell the operator.")
        acts.refuse_intake(found, code="fault", sentence=sentence % {"count": MAX_ATTEMPTS})


@job(READ_INTAKE, outside=True, max_attempts=MAX_ATTEMPTS, given_up=_set_aside)
def read_intake(intake: str) -> Finish | None:
    """Read one brought file; receiving it, or refusing it, is part of the job's completion.

    Reading is repeated from the start when a worker died. Whatever the file itself causes ends the intake with a sentence at once;
    only a fault of the database lets the queue try again.
    """
    taken = _moving(intake)
    if taken is None:
        return None
    Intake.objects.filter(pk=taken.pk).update(state=Intake.State.READING)
    try:
        return _read(taken)
    except Refused as refusal:
        return _refusal(taken, refusal.code, str(refusal))
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        log.error("Intake %s: %s", taken.pk, error)
        return _refusal(taken, "storage", _disk_full() if full else _("The file could not be read from the storage."))
    except Error:
        raise
    except Exception:
        log.exception("Intake %s met a fault of the program", taken.pk)
        sentence = _("The program met a fault while reading this file. Nothing was received; the fault is in the log.")
        return _refusal(taken, "fault", sentence)


def _moving(pk: str) -> Intake | None:
    found = Intake.objects.select_related("edition", "brought_by", "late_by")
    # one that was set aside is read again when somebody puts its job back
    return found.filter(Q(state__in=MOVING) | Q(state=Intake.State.FAILED, failure_code="fault"), pk=pk).first()


def _disk_full() -> str:
    return intake.disk_full_sentence()


def _refusal(taken: Intake, code: str, sentence: str) -> Finish:
    return partial(acts.refuse_intake, taken, code=code, sentence=sentence)


def _read(taken: Intake) -> Finish:
    # late papers are refused before the work of reading them
    deadlines.check_deadline(
        taken.edition,
        deadlines.deadline_moment(taken),
        by=taken.late_by or taken.brought_by,
        late_reason=taken.late_reason,
    )
    with evidence.plain_copy(taken.sha256, suffix=Path(taken.file_name).suffix) as path:
        reading = intake.read_packet(
            path, taken.edition.spec.form, name=taken.file_name, keep=True, progress=_Reporter(taken)
        )
    unit = find_unit(taken.edition.spec, taken.unit_code or intake.unit_hint(reading) or "")
    if unit is not None:
        return partial(_receive, taken, reading, unit)
    # nobody is asked about a file in which nothing can be read
    judgement = acts.judge_packet(reading, edition=taken.edition, unit=None)
    if judgement.verdict == "unreadable":
        raise Refused("unreadable", acts.unreadable_sentence(judgement))
    return partial(_ask_for_unit, taken)


def _receive(taken: Intake, reading: PacketReading, unit: UnitSpec) -> None:
    try:
        with transaction.atomic():
            packet, _judgement = acts.receive_packet(
                reading,
                edition=taken.edition,
                unit=unit,
                by=taken.brought_by,
                late_reason=taken.late_reason,
                late_by=taken.late_by,
                received_at=arrival(taken),
            )
    except Refused as refusal:
        acts.refuse_intake(taken, code=refusal.code, sentence=str(refusal))
        return
    Intake.objects.filter(pk=taken.pk).update(
        state=Intake.State.DONE,
        packet=packet,
        unit_code=unit.code,
        done_members=F("total_members"),
        current_member="",
    )


def arrival(taken: Intake) -> datetime | None:
    """When the file came: what counts for the deadline is arrival, not the end of reading. None on a rehearsed edition's clock."""
    return None if taken.edition.spec.clock else taken.brought_at


def _ask_for_unit(taken: Intake) -> None:
    Intake.objects.filter(pk=taken.pk).update(state=Intake.State.NEEDS_UNIT)


class _Reporter:
    """Writes progress to the intake's row, seldom enough not to be the work."""

    def __init__(self, taken: Intake) -> None:
        self.pk = taken.pk
        self.said = 0.0

    def __call__(self, done: int, total: int, current: str) -> None:
        now = time.monotonic()
        if now - self.said < PROGRESS_EVERY_SECONDS and done != total:
            return
        self.said = now
        Intake.objects.filter(pk=self.pk).update(done_members=done, total_members=total, current_member=current[-400:])


@periodic("nomination.remind_units", every=timedelta(hours=1))
def remind_units() -> None:
    """Post the reminders that are due, in every edition."""
    for edition in Edition.objects.all():
        remind(edition)
