"""What is asked in the screening stage. No query grows with the number of dossiers on a page's account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from jiangbang.accounts.models import Membership, Role, User
from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition
from jiangbang.screening.lists_queries import marked
from jiangbang.screening.models import Note, Screening

ANSWERS = ("open", "eligible", "not_eligible")
# No filter is longer, in characters.
MAX_SAID = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address narrows the queue to; empty: all. `screener` is a key of a user, or "none"."""

    state: str = ""
    answer: str = ""
    unit: str = ""
    clause: str = ""
    finding: str = ""
    screener: str = ""
    # a mark or title that a list confirms, or "waiting": a row of a list waits for a decision
    mark: str = ""
    text: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Wanted:
        """Read the address; what it says wrongly counts as unsaid."""
        said = {key: query.get(key, "").replace("\0", "").strip()[:MAX_SAID] for key in cls.__slots__}
        said["text"] = query.get("q", "").replace("\0", "").strip()[:MAX_SAID]
        if said["state"] not in Screening.State.values:
            said["state"] = ""
        if said["answer"] not in ANSWERS:
            said["answer"] = ""
        if said["screener"] != "none" and not said["screener"].isdigit():
            said["screener"] = ""
        return cls(**said)

    def as_query(self) -> dict[str, str]:
        """The filter as it stands in an address."""
        names = {"text": "q"}
        return {names.get(key, key): getattr(self, key) for key in self.__slots__ if getattr(self, key)}


def queue(edition: Edition, wanted: Wanted) -> QuerySet[Screening]:
    """The screenings of the edition that fit, in the queue's order."""
    found = Screening.objects.filter(edition=edition)
    for name in ("state", "answer"):
        if value := getattr(wanted, name):
            found = found.filter(**{name: value})
    if wanted.unit:
        found = found.filter(unit_code=wanted.unit)
    if wanted.clause:
        found = found.filter(because__contains=f" {wanted.clause} ")
    if wanted.finding:
        found = found.filter(dossier__finding_codes__code=wanted.finding)
    if wanted.mark:
        found = found.filter(dossier__in=marked(edition, wanted.mark))
    if wanted.screener:
        found = found.filter(screener=None if wanted.screener == "none" else int(wanted.screener))
    if wanted.text:
        found = found.filter(Q(dossier__name__icontains=wanted.text) | Q(dossier__employer__icontains=wanted.text))
    return found.order_by("pk")


def next_in_queue(edition: Edition, wanted: Wanted, after: Any) -> Any | None:
    """The key of the dossier after this one in the queue; past the last one the first that is not this one. None: no other."""
    keys = queue(edition, wanted).exclude(pk=after).values_list("pk", flat=True)
    return keys.filter(pk__gt=after).first() or keys.first()


def before_in_queue(edition: Edition, wanted: Wanted, before: Any) -> Any | None:
    """The key of the dossier before this one in the queue, or None."""
    return queue(edition, wanted).filter(pk__lt=before).order_by("-pk").values_list("pk", flat=True).first()


def progress(edition: Edition) -> dict[str, int]:
    """How many screenings are in each state."""
    counts = dict(Screening.objects.filter(edition=edition).values_list("state").annotate(Count("pk")))
    return {state: counts.get(state, 0) for state in Screening.State.values}


def by_unit(edition: Edition) -> dict[str, dict[str, int]]:
    """How many screenings of each unit are in each state. One query."""
    found: dict[str, dict[str, int]] = {}
    rows = Screening.objects.filter(edition=edition).values_list("unit_code", "state").annotate(Count("pk"))
    for code, state, count in rows:
        found.setdefault(code, dict.fromkeys(Screening.State.values, 0))[state] = count
    return found


def not_begun(edition: Edition) -> int:
    """Accepted dossiers that are not in screening yet."""
    return Dossier.objects.filter(edition=edition, state=Dossier.State.ACCEPTED, screening=None).count()


def screeners(edition: Edition) -> list[User]:
    """Who may screen in the edition, by name."""
    held = Membership.objects.filter(role__in=(Role.ORGANISER, Role.SCREENER), edition__in=("", edition.key))
    people = User.objects.filter(pk__in=held.values("user"), is_active=True)
    return sorted(people, key=lambda person: (str(person), person.pk))


def notes(dossier: Dossier) -> list[Note]:
    """The notes on the dossier, newest first."""
    return list(dossier.notes.select_related("written_by").order_by("-written_at"))


def outdated(edition: Edition) -> QuerySet[Screening]:
    """Screenings whose dossier has another revision or other facts, or whose edition other clauses, than their row was computed from."""
    counted = Screening.objects.filter(edition=edition).annotate(facts=Count("dossier__declared"))
    return counted.exclude(dossier__accepted_revision=None).filter(
        ~Q(revision=F("dossier__accepted_revision")) | ~Q(fact_count=F("facts")) | ~Q(edition_sha256=edition.sha256)
    )
