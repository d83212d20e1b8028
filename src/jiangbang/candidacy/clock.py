"""Drafts freeze at the edition's deadline, by the server's clock, and stay readable."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from jiangbang.kernel.deadlines import may_still_change
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused


def is_frozen(edition: Edition, at: datetime | None = None, *, until: datetime | None = None) -> bool:
    """Whether drafts of the edition can no longer change. `until`: the day that the office named when it gave this one back."""
    now = at or edition.now()
    return not may_still_change(edition, now) and (until is None or now > until)


def refuse_late(edition: Edition, until: datetime | None = None) -> None:
    """Refused (`late`) after the deadline, with both times. What was typed stays where it was typed."""
    now, deadline = edition.now(), edition.deadline
    if is_frozen(edition, now, until=until):
        raise Refused(
            "late",
            _(
                "The deadline was %(deadline)s; this came at %(at)s. It was not saved. What you wrote stays on this device."
            )
            % {"deadline": deadline.clock(deadline.at), "at": deadline.clock(now)},
        )
