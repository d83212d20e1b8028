"""What is done later: taking brought files from the queue, reading them, receiving them."""

from __future__ import annotations

import errno
import logging
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

from django.db import close_old_connections, connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.nomination import acts, evidence, intake
from jiangbang.nomination.models import Intake
from jiangbang.programme.queries import find_unit
from jiangbang.register.acts import Refused

log = logging.getLogger("jiangbang.intake")

# A worker that has died is noticed after this long; a living one renews its lease with every step of progress.
LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 3
PROGRESS_EVERY_SECONDS = 0.3
IDLE_SECONDS = 0.5


def work_forever(stop: threading.Event) -> None:
    """Take one intake after another until told to stop. Never raises: a fault of one intake is logged and ends that intake."""
    while not stop.is_set():
        close_old_connections()
        try:
            busy = work_once()
        except Exception:
            log.exception("The intake worker met a fault; it goes on")
            busy = False
        if not busy:
            stop.wait(IDLE_SECONDS)
    connection.close()


def work_once() -> bool:
    """Take and finish one waiting intake. Returns False when none waits."""
    taken = take_next()
    if taken is None:
        return False
    try:
        _process(taken)
    except Refused as refusal:
        acts.refuse_intake(taken, code=refusal.code, sentence=str(refusal))
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        sentence = intake.disk_full_sentence() if full else _("The file could not be read from the storage.")
        log.error("Intake %s: %s", taken.pk, error)
        acts.refuse_intake(taken, code="storage", sentence=sentence)
    except Exception:
        log.exception("Intake %s met a fault of the program", taken.pk)
        sentence = _("The program met a fault while reading this file. Nothing was received; the fault is in the log.")
        acts.refuse_intake(taken, code="fault", sentence=sentence)
    return True


def take_next() -> Intake | None:
    """Lease the oldest intake that waits, or whose worker died. Two workers never hold the same one."""
    now = timezone.now()
    free = Q(state=Intake.State.WAITING) | Q(state=Intake.State.READING, lease_until__lt=now)
    with transaction.atomic():
        queue = Intake.objects.filter(free).order_by("brought_at")
        if connection.features.has_select_for_update_skip_locked:
            queue = queue.select_for_update(skip_locked=True)
        found = queue.first()
        if found is None:
            return None
        taken = Intake.objects.filter(free, pk=found.pk, attempts=found.attempts).update(
            state=Intake.State.READING, lease_until=now + LEASE, attempts=F("attempts") + 1
        )
        if not taken:
            return None
    return Intake.objects.select_related("edition", "brought_by").get(pk=found.pk)


def _process(taken: Intake) -> None:
    if taken.attempts > MAX_ATTEMPTS:
        sentence = _("Reading this file ended the worker %(count)d times. It was set aside; tell the operator.")
        raise Refused("fault", sentence % {"count": MAX_ATTEMPTS})
    # late papers are refused before the work of reading them
    acts.check_deadline(
        taken.edition, arrival(taken) or taken.edition.now(), by=taken.brought_by, late_reason=taken.late_reason
    )
    with evidence.plain_copy(taken.sha256, suffix=Path(taken.file_name).suffix) as path:
        reading = intake.read_packet(
            path, taken.edition.spec.form, name=taken.file_name, keep=True, progress=_Reporter(taken)
        )
    unit = find_unit(taken.edition.spec, taken.unit_code or intake.unit_hint(reading) or "")
    if unit is None:
        # nobody is asked about a file in which nothing can be read
        judgement = acts.judge_packet(reading, edition=taken.edition, unit=None)
        if judgement.verdict == "unreadable":
            raise Refused("unreadable", acts.unreadable_sentence(judgement))
        _ask_for_unit(taken)
        return
    packet, _judgement = acts.receive_packet(
        reading,
        edition=taken.edition,
        unit=unit,
        by=taken.brought_by,
        late_reason=taken.late_reason,
        received_at=arrival(taken),
    )
    Intake.objects.filter(pk=taken.pk).update(
        state=Intake.State.DONE,
        packet=packet,
        unit_code=unit.code,
        lease_until=None,
        done_members=F("total_members"),
        current_member="",
    )


def arrival(taken: Intake) -> datetime | None:
    """When the file came: what counts for the deadline is arrival, not the end of reading. None on a rehearsed edition's clock."""
    return None if taken.edition.spec.clock else taken.brought_at


def _ask_for_unit(taken: Intake) -> None:
    Intake.objects.filter(pk=taken.pk).update(state=Intake.State.NEEDS_UNIT, lease_until=None)


class _Reporter:
    """Writes progress to the intake's row, seldom enough not to be the work, and renews the lease."""

    def __init__(self, taken: Intake) -> None:
        self.pk = taken.pk
        self.said = 0.0

    def __call__(self, done: int, total: int, current: str) -> None:
        now = time.monotonic()
        if now - self.said < PROGRESS_EVERY_SECONDS and done != total:
            return
        self.said = now
        Intake.objects.filter(pk=self.pk).update(
            done_members=done,
            total_members=total,
            current_member=current[-400:],
            lease_until=timezone.now() + LEASE,
        )
