"""What is asked of lists, their rows and what was found on them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition
from jiangbang.screening.lists_models import ListLook, ListMatch, ListRow, NameList
from jiangbang.screening.models import Screening

# What the queue may be narrowed to beside a mark or title: whoever a row waits for.
WAITING = "waiting"
ROW_FILTERS = ("wrong", "unusable")
MAX_SAID = 100


def lists_of(edition: Edition) -> QuerySet[NameList]:
    """All lists of the edition but the discarded, newest first."""
    found = NameList.objects.filter(edition=edition).exclude(state=NameList.State.DISCARDED)
    return found.select_related("brought_by", "imported_by", "ended_by").order_by("-brought_at", "pk")


def list_of(edition: Edition, pk: UUID) -> NameList | None:
    """The list with this key, with whom it names."""
    names = ("edition", "brought_by", "imported_by", "ended_by", "replaces")
    return NameList.objects.filter(edition=edition, pk=pk).select_related(*names).defer("edition__document").first()


def in_force(edition: Edition) -> list[NameList]:
    return list(NameList.objects.filter(edition=edition, state=NameList.State.IN_FORCE).order_by("title", "pk"))


def rows_of(name_list: NameList, query: Mapping[str, str]) -> QuerySet[ListRow]:
    """The list's rows as the address narrows them, each with the number of dossiers that it counts for."""
    text, only = query.get("q", "").replace("\0", "").strip()[:MAX_SAID], query.get("only", "")
    found = ListRow.objects.filter(name_list=name_list)
    if text:
        found = found.filter(Q(name__icontains=text) | Q(employer__icontains=text) | Q(code__icontains=text))
    if only == "wrong":
        found = found.exclude(problems=[])
    if only == "unusable":
        found = found.filter(usable=False)
    return found.annotate(met=Count("matches", filter=Q(matches__counts=True)))


def matches_of(dossier: Dossier) -> list[ListMatch]:
    """What was found of one dossier, surest first. One query."""
    found = ListMatch.objects.filter(dossier=dossier).select_related("row__name_list", "decided_by")
    matches = list(found.order_by("-in_force", "-counts", "-score", "pk"))
    for match in matches:
        # known already; else its person would be asked for once more
        match.dossier = dossier
    return matches


def was_compared(dossier: Dossier) -> bool:
    return ListLook.objects.filter(pk=dossier.pk).exists()


def waiting(edition: Edition, kind: str = "") -> QuerySet[ListMatch]:
    """The rows that wait for a person, likeliest first."""
    found = ListMatch.objects.filter(edition=edition, waits=True, dossier__state=Dossier.State.ACCEPTED)
    found = found.filter(kind=kind) if kind else found
    return found.select_related("dossier__person", "row__name_list").order_by("-score", "pk")


def against_conclusions(edition: Edition, kinds: Collection[str]) -> list[Dossier]:
    """People who were found eligible, and whom a list of one of these titles now names, or may name. At most 50."""
    found = ListMatch.objects.filter(Q(counts=True) | Q(waits=True), edition=edition, kind__in=kinds)
    eligible = Dossier.objects.filter(pk__in=found.values("dossier"), screening__state=Screening.State.ELIGIBLE)
    return list(eligible.order_by("name", "pk")[:50])


def figures(edition: Edition) -> dict[str, tuple[int, int]]:
    """Of each mark and title: dossiers that it counts for, and rows that wait."""
    live = ListMatch.objects.filter(edition=edition, in_force=True, dossier__state=Dossier.State.ACCEPTED)
    counted = live.values("kind")
    found = counted.annotate(
        bearing=Count("dossier", filter=Q(counts=True), distinct=True), near=Count("pk", filter=Q(waits=True))
    )
    return {kind: (bearing, near) for kind, bearing, near in found.values_list("kind", "bearing", "near")}


def marked(edition: Edition, mark: str) -> QuerySet[ListMatch, Any]:
    """The keys of dossiers that bear a mark or title, or (`waiting`) that a row waits for."""
    found = ListMatch.objects.filter(edition=edition)
    found = found.filter(waits=True) if mark == WAITING else found.filter(kind=mark, counts=True)
    return found.values("dossier")


def match_of(dossier: Dossier, pk: int) -> ListMatch | None:
    return ListMatch.objects.filter(dossier=dossier, pk=pk).select_related("edition", "row").first()
