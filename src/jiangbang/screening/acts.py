"""What may happen in the screening stage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.kernel.edition import ClauseSpec
from jiangbang.kernel.eligibility import fingerprint
from jiangbang.nomination.dossiers import subject_of
from jiangbang.nomination.models import DeclaredFact, Dossier
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, nothing_changed, record
from jiangbang.screening import policy
from jiangbang.screening.models import ClauseRuling, Note, Screening
from jiangbang.screening.standings import Standings, aad, standings_of
from jiangbang.screening.traits import follow_state, keep_traits

RULED = ("met", "not_met", "open", "waived")
# What a row of `Screening` copies for lists.
COPIES = ("answer", "open_count", "because", "revision", "fact_count", "edition_sha256")
# Dossiers whose clauses are decided at a time.
PORTION = 200


@act("screening.begun")
def begin_screening(edition: Edition, *, by: User) -> int:
    """Take every accepted dossier that is not yet in screening into it, with the verdicts as they stand. Returns how many.

    May be called again when more dossiers have come. Refused: `permission`.
    """
    if not policy.may_assign_screeners(by, edition):
        raise Refused("permission", _("You may not begin the screening of this edition."))
    count = 0
    waiting = at_hand(Dossier.objects.filter(edition=edition, state=Dossier.State.ACCEPTED, screening=None))
    for portion in _portions(waiting.order_by("pk")):
        facts = fact_counts(portion)
        found = standings_of(portion)
        Screening.objects.bulk_create(
            Screening(
                dossier=dossier,
                edition=edition,
                unit_code=dossier.unit_code,
                revision=dossier.accepted_revision,
                fact_count=facts.get(dossier.pk, 0),
                edition_sha256=edition.sha256,
                **_as_listed(found[dossier.pk]),
            )
            for dossier in portion
        )
        keep_traits(portion)
        count += len(portion)
    if not count:
        nothing_changed()
        return 0
    record("screening.begun", by=by, edition=edition.key, subject="screening", facts={"dossiers": count})
    return count


@act("screening.assigned")
def assign_screener(edition: Edition, dossiers: Sequence[Any], *, screener: User, by: User) -> int:
    """Give dossiers (their keys) to a screener. Returns how many changed hands.

    Refused: `permission`; `no_screener` when the person may not screen in this edition.
    """
    if not policy.may_assign_screeners(by, edition):
        raise Refused("permission", _("You may not give dossiers to screeners."))
    if not policy.may_screen(screener, edition):
        raise Refused("no_screener", _("%(name)s may not screen in this edition.") % {"name": screener})
    rows = (
        Screening.objects.select_for_update().filter(edition=edition, dossier__in=dossiers).exclude(screener=screener)
    )
    moved = list(rows.values_list("pk", flat=True))
    if not moved:
        nothing_changed()
        return 0
    Screening.objects.filter(pk__in=moved).update(screener=screener)
    for pk in moved:
        record(
            "screening.assigned",
            by=by,
            edition=edition.key,
            subject=f"dossier:{pk}",
            facts={"screener": f"user:{screener.pk}"},
        )
    return len(moved)


@act("clause.ruled")
def rule_on_clause(dossier: Dossier, clause: str, *, value: str, reason: str = "", by: User) -> ClauseRuling:
    """Rule on one clause: confirm what the facts say, rule otherwise, ask for evidence (`open`), or waive it.

    Everything but a confirmation needs a reason. Where the edition asks for two persons, the ruling counts once another one has
    confirmed it. The same ruling on the same facts twice changes nothing.

    Refused: `permission`; `unknown_clause`; `unknown_value`; `no_reason`; `not_waivable`; `concluded`.
    """
    screening, dossier = _locked(dossier)
    spec = _clause(dossier, clause)
    found = standings_of([dossier])[dossier.pk]
    _check_ruling(screening, spec, found, value, reason, by)
    verdict = found.clause(clause).automatic
    rests_on, newest = fingerprint(verdict, found.facts), found.rulings.get(clause)
    if newest and (newest.value, newest.rests_on, newest.ruled_by_id) == (value, rests_on, by.pk) and not reason:
        nothing_changed()
        return newest
    ruling = ClauseRuling.objects.create(
        dossier=dossier,
        clause=clause,
        number=newest.number + 1 if newest else 1,
        value=value,
        rests_on=rests_on,
        sealed_reason=_sealed(dossier, reason) if reason.strip() else b"",
        needs_second=value in _two_persons(dossier.edition),
        ruled_by=by,
        ruled_at=timezone.now(),
    )
    _tell_ruling("clause.ruled", ruling, dossier, by=by)
    _refresh(screening, dossier)
    return ruling


def _check_ruling(screening: Screening, spec: ClauseSpec, found: Standings, value: str, reason: str, by: User) -> None:
    edition = screening.edition
    if not policy.may_screen(by, edition) or (value == "waived" and not policy.may_waive(by, edition)):
        raise Refused("permission", _("You may not rule on this clause."))
    if value not in RULED:
        raise Refused("unknown_value", _("A clause is met, not met, open or waived."))
    if screening.state in (Screening.State.ELIGIBLE, Screening.State.NOT_ELIGIBLE):
        raise Refused("concluded", _("The screening of this person is concluded. Take it up again first."))
    if value == "waived" and not spec.waivable:
        raise Refused(
            "not_waivable", _("The letter does not allow an exception from %(clause)s.") % {"clause": spec.code}
        )
    confirms = value == found.clause(spec.code).automatic.value and value != "open"
    if not confirms and not reason.strip():
        raise Refused("no_reason", _("Give the reason: it stands beside the verdict."))


@act("clause.confirmed")
def confirm_ruling(ruling: ClauseRuling, *, by: User) -> None:
    """The second person's word on a ruling. Refused: `permission`; `not_needed`; `same_person`; `superseded`."""
    screening, dossier = _locked(ruling.dossier)
    ruling = ClauseRuling.objects.select_for_update().get(pk=ruling.pk)
    if not policy.may_screen(by, screening.edition):
        raise Refused("permission", _("You may not rule on this clause."))
    if ruling.counts:
        raise Refused("not_needed", _("This ruling needs no second person."))
    if ruling.ruled_by_id == by.pk:
        raise Refused("same_person", _("The second person must be another one."))
    newest = ClauseRuling.objects.filter(dossier=dossier, clause=ruling.clause).aggregate(newest=Max("number"))
    if ruling.number != newest["newest"]:
        raise Refused("superseded", _("A newer ruling stands on this clause."))
    ruling.confirmed_by, ruling.confirmed_at = by, timezone.now()
    ruling.save(update_fields=["confirmed_by", "confirmed_at"])
    _tell_ruling("clause.confirmed", ruling, dossier, by=by)
    _refresh(screening, dossier)


