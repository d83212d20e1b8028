"""What must always hold of units' workspaces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import Count, F, Q

from jiangbang.candidacy.models import Candidacy
from jiangbang.nomination.models import Dossier
from jiangbang.recommendation.models import DirectRoute, Return, ScanPage, Submission
from jiangbang.register.invariant import Invariant, gaps, unsaid

_ACTS: Final = "it was written past the acts: compare with the register, and restore from a backup"


def _same_rank() -> Iterator[str]:
    live = Candidacy.objects.exclude(state=Candidacy.State.WITHDRAWN).filter(rank__isnull=False).order_by()
    counted = live.values_list("edition_id", "unit_code", "rank").annotate(many=Count("pk")).filter(many__gt=1)
    return (f"unit {unit}, rank {rank}: {many}" for _edition, unit, rank, many in counted)


def _ungranted() -> Iterator[str]:
    """Dossiers with a direct title that nobody granted, and granted titles that their dossiers do not have."""
    granted = set(DirectRoute.objects.filter(state=DirectRoute.State.GRANTED).values_list("dossier_id", "title"))
    held = set(Dossier.objects.exclude(direct_title="").values_list("pk", "direct_title"))
    return (f"dossier:{pk} {title}" for pk, title in granted ^ held)


def _submitted() -> Iterator[str]:
    rows = Submission.objects.select_related("packet").only("people", "packet__accepted_count", "packet__waiting_count")
    total = F("packet__accepted_count") + F("packet__waiting_count")
    return (f"packet:{one.packet_id}" for one in rows.exclude(people=total))


INVARIANTS: Final = (
    Invariant(
        "recommendation.ranks_differ",
        "No two nominees of a unit have one place in its order.",
        "order the nominees anew on the unit's page",
        _same_rank,
    ),
    Invariant("recommendation.packet_of_people", "A submitted packet holds the people submitted.", _ACTS, _submitted),
    Invariant(
        "recommendation.submission_registered",
        "The register knows every packet that a unit submitted in the browser.",
        _ACTS,
        lambda: unsaid(Submission.objects.values_list("packet_id"), "packet", "packet.submitted"),
    ),
    Invariant(
        "recommendation.direct_granted", "Direct titles are the ones that the office granted.", _ACTS, _ungranted
    ),
    Invariant(
        "recommendation.returns_registered",
        "The register knows every dossier that was returned to its unit.",
        _ACTS,
        lambda: unsaid(Dossier.objects.filter(pk__in=Return.objects.values("dossier")), "dossier", "dossier.returned"),
    ),
    Invariant(
        "recommendation.returns_answered_later",
        "A return is answered by another, clean revision than the one found wanting.",
        _ACTS,
        lambda: Return.objects.filter(
            Q(answer=F("revision")) | Q(answer__dossier=F("dossier"), answer__number__lte=F("revision__number"))
        ),
    ),
    Invariant(
        "recommendation.scan_pages_numbered",
        "The pages of a scan are numbered without a gap.",
        "scan the form again",
        lambda: gaps(ScanPage.objects.all(), "number", "attachment_id"),
    ),
)
