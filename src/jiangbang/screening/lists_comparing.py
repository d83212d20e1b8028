"""Comparing dossiers with the lists in force: what was found is kept, what is sure counts, what is likely waits for a person."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.kernel import credit_code
from jiangbang.kernel.edition import EditionSpec
from jiangbang.nomination.dossiers import subject_of
from jiangbang.nomination.facts import declared_facts
from jiangbang.nomination.models import DeclaredFact, Dossier
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, nothing_changed, record
from jiangbang.screening import policy, titles
from jiangbang.screening.lists_looking import Asked, Found, Lists
from jiangbang.screening.lists_models import ListLook, ListMatch, NameList
from jiangbang.screening.lists_rows import refresh
from jiangbang.screening.models import Screening
from jiangbang.screening.standings import aad

# Dossiers compared in one transaction.
PORTION = 500
NEAR = "near"


@dataclass(slots=True)
class Compared:
    """What a comparison did: dossiers looked at, rows found for sure, rows that wait, rows that no longer speak of somebody."""

    dossiers: int = 0
    found: int = 0
    near: int = 0
    gone: int = 0

    def add(self, other: Compared) -> None:
        self.dossiers += other.dossiers
        self.found += other.found
        self.near += other.near
        self.gone += other.gone


def outdated(edition: Edition) -> dict[Any, str]:
    """The accepted dossiers that changed since they were compared, or that the lists changed for: their new stamps by key.

    Four queries, however many dossiers.
    """
    version = hashlib.sha256()
    in_force = NameList.objects.filter(edition=edition, state=NameList.State.IN_FORCE).order_by("pk")
    for pk in in_force.values_list("pk", flat=True):
        version.update(pk.bytes)
    looks = dict(ListLook.objects.filter(dossier__edition=edition).values_list("dossier", "stamp"))
    if not in_force and not looks:
        return {}
    codes: dict[Any, int] = {}
    if key := edition.spec.lists.code_fact:
        declared = DeclaredFact.objects.filter(dossier__edition=edition, key=key).values("dossier")
        codes = dict(declared.annotate(newest=Max("number")).values_list("dossier", "newest"))
    stamps = {}
    accepted = Dossier.objects.filter(edition=edition, state=Dossier.State.ACCEPTED)
    for pk, revision, person in accepted.values_list("pk", "accepted_revision", "person"):
        told = version.hexdigest() + str(revision) + str(person) + str(codes.get(pk, 0))
        stamp = hashlib.sha256(told.encode()).hexdigest()
        if looks.get(pk) != stamp:
            stamps[pk] = stamp
    return stamps


def compare(edition: Edition, *, by: User) -> Compared:
    """Compare every dossier that is outdated, portion by portion, each in its own transaction. Refused: `permission`."""
    if not policy.may_screen(by, edition):
        raise Refused("permission", _("You may not compare dossiers with the lists."))
    stamps, whole = outdated(edition), Compared()
    if not stamps:
        return whole
    lists, covered = Lists(edition), titles.are_covered(edition)
    keys = sorted(stamps)
    for start in range(0, len(keys), PORTION):
        portion = {pk: stamps[pk] for pk in keys[start : start + PORTION]}
        whole.add(_compare(edition, portion, lists, covered=covered, by=by))
    return whole


@act("list.compared", "facts.declared")
def _compare(edition: Edition, stamps: Mapping[Any, str], lists: Lists, *, covered: bool, by: User) -> Compared:
    dossiers = _at_hand(stamps)
    known: dict[Any, list[ListMatch]] = {dossier.pk: [] for dossier in dossiers}
    for match in ListMatch.objects.filter(dossier__in=known).select_related("row"):
        known[match.dossier_id].append(match)
    before = {dossier: titles.counting(known[dossier.pk], edition.spec) for dossier in dossiers}
    waited = {dossier: _waits_for_title(known[dossier.pk], edition.spec) for dossier in dossiers}
    kept = _Kept(edition)
    asked = _asked(dossiers, edition.spec)
    for dossier in dossiers:
        kept.take(dossier, lists.find(asked[dossier.pk]), known[dossier.pk])
    kept.write()
    ListLook.objects.bulk_create(
        [ListLook(dossier=dossier, stamp=stamps[dossier.pk]) for dossier in dossiers],
        update_conflicts=True,
        unique_fields=["dossier"],
        update_fields=["stamp"],
        batch_size=300,
    )
    turns = {}
    for dossier in dossiers:
        now = titles.counting(kept.standing[dossier.pk], edition.spec)
        waits = _waits_for_title(kept.standing[dossier.pk], edition.spec)
        if before[dossier] or now or waits or waited[dossier]:
            turns[dossier] = titles.Turn(before[dossier], now, waits)
    changed = titles.settle(turns, by=by, covered=covered)
    refresh(changed)
    done = kept.done
    done.dossiers = len(dossiers)
    if not changed and not kept.changed:
        nothing_changed()
    else:
        facts = {"dossiers": done.dossiers, "found": done.found, "near": done.near, "gone": done.gone}
        record("list.compared", by=by, edition=edition.key, subject="screening", facts=facts)
    return done


def _at_hand(keys: Mapping[Any, str]) -> list[Dossier]:
    found = Dossier.objects.filter(pk__in=list(keys)).order_by("pk")
    return list(found.select_related("edition", "person", "accepted_revision__person").defer("edition__document"))


def _asked(dossiers: Sequence[Dossier], spec: EditionSpec) -> dict[Any, Asked]:
    """The dossiers as they are compared. Their code is the declared one where it is right, else one that stands beside the employer."""
    key = spec.lists.code_fact
    declared = declared_facts(dossiers, keys=[key]) if key else {}
    asked = {}
    for dossier in dossiers:
        said = credit_code.fold_code(str(declared.get(dossier.pk, {}).get(key) or ""))
        code = said if said and credit_code.examine(said) is None else credit_code.code_within(dossier.employer) or ""
        asked[dossier.pk] = Asked(dossier.name, dossier.employer, code, str(dossier.person.index or ""))
    return asked


def _waits_for_title(matches: Sequence[ListMatch], spec: EditionSpec) -> bool:
    excluding = titles.excluding(spec)
    return any(match.waits and match.kind in excluding for match in matches)


class _Kept:
    """Found rows as matches: new ones, those that stay, those that go. A decision on the same row of a replaced list is carried over."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._again = {title.key for title in edition.spec.earlier_titles if title.may_stand_again}
        self._rows: dict[int, Any] = {}
        self.new: list[ListMatch] = []
        self.moved: list[ListMatch] = []
        self.gone: list[int] = []
        self.standing: dict[Any, list[ListMatch]] = {}
        self.done = Compared()

    @property
    def changed(self) -> bool:
        return bool(self.new or self.moved or self.gone)

    def take(self, dossier: Dossier, found: Sequence[Found], known: Sequence[ListMatch]) -> None:
        by_row = {match.row_id: match for match in known}
        standing = self.standing[dossier.pk] = []
        for one in found:
            match = by_row.pop(one.row, None)
            if match is None:
                match = ListMatch(
                    edition=self._edition, dossier=dossier, row_id=one.row, kind=one.kind, is_title=one.is_title
                )
                self.new.append(match)
                self._carry(match, known)
                match.way, match.score = one.way, one.score
                stand(match, self._again)
            else:
                self._move(match, one)
            standing.append(match)
            self.done.found += match.counts
            self.done.near += match.waits
        for match in by_row.values():
            if not match.decision:
                self.gone.append(match.pk)
            elif match.in_force:
                match.in_force = False
                stand(match, self._again)
                self.moved.append(match)
            self.done.gone += 1

    def _move(self, match: ListMatch, one: Found) -> None:
        was = (match.way, match.score, match.in_force)
        match.way, match.score, match.in_force = one.way, one.score, True
        if was != (match.way, match.score, match.in_force):
            stand(match, self._again)
            self.moved.append(match)

    def _carry(self, match: ListMatch, known: Sequence[ListMatch]) -> None:
        decided = [one for one in known if one.decision and one.kind == match.kind]
        if not decided:
            return
        wanted = _signature(match.row)
        for old in sorted(decided, key=lambda one: one.decided_at or timezone.now(), reverse=True):
            if _signature(old.row) == wanted:
                match.decision, match.sealed_reason = old.decision, bytes(old.sealed_reason)
                match.decided_by_id, match.decided_at = old.decided_by_id, old.decided_at
                return

    def write(self) -> None:
        ListMatch.objects.bulk_create(self.new, batch_size=500)
        ListMatch.objects.bulk_update(self.moved, ["way", "score", "in_force", "counts", "waits"], batch_size=200)
        ListMatch.objects.filter(pk__in=self.gone).delete()