@act("screening.concluded", "screening.confirmed")
def conclude_screening(dossier: Dossier, *, by: User) -> str:
    """Say what the clauses say: eligible or not. Where the edition asks for two persons, another one says the same before it counts.

    Returns the state. Refused: `permission`; `open` while a clause is; `concluded`; `same_person`; `returned` while the unit mends it.
    """
    screening, dossier = _locked(dossier)
    if not policy.may_screen(by, screening.edition):
        raise Refused("permission", _("You may not conclude the screening."))
    if screening.state in (Screening.State.ELIGIBLE, Screening.State.NOT_ELIGIBLE):
        raise Refused("concluded", _("The screening of this person is concluded. Take it up again first."))
    if dossier.state == Dossier.State.WAITING:
        raise Refused("returned", _("This dossier was returned to the unit. Wait for its answer."))
    answer = standings_of([dossier])[dossier.pk].eligibility
    if answer.answer == "open":
        raise Refused("open", _("Still open: %(clauses)s.") % {"clauses": "、".join(answer.because)})
    second = screening.state == Screening.State.SECOND and screening.concluded == answer.answer
    if second and screening.concluded_by_id == by.pk:
        raise Refused("same_person", _("The second person must be another one."))
    if second:
        screening.state, screening.confirmed_by = answer.answer, by
    else:
        waits = answer.answer in _two_persons(screening.edition)
        screening.state = Screening.State.SECOND if waits else answer.answer
        screening.concluded, screening.concluded_by, screening.concluded_at = answer.answer, by, timezone.now()
        screening.confirmed_by = None
    screening.save()
    follow_state(screening)
    record(
        "screening.confirmed" if second else "screening.concluded",
        by=by,
        edition=screening.edition.key,
        subject=dossier.subject,
        facts={"answer": answer.answer, "clauses": list(answer.because)},
    )
    return str(screening.state)


@act("screening.reopened")
def reopen_screening(dossier: Dossier, *, reason: str, by: User) -> None:
    """Take up a concluded screening again; the rulings stay. Refused: `permission`; `no_reason`; `not_concluded`."""
    screening, dossier = _locked(dossier)
    if not policy.may_assign_screeners(by, screening.edition):
        raise Refused("permission", _("You may not take up a concluded screening."))
    if not reason.strip():
        raise Refused("no_reason", _("Give the reason: it stands beside the verdict."))
    if screening.state == Screening.State.WAITING:
        raise Refused("not_concluded", _("This screening is not concluded."))
    answer = screening.concluded
    screening.state, screening.concluded = Screening.State.WAITING, ""
    screening.concluded_by = screening.concluded_at = screening.confirmed_by = None
    screening.save()
    follow_state(screening)
    _keep_note(dossier, reason, by)
    _refresh(screening, dossier)
    record(
        "screening.reopened",
        by=by,
        edition=screening.edition.key,
        subject=dossier.subject,
        facts={"answer": answer},
    )


