"""What is done later in the review. The queue finds its work in this module."""

from __future__ import annotations

from datetime import timedelta

from jiangbang.programme.models import Edition
from jiangbang.queue.jobs import periodic
from jiangbang.review.models import Draw
from jiangbang.review.reminding import remind


@periodic("review.remind", every=timedelta(hours=1))
def remind_silent_experts() -> None:
    """Remind silent experts, in every edition whose draw was held."""
    for edition in Edition.objects.filter(pk__in=Draw.objects.filter(state=Draw.State.HELD).values("edition")):
        remind(edition)
