"""Comparing dossiers, when something new has come and when somebody asks."""

from __future__ import annotations

import logging
from datetime import timedelta

from jiangbang.programme.models import Edition
from jiangbang.queue.jobs import job, periodic
from jiangbang.screening.duplicates_acts import COMPARE
from jiangbang.screening.duplicates_finding import find_duplicates

log = logging.getLogger("jiangbang.duplicates")
EVERY = timedelta(minutes=5)


@job(COMPARE, outside=True)
def compare(programme: str) -> None:
    """Compare what is new in one programme. Says in the log how many, never who."""
    found = find_duplicates(programme)
    if found.dossiers:
        log.info("%s: %d dossiers compared, %d pairs", programme, found.dossiers, found.pairs)


@periodic("screening.compare_all", every=EVERY, outside=True)
def compare_all() -> None:
    """Compare what is new in every programme; without news it costs two queries for each."""
    for programme in Edition.objects.order_by("programme").values_list("programme", flat=True).distinct():
        compare(programme)
