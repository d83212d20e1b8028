"""Concluding many at once, where it is safe: a yes that rests on facts alone, with nothing left to look at. A no is never said in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, nothing_changed
from jiangbang.screening import policy
from jiangbang.screening.acts import conclude_screening
from jiangbang.screening.duplicates_models import DuplicatePair
from jiangbang.screening.models import Screening

MOST = 200


@dataclass(frozen=True, slots=True)
class Bulk:
    """How many were concluded, and how many are left to be looked at one by one."""

    concluded: int
    left: int


@act("screening.concluded", "screening.confirmed")
def conclude_eligible(edition: Edition, dossiers: Sequence[Any], *, by: User) -> Bulk:
    """Conclude those of the chosen dossiers (their keys) that are eligible in every respect: every clause met, accepted, no finding to
    look at, no likeness to decide on, the row up to date. The others stay.

    Refused: `permission`; `none_chosen`; `too_many`.
    """
    if not policy.may_screen(by, edition):
        raise Refused("permission", _("You may not conclude the screening."))
    chosen = list(dict.fromkeys(dossiers))
    if not chosen:
        raise Refused("none_chosen", _("Choose dossiers first."))
    if len(chosen) > MOST:
        raise Refused("too_many", _("Choose at most %(most)d dossiers at a time.") % {"most": MOST})
    done = 0
    for dossier in safe(edition, chosen):
        try:
            done += conclude_screening(dossier, by=by) != Screening.State.WAITING
        except Refused:
            # somebody changed something meanwhile: one by one, then
            continue
    if not done:
        nothing_changed()
    return Bulk(done, len(chosen) - done)


def safe(edition: Edition, chosen: Sequence[Any]) -> list[Dossier]:
    """Those of the chosen that may be concluded without being opened."""
    open_pairs = DuplicatePair.objects.filter(Q(first__in=chosen) | Q(second__in=chosen), decision="")
    doubtful = {pk for both in open_pairs.values_list("first", "second") for pk in both}
    rows = Dossier.objects.filter(
        pk__in=[pk for pk in chosen if pk not in doubtful],
        edition=edition,
        state=Dossier.State.ACCEPTED,
        warn_count=0,
        block_count=0,
        screening__state=Screening.State.WAITING,
        screening__answer="eligible",
        screening__revision=F("accepted_revision"),
    )
    return list(rows.select_related("edition").order_by("pk"))