@act("screening.noted")
def write_note(dossier: Dossier, text: str, *, by: User) -> Note:
    """Leave a note for colleagues. Refused: `permission`; `empty`."""
    if not policy.may_screen(by, dossier.edition):
        raise Refused("permission", _("You may not write notes on this person."))
    if not text.strip():
        raise Refused("empty", _("The note is empty."))
    note = _keep_note(dossier, text, by)
    record("screening.noted", by=by, edition=dossier.edition.key, subject=dossier.subject, facts={})
    return note


# -- rows ------------------------------------------------------------------------------------------------------------------


def at_hand(dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    rows = dossiers.select_related("edition", "person", "accepted_revision__person")
    # decoding the edition's document costs more than the rest of the row, and its rules are kept by hash
    return rows.defer("edition__document")


def _locked(dossier: Dossier) -> tuple[Screening, Dossier]:
    """The dossier's screening, locked, and the dossier with what its clauses need. Refused: `not_in_screening`."""
    rows = Screening.objects.select_for_update(of=("self",)).select_related("edition").defer("edition__document")
    screening = rows.filter(pk=dossier.pk).first()
    if screening is None:
        raise Refused("not_in_screening", _("This person is not in screening."))
    return screening, at_hand(Dossier.objects.filter(pk=dossier.pk)).get()


def _clause(dossier: Dossier, code: str) -> ClauseSpec:
    for clause in dossier.edition.spec.clauses:
        if clause.code == code:
            return clause
    raise Refused("unknown_clause", _("The edition has no clause %(code)s.") % {"code": code})


def _two_persons(edition: Edition) -> frozenset[str]:
    """Rulings and answers that need a second person: the edition's `screening.two_persons`."""
    return frozenset(edition.spec.document.get("screening", {}).get("two_persons", ()))


def _portions(dossiers: QuerySet[Dossier]) -> Iterable[list[Dossier]]:
    portion: list[Dossier] = []
    for dossier in dossiers.iterator(chunk_size=PORTION):
        portion.append(dossier)
        if len(portion) == PORTION:
            yield portion
            portion = []
    if portion:
        yield portion


def fact_counts(dossiers: Sequence[Dossier]) -> dict[Any, int]:
    counts: dict[Any, int] = {}
    for pk in DeclaredFact.objects.filter(dossier__in=dossiers).values_list("dossier_id", flat=True):
        counts[pk] = counts.get(pk, 0) + 1
    return counts


def _as_listed(found: Standings) -> dict[str, Any]:
    answer = found.eligibility
    return {"answer": answer.answer, "open_count": found.open_count, "because": f" {' '.join(answer.because)} "}


def _refresh(screening: Screening, dossier: Dossier) -> None:
    """Bring the row's copies for lists up to date."""
    found, facts = standings_of([dossier])[dossier.pk], fact_counts([dossier]).get(dossier.pk, 0)
    moved = bring_up_to_date(screening, dossier, found, facts)
    screening.save(update_fields=COPIES)
    if moved:
        keep_traits([dossier], screening.state)


def bring_up_to_date(screening: Screening, dossier: Dossier, found: Standings, facts: int) -> bool:
    """Set the row's copies for lists to how the clauses stand; not yet written. Returns whether another revision counts now."""
    for name, value in _as_listed(found).items():
        setattr(screening, name, value)
    moved = dossier.accepted_revision_id not in (None, screening.revision_id)
    screening.revision = dossier.accepted_revision or screening.revision
    screening.fact_count, screening.edition_sha256 = facts, dossier.edition.sha256
    return moved


def _sealed(dossier: Dossier, text: str) -> bytes:
    return subject_of(dossier.person).seal(text.strip().encode(), aad(dossier))


def _keep_note(dossier: Dossier, text: str, by: User) -> Note:
    return Note.objects.create(dossier=dossier, sealed=_sealed(dossier, text), written_by=by, written_at=timezone.now())


def _tell_ruling(type_name: str, ruling: ClauseRuling, dossier: Dossier, *, by: User) -> None:
    record(
        type_name,
        by=by,
        edition=dossier.edition.key,
        subject=dossier.subject,
        facts={"clause": ruling.clause, "value": ruling.value, "number": ruling.number, "rests_on": ruling.rests_on},
    )
