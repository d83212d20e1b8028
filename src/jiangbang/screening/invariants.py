"""What must always hold of the screening."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from jiangbang.nomination.models import Dossier, StoredFile
from jiangbang.register.invariant import Invariant, gaps, unlike, unsaid
from jiangbang.screening.duplicates_models import DuplicatePair
from jiangbang.screening.letter_models import Letter
from jiangbang.screening.lists_models import ListMatch, ListRow, NameList
from jiangbang.screening.models import ClauseRuling, Screening

State = Screening.State
_ACTS: Final = "it was written past the acts: compare with the register, and restore from a backup"
_COMPARE: Final = "compare anew: withdraw the list and bring it again"
_CONCLUDED: Final = (State.ELIGIBLE, State.NOT_ELIGIBLE)


def _astray() -> Iterator[str]:
    rows = Screening.objects.exclude(edition=F("dossier__edition"), unit_code=F("dossier__unit_code"))
    return (f"dossier:{pk}" for pk in rows.values_list("pk", flat=True))


def _foreign() -> Iterator[str]:
    rows = Screening.objects.exclude(revision__dossier=F("dossier"))
    return (f"dossier:{pk}" for pk in rows.values_list("pk", flat=True))


def _unsaid() -> Iterator[str]:
    concluded = Screening.objects.filter(state__in=_CONCLUDED)
    return unsaid(concluded, "dossier", "screening.concluded", "screening.confirmed")


def _gone_on() -> Iterator[str]:
    """Whoever was found eligible goes on, or the unit mends his papers: nobody superseded or held stays eligible."""
    rows = Screening.objects.filter(state=State.ELIGIBLE).exclude(
        dossier__state__in=(Dossier.State.ACCEPTED, Dossier.State.ERASED)
    )
    return (f"dossier:{pk}" for pk in rows.values_list("pk", flat=True))


def _rulings() -> Iterator[tuple[object, int]]:
    return iter(ClauseRuling.objects.order_by().values_list("dossier_id").annotate(many=Count("pk")))


def _letters() -> Iterator[tuple[object, int]]:
    return iter(Letter.objects.order_by().values_list("dossier_id").annotate(many=Count("pk")))


def _rows() -> Iterator[str]:
    """Lists that hold another number of rows of the file than they count; a row that names two marks stands twice."""
    held = ListRow.objects.filter(name_list=OuterRef("pk")).order_by().values("name_list")
    many = held.annotate(many=Count("number", distinct=True)).values("many")
    lists = NameList.objects.exclude(state=NameList.State.DISCARDED)
    wrong = lists.annotate(held=Coalesce(Subquery(many), 0)).exclude(held=F("row_count"))
    return (one.subject for one in wrong.only("pk"))


INVARIANTS: Final = (
    Invariant("screening.of_dossier", "A screening is of its dossier's edition and unit.", _ACTS, _astray),
    Invariant("screening.own_revision", "A screening looks at a revision of its own dossier.", _ACTS, _foreign),
    Invariant("screening.registered", "The register knows every conclusion that stands.", _ACTS, _unsaid),
    Invariant(
        "screening.state_concluded",
        "A concluded screening stands as it was concluded.",
        _ACTS,
        lambda: Screening.objects.filter(state__in=_CONCLUDED).exclude(state=F("concluded")),
    ),
    Invariant("screening.eligible_accepted", "Whoever is eligible is accepted.", _ACTS, _gone_on),
    Invariant(
        "screening.rulings_numbered",
        "Rulings on a clause are numbered without a gap.",
        _ACTS,
        lambda: gaps(ClauseRuling.objects.all(), "number", "dossier_id", "clause"),
    ),
    Invariant(
        "screening.rulings_registered",
        "The register knows every ruling, once.",
        _ACTS,
        lambda: unlike(_rulings(), "dossier", "clause.ruled"),
    ),
    Invariant(
        "screening.letters_numbered",
        "Letters of an edition are numbered without a gap.",
        _ACTS,
        lambda: gaps(Letter.objects.all(), "sequence", "edition_id"),
    ),
    Invariant(
        "screening.letters_registered",
        "The register knows every letter, once.",
        _ACTS,
        lambda: unlike(_letters(), "dossier", "letter.sent"),
    ),
    Invariant("screening.lists_whole", "A list holds as many rows as it counts.", "bring the list again", _rows),
    Invariant(
        "screening.matches_of_lists",
        "What was found on a list counts while the list is in force, and no longer.",
        _COMPARE,
        lambda: ListMatch.objects.filter(
            Q(in_force=True) & ~Q(row__name_list__state=NameList.State.IN_FORCE)
            | Q(in_force=False, row__name_list__state=NameList.State.IN_FORCE, counts=True)
        ),
    ),
    Invariant(
        "screening.lists_kept",
        "The file of every list that came as one has its row in the storage's list.",
        "bring the list again",
        lambda: NameList.objects.filter(size__gt=0).exclude(sha256__in=StoredFile.objects.values("pk")),
    ),
    Invariant(
        "screening.pairs_own_revisions",
        "A likeness compares revisions of the two dossiers that it names.",
        "it is found anew by the next comparison: delete the row",
        lambda: DuplicatePair.objects.exclude(first_revision__dossier=F("first"), second_revision__dossier=F("second")),
    ),
)