def _signature(row: Any) -> tuple[str, ...]:
    return (row.name, row.employer, row.code, row.identity)


def stand(match: ListMatch, may_stand_again: set[str]) -> None:
    """Say whether the match counts, and whether it waits for a person."""
    rejected, accepted = match.decision == ListMatch.Decision.REJECTED, match.decision == ListMatch.Decision.ACCEPTED
    match.counts = match.in_force and not rejected and (accepted or match.way != NEAR)
    match.waits = match.in_force and not match.decision and match.way == NEAR and match.kind not in may_stand_again


@act("match.accepted", "match.rejected", "facts.declared")
def decide_match(match: ListMatch, *, same: bool, reason: str, by: User) -> ListMatch:
    """Say whether a row of a list means this dossier's employer or person. Of an excluding title the fact follows.

    Refused: `permission`; `no_reason`; `not_in_force` when the row's list is not; `concluded` for a title once the screening is.
    """
    match = ListMatch.objects.select_for_update(of=("self",)).select_related("row", "edition").get(pk=match.pk)
    edition, spec = match.edition, match.edition.spec
    (dossier,) = _at_hand({match.dossier_id: ""})
    excluding = match.kind in titles.excluding(spec)
    if not policy.may_screen(by, edition):
        raise Refused("permission", _("You may not decide whom a list means."))
    if not reason.strip():
        raise Refused("no_reason", _("Give the reason: it stands beside the decision."))
    if not match.in_force:
        raise Refused("not_in_force", _("The list that this row stands on is no longer in force."))
    done = (Screening.State.ELIGIBLE, Screening.State.NOT_ELIGIBLE)
    if excluding and Screening.objects.filter(pk=dossier.pk, state__in=done).exists():
        raise Refused("concluded", _("The screening of this person is concluded. Take it up again first."))
    others = list(ListMatch.objects.filter(dossier=dossier, in_force=True).exclude(pk=match.pk))
    before = titles.counting([match, *others], spec)
    match.decision = ListMatch.Decision.ACCEPTED if same else ListMatch.Decision.REJECTED
    match.sealed_reason = subject_of(dossier.person).seal(reason.strip().encode(), aad(dossier))
    match.decided_by, match.decided_at = by, timezone.now()
    stand(match, {title.key for title in spec.earlier_titles if title.may_stand_again})
    match.save()
    record(
        "match.accepted" if same else "match.rejected",
        by=by,
        edition=edition.key,
        subject=dossier.subject,
        facts={
            "list": f"list:{match.row.name_list_id}",
            "row": match.row.number,
            "list_kind": match.kind,
            "alike": match.score,
        },
    )
    if excluding:
        standing = [match, *others]
        now, waits = titles.counting(standing, spec), _waits_for_title(standing, spec)
        turn = titles.Turn(before, now, waits, decided=True)
        refresh(titles.settle({dossier: turn}, by=by, covered=titles.are_covered(edition)))
    return match
