"""Bringing the rows of the queue up to date where facts, revisions or clauses have changed. Nothing that people decided changes."""

from __future__ import annotations

import logging
from typing import Any, Final

from django.db import transaction

from jiangbang.kernel.vault import VaultError
from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition
from jiangbang.screening import queries
from jiangbang.screening.acts import COPIES, at_hand, bring_up_to_date, fact_counts
from jiangbang.screening.models import Screening
from jiangbang.screening.standings import Standings, standings_of
from jiangbang.screening.traits import keep_traits

log = logging.getLogger("jiangbang.screening")
# Rows that are locked at a time: on SQLite nobody else writes meanwhile.
PORTION: Final = 40


def refresh_rows(edition: Edition) -> int:
    """Compute the outdated rows of the edition's queue anew, a portion at a time. Returns how many."""
    count, last = 0, None
    while True:
        outdated = queries.outdated(edition).order_by("pk")
        keys = list((outdated.filter(pk__gt=last) if last else outdated).values_list("pk", flat=True)[:PORTION])
        if not keys:
            return count
        count += _refresh(keys)
        last = keys[-1]


@transaction.atomic
def _refresh(keys: list[Any]) -> int:
    rows = {row.pk: row for row in Screening.objects.select_for_update(of=("self",)).filter(pk__in=keys)}
    dossiers = list(at_hand(Dossier.objects.filter(pk__in=rows)))
    facts, found = fact_counts(dossiers), _standings(dossiers)
    fresh = []
    for dossier in dossiers:
        if dossier.pk in found:
            row = rows[dossier.pk]
            fresh.append(row)
            if bring_up_to_date(row, dossier, found[dossier.pk], facts.get(dossier.pk, 0)):
                keep_traits([dossier], row.state)
    Screening.objects.bulk_update(fresh, COPIES)
    return len(fresh)


def _standings(dossiers: list[Dossier]) -> dict[Any, Standings]:
    """How the clauses stand; whoever cannot be read any more (the key was destroyed) is left as he is."""
    try:
        return standings_of(dossiers)
    except VaultError:
        pass
    found: dict[Any, Standings] = {}
    for dossier in dossiers:
        try:
            found |= standings_of([dossier])
        except VaultError:
            log.warning("%s cannot be read: its row stays as it is", dossier.subject)
    return found
