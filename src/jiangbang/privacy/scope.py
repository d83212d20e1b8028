"""What belongs to a person, and what the law lets nobody erase yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.candidacy.models import Candidacy
from jiangbang.conferral.award_models import Award, Revocation
from jiangbang.decision.ballot_models import Round
from jiangbang.decision.result_models import Result
from jiangbang.kernel.vault import VaultError
from jiangbang.nomination.dossiers import full_record
from jiangbang.nomination.models import ERASED_NAME as ERASED_NAME
from jiangbang.nomination.models import Dossier, Person, Revision
from jiangbang.notice.notice_models import NoticeEntry
from jiangbang.notice.objection_models import OPEN, Objection
from jiangbang.register.acts import Refused
from jiangbang.review.rank_models import Shortlisted
from jiangbang.review.score_models import Card

# Shorter words than this stand in too many texts to be looked for.
_SHORTEST: Final = 2


@dataclass(slots=True)
class Scope:
    """Everything of one person: all persons whose key goes, all dossiers and candidacies, in every edition.

    `titled`: dossiers whose title keeps its bare fact. `words`: what names her in texts of others (name, number, telephones).
    """

    person: Person
    persons: list[Person]
    dossiers: list[Dossier]
    candidacies: list[Candidacy]
    titled: frozenset[Any]
    words: tuple[str, ...] = field(repr=False)
    # who erases
    by: User | None = None

    @property
    def bare(self) -> bool:
        """Whether a title's bare fact stays."""
        return bool(self.titled)

    @property
    def rows(self) -> list[Dossier | Candidacy]:
        """Dossiers and candidacies, each of one edition."""
        return [*self.dossiers, *self.candidacies]

    @property
    def editions(self) -> set[str]:
        """The keys of the editions in which the person was met."""
        return {one.edition.key for one in self.rows}

    @property
    def names(self) -> tuple[str, ...]:
        """The names under which the person stands in lists."""
        found = {one.name for one in self.dossiers} | {one.name for one in self.candidacies}
        return tuple(sorted(name for name in found if name and name != ERASED_NAME))


def scope_of(person: Person) -> Scope:
    """What belongs to the person. A handful of queries, and the records opened for the words by which others name her."""
    dossiers = list(Dossier.objects.filter(person=person).select_related("edition", "person"))
    candidacies = list(
        Candidacy.objects.filter(Q(person=person) | Q(dossier__in=dossiers)).select_related("edition", "person", "user")
    )
    revisions = list(
        Revision.objects.filter(dossier__in=dossiers).select_related("person", "dossier__edition").order_by("number")
    )
    others = {one.person_id: one.person for one in revisions} | {one.person_id: one.person for one in candidacies}
    # a number that was once mistaken may be another's own: her key stays
    alien = set(
        Dossier.objects.filter(person__in=others)
        .exclude(pk__in=[one.pk for one in dossiers])
        .values_list("person", flat=True)
    )
    persons = {person.pk: person} | {pk: one for pk, one in others.items() if pk not in alien}
    held = Award.objects.filter(dossier__in=dossiers, state=Award.State.HELD).values_list("dossier", flat=True)
    found = Scope(person, list(persons.values()), dossiers, candidacies, frozenset(held), ())
    found.words = _words(found, revisions)
    return found


def _words(scope: Scope, revisions: list[Revision]) -> tuple[str, ...]:
    words = set(scope.names)
    for revision in revisions:
        try:
            record = full_record(revision)
        except VaultError:
            continue
        words |= {str(record[key]) for key in ("name", "id_number", "mobile", "telephone") if record.get(key)}
    # the longest first: one word may be part of another
    return tuple(sorted((one for one in words if len(one) >= _SHORTEST), key=lambda one: (-len(one), one)))


def hindrances(scope: Scope) -> list[Refused]:
    """Why the person cannot be erased now, each with its sentence; empty where nothing stands against it. Six queries."""
    dossiers, found = scope.dossiers, []
    if Objection.objects.filter(entry__dossier__in=dossiers, state__in=OPEN).exists():
        found.append(
            Refused("objection", _("An objection about this person is being looked into. It is decided first."))
        )
    running = (NoticeEntry.State.RUNNING, NoticeEntry.State.SUSPENDED)
    if NoticeEntry.objects.filter(dossier__in=dossiers, state__in=running).exists():
        found.append(Refused("notice", _("The person stands on a public notice that has not ended.")))
    if Revocation.objects.filter(award__dossier__in=dossiers, state=Revocation.State.PROPOSED).exists():
        found.append(
            Refused("revocation", _("The revocation of this person's title is proposed. It is decided first."))
        )
    if _selected(dossiers):
        found.append(
            Refused("selection", _("Experts or the leading group are judging this person. The result comes first."))
        )
    return found


def _selected(dossiers: list[Dossier]) -> bool:
    """Whether experts or the leading group judge one of these now: before the result is resolved nobody leaves half a judgement behind."""
    resolved = Result.objects.values("edition")
    live = [one.pk for one in dossiers if one.state == Dossier.State.ACCEPTED]
    judged = Card.objects.filter(reviewed__in=live).exclude(reviewed__edition__in=resolved)
    listed = Shortlisted.objects.filter(reviewed__in=live).exclude(reviewed__edition__in=resolved)
    voting = Round.objects.filter(edition__in={one.edition_id for one in dossiers}, state=Round.State.OPEN)
    return judged.exists() or listed.exists() or bool(live and voting.exists())
