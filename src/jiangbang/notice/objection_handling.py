"""What happens in a case: taken, admitted or not, the unit asked, a finding proposed by one person and decided by another, answered.

Admitting suspends the one entry; upholding strikes it, anything else lets it go on once no other case is open against it. Whoever is
objected against, or belongs to the unit that recommended him, handles no case about him.
"""

from __future__ import annotations

from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.kernel.objections import flaws_of, read_objections
from jiangbang.notice import entries, policy
from jiangbang.notice.objection_answering import tell_objector, tell_unit
from jiangbang.notice.objection_case import put
from jiangbang.notice.objection_days import stands_until, today, working_days_on
from jiangbang.notice.objection_models import Objection
from jiangbang.register.acts import Refused, act, record

State = Objection.State
MOST_WORDS: Final = 4_000


@act("objection.taken")
def take_case(objection: Objection, *, unrelated: bool, by: User) -> Objection:
    """Take a case as its handler, or as its decider where it has a handler. `unrelated`: the person declared that nothing ties him to
    either side.

    Refused: `permission`; `related`; `declaration`; `same` person twice; `taken` by two already.
    """
    found = _locked(objection)
    if not policy.may_see_objections(by, found.edition):
        raise Refused("permission", _("Only the organiser's office and the discipline office may do this."))
    if policy.is_related(by, found):
        raise Refused(
            "related", _("You are objected against, or belong to the unit concerned: another person handles this.")
        )
    if not unrelated:
        raise Refused("declaration", _("Declare first that nothing ties you to either side."))
    if found.handler_id is not None and found.decider_id is not None:
        raise Refused("taken", _("Two persons have this case already."))
    if found.handler_id == by.pk:
        raise Refused("same", _("You handle this case: another person decides it."))
    now = timezone.now()
    if found.handler_id is None:
        found.handler, found.taken_at = by, now
    else:
        found.decider, found.joined_at = by, now
    found.save()
    part = "handler" if found.handler_id == by.pk else "decider"
    _record("objection.taken", found, by, part=part)
    return found


@act("objection.seen")
def note_look(objection: Objection, *, what: str, by: User) -> None:
    """Register that a handler looks at who objects, or at a file. Refused: `permission`."""
    if not policy.may_handle_objection(by, objection):
        raise Refused("permission", _("Only the two persons who have this case may see this."))
    _record("objection.seen", objection, by, what=what)


@act("objection.admitted", "objection.refused", "objection.answered")
def admit_objection(objection: Objection, *, identified: bool, specific: bool, reason: str = "", by: User) -> Objection:
    """Decide whether the case is looked into: in time, identified, specific. Admitting suspends the entry; not admitting needs words for
    the objector, and answers him with them.

    Refused: `permission`; `state`; `words` where it is not admitted without a reason.
    """
    found = _handled(objection, by, State.RECEIVED)
    spec = read_objections(found.edition.spec.document)
    flaws = flaws_of(found.counted_on, stands_until(found.entry), identified=identified, specific=specific, spec=spec)
    found.assessed_at, found.flaws = timezone.now(), " ".join(flaws)
    if not flaws:
        found.state = State.ADMITTED
        found.save()
        _record("objection.admitted", found, by, day=found.due_on.isoformat())
        if found.entry.state == found.entry.State.RUNNING:
            entries.suspend(found.entry, by=by, reason=found.number)
        return found
    put(found, "reason", _words(reason))
    found.state = State.REFUSED
    found.save()
    _record("objection.refused", found, by, **dict.fromkeys(flaws, True))
    if found.source != Objection.Source.ANONYMOUS:
        _answer(found, reason, by)
    return found


@act("objection.inquired")
def ask_unit(objection: Objection, *, question: str, by: User) -> Objection:
    """Put the facts that need an answer to the recommending unit, in words of the office: never who objects.

    Refused: `permission`; `state`; `words`; `asked` already.
    """
    found = _handled(objection, by, State.ADMITTED)
    if found.asked_at is not None and found.replied_at is None:
        raise Refused("asked", _("The unit has been asked and has not replied yet."))
    spec = read_objections(found.edition.spec.document)
    put(found, "question", _words(question))
    found.asked_at, found.reply_due_on = timezone.now(), working_days_on(found.edition, spec.inquiry_days)
    found.replied_by, found.replied_at = None, None
    found.save()
    _record("objection.inquired", found, by, unit=found.entry.dossier.unit_code, day=found.reply_due_on.isoformat())
    tell_unit(found, by=by)
    return found


