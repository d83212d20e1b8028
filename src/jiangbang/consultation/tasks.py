"""What is done later in the consultation. The queue finds its work in this module."""

from __future__ import annotations

from datetime import timedelta

from jiangbang.consultation.models import Inquiry
from jiangbang.consultation.reminding import remind
from jiangbang.programme.models import Edition
from jiangbang.queue.jobs import periodic


@periodic("consultation.remind", every=timedelta(hours=1))
def remind_departments() -> None:
    """Post the reminders that are due, in every edition that has asked a department."""
    for edition in Edition.objects.filter(pk__in=Inquiry.objects.values("edition")):
        remind(edition)
