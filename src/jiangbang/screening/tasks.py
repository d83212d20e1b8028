"""What is done later in the screening stage. The queue finds its work in this module."""

from __future__ import annotations

import logging
from datetime import timedelta

from jiangbang.programme.models import Edition
from jiangbang.queue.jobs import periodic
from jiangbang.screening.duplicates_tasks import compare, compare_all
from jiangbang.screening.lists_tasks import compare_with_lists, keep_up
from jiangbang.screening.refreshing import refresh_rows

log = logging.getLogger("jiangbang.screening")
REFRESH_EVERY = timedelta(minutes=2)


@periodic("screening.refresh", every=REFRESH_EVERY, outside=True)
def refresh_queues() -> None:
    """Bring the rows of every edition's queue up to date; without news it costs one query for each."""
    for edition in Edition.objects.all():
        if count := refresh_rows(edition):
            log.info("%s: %d rows of the queue brought up to date", edition.key, count)


__all__ = ["compare", "compare_all", "compare_with_lists", "keep_up", "refresh_queues"]