@act("objection.proposed")
def propose_finding(objection: Objection, *, upheld: bool, finding: str, by: User) -> Objection:
    """The handler says what was found and what should follow. Refused: `permission`; `state`; `words`."""
    found = _handled(objection, by, State.ADMITTED)
    put(found, "finding", _words(finding))
    found.upheld, found.proposed_at, found.state = upheld, timezone.now(), State.PROPOSED
    found.save()
    _record("objection.proposed", found, by, upheld=upheld)
    return found


@act("objection.returned")
def return_finding(objection: Objection, *, reason: str, by: User) -> Objection:
    """The decider gives the proposal back with a reason: the case goes on. Refused: `permission`; `state`; `words`."""
    found = _deciding(objection, by)
    put(found, "reason", _words(reason))
    found.state, found.upheld, found.proposed_at = State.ADMITTED, None, None
    found.save()
    _record("objection.returned", found, by)
    return found


@act("objection.decided")
def decide_objection(objection: Objection, *, by: User) -> Objection:
    """The decider agrees with the proposal: upheld, the entry is struck; not upheld, it goes on unless another case is open against it.

    Refused: `permission`; `state`.
    """
    found = _deciding(objection, by)
    found.state = State.UPHELD if found.upheld else State.REJECTED
    found.decided_at = timezone.now()
    found.save()
    _record("objection.decided", found, by, upheld=bool(found.upheld))
    entry = found.entry
    if found.upheld:
        if entry.state != entry.State.STRUCK:
            entries.strike(entry, by=by, reason=found.number)
    elif entry.state == entry.State.SUSPENDED and not open_against(entry.pk):
        entries.resume(entry, by=by, reason=found.number)
    return found


@act("objection.answered")
def answer_objector(objection: Objection, *, answer: str, by: User) -> Objection:
    """Tell the objector what was found and decided. Refused: `permission`; `state` undecided; `answered`; `words`."""
    found = _locked(objection)
    if not policy.may_handle_objection(by, found):
        raise Refused("permission", _("Only the two persons who have this case may do this."))
    if found.state not in (State.UPHELD, State.REJECTED):
        raise Refused("state", _("The case is not decided yet."))
    if found.answered_at is not None:
        raise Refused("answered", _("The objector has been answered already."))
    _answer(found, _words(answer), by)
    return found


def open_against(entry: int) -> bool:
    """Whether a case that came in is open against an entry of the notice."""
    return Objection.objects.filter(entry=entry, state__in=(State.ADMITTED, State.PROPOSED)).exists()


def _answer(found: Objection, answer: str, by: User) -> None:
    put(found, "answer", answer)
    found.answered_by, found.answered_at, found.answered_on = by, timezone.now(), today(found.edition)
    found.save()
    _record("objection.answered", found, by, late=found.answered_on > found.due_on)
    tell_objector(found, answer, by=by)


def _locked(objection: Objection) -> Objection:
    rows = Objection.objects.select_for_update(of=("self",)).select_related(
        "edition", "entry__notice", "entry__dossier"
    )
    return rows.get(pk=objection.pk)


def _handled(objection: Objection, by: User, state: str) -> Objection:
    """The case, locked, for its handler, in this state."""
    found = _locked(objection)
    if found.handler_id != by.pk or not policy.may_handle_objection(by, found):
        raise Refused("permission", _("Only the person who handles this case may do this."))
    if found.state != state:
        raise Refused("state", _("The case has gone on since: look at it again."))
    return found


def _deciding(objection: Objection, by: User) -> Objection:
    found = _locked(objection)
    if found.decider_id != by.pk or not policy.may_handle_objection(by, found):
        raise Refused("permission", _("Only the person who decides this case may do this."))
    if found.state != State.PROPOSED:
        raise Refused("state", _("The case has gone on since: look at it again."))
    return found


def _words(text: str) -> str:
    said = text.strip()
    if not said:
        raise Refused("words", _("Write down the reason."))
    if len(said) > MOST_WORDS:
        raise Refused("words", _("At most %(most)s characters.") % {"most": MOST_WORDS})
    return said


def _record(kind: str, found: Objection, by: User, **facts: object) -> None:
    record(kind, by=by, edition=found.edition.key, subject=found.subject, facts={"case": found.number, **facts})
