"""What is done later in the stage of the notice."""

from __future__ import annotations

from datetime import timedelta

from jiangbang.notice.captcha import forget_spent
from jiangbang.notice.objection_reminders import remind_due
from jiangbang.programme.models import Edition
from jiangbang.queue.jobs import periodic


@periodic("notice.remind_objections", every=timedelta(hours=6))
def remind_objections() -> None:
    """Write to whoever has a case whose answer is due, and forget puzzles that count no more."""
    forget_spent()
    for edition in Edition.objects.all():
        remind_due(edition)
