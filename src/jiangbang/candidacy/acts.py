"""What may happen to a draft: inviting, saving, consenting, withdrawing. Handing over is in `handing`, files are in `attaching`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import Role, User
from jiangbang.candidacy import attaching, policy, queries
from jiangbang.candidacy.clock import refuse_late
from jiangbang.candidacy.doors import open_door
from jiangbang.candidacy.drafts import Answer, answer_of, erase_answers, write_answer
from jiangbang.candidacy.models import Candidacy, Consent
from jiangbang.candidacy.typed import known_keys, read_typed
from jiangbang.kernel.edition import UnitSpec
from jiangbang.nomination.dossiers import new_person
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, nothing_changed, record
from jiangbang.register.queries import entries

# Nobody types a hundred thousand characters into one field; a paste of a whole book is refused, not cut.
LONGEST = 100_000


class Conflict(Refused):
    """Somebody else has saved the field since. `theirs` is what stands there; nothing of either is lost."""

    def __init__(self, theirs: Answer) -> None:
        super().__init__(
            "conflict",
            _("%(who)s has changed this field in the meantime. Choose which text is to stand.")
            % {"who": theirs.edited_by},
        )
        self.theirs = theirs


@dataclass(frozen=True, slots=True)
class Invited:
    """A candidacy that was opened, and the token of its invitation."""

    candidacy: Candidacy
    token: str


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """Whom a unit invites. `address` is where the link goes: an e-mail address or a mobile number, or empty."""

    name: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """A field as it stands after saving. `changed` is False where the same value stood there already."""

    key: str
    value: Any
    version: int
    at: datetime
    changed: bool


@act("candidacy.invited")
def invite_candidates(edition: Edition, unit: UnitSpec, rows: Sequence[InvitationRow], *, by: User) -> list[Invited]:
    """Open a candidacy for each row and send each an invitation. All of them or none.

    Refused: `permission`; `late`; `empty` without rows; `no_name` where a row has none.
    """
    if not policy.may_invite(by, edition, unit.code):
        raise Refused("permission", _("You may not invite candidates for this unit."))
    refuse_late(edition)
    if not rows:
        raise Refused("empty", _("Nobody was named. Write one name in each row."))
    return [_invite(edition, unit, row, by=by) for row in rows]


def _invite(edition: Edition, unit: UnitSpec, row: InvitationRow, *, by: User) -> Invited:
    name = str(read_typed(edition.spec, "name", row.name) or "")[:100]
    if not name:
        raise Refused("no_name", _("A row has no name. Give every row a name."))
    person = new_person()
    person.save()
    now = timezone.now()
    candidacy = Candidacy.objects.create(
        edition=edition, unit_code=unit.code, person=person, name=name, invited_at=now, updated_at=now
    )
    write_answer(candidacy, "name", name, by=by)
    record("candidacy.invited", by=by, edition=edition.key, subject=candidacy.subject, facts={"unit": unit.code})
    return Invited(candidacy, open_door(candidacy, role=Role.CANDIDATE, name=name, address=row.address, by=by))


def locked(candidacy: Candidacy) -> Candidacy:
    """The candidacy's row, held until the act is done."""
    rows = Candidacy.objects.select_for_update(of=("self",)).select_related("edition", "person")
    return rows.get(pk=candidacy.pk)


def held_for_editing(candidacy: Candidacy, *, by: User) -> Candidacy:
    """The locked row, if it may be edited now."""
    candidacy = locked(candidacy)
    refuse_editing(candidacy, by=by)
    return candidacy


def refuse_editing(candidacy: Candidacy, *, by: User) -> None:
    """Refused: `permission`, `not_open`, `late`, `no_consent`."""
    if not policy.may_edit(by, candidacy):
        raise Refused("permission", _("You may not write in this form."))
    if not policy.is_open(candidacy):
        raise Refused("not_open", _("The form has been handed over. Call it back first; then it can be changed."))
    refuse_late(candidacy.edition, candidacy.mend_until)
    if Consent.Purpose.PROCESSING.value not in queries.consents_of(candidacy):
        raise Refused("no_consent", _("First agree that what is written here may be used for the recommendation."))


@act("draft.edited")
def save_field(candidacy: Candidacy, key: str, typed: Any, *, expected: int, by: User) -> Saved:
    """Save one answer as the successor of version `expected` (0: it was empty).

    The same value as stands there changes nothing, whatever the version. The register is told of a person's first change of the day
    (docs/decisions/0017-drafts.md); each answer keeps who changed it last, and when.

    Refused: as for editing; `unknown_field`; `too_long`; `no_consent` for a sensitive field without that consent; Conflict.
    """
    candidacy = held_for_editing(candidacy, by=by)
    spec = candidacy.edition.spec
    if key not in known_keys(spec):
        raise Refused("unknown_field", _("The form has no such field."))
    if len(str(typed)) > LONGEST:
        raise Refused("too_long", _("This text is far too long for the form. Shorten it; it was not saved."))
    refuse_sensitive(candidacy, key)
    value, stands = read_typed(spec, key, typed), answer_of(candidacy, key)
    if _same(value, stands):
        nothing_changed()
        return Saved(key, value, stands.version if stands else 0, timezone.now(), False)
    if (stands.version if stands else 0) != expected:
        assert stands is not None
        raise Conflict(stands)
    answer = write_answer(candidacy, key, value, by=by)
    note_edit(candidacy, key, value, by=by)
    return Saved(key, value, answer.version, answer.edited_at, True)


def _same(value: Any, stands: Answer | None) -> bool:
    return value in (None, []) if stands is None else bool(value == stands.value)


def refuse_sensitive(candidacy: Candidacy, key: str) -> None:
    """Refused (`no_consent`) for a sensitive field while the candidate has not agreed to the use of sensitive data."""
    sensitive = key in candidacy.edition.spec.form.keys_of("sensitive")
    if sensitive and Consent.Purpose.SENSITIVE.value not in queries.consents_of(candidacy):
        raise Refused(
            "no_consent", _("This is sensitive data. First agree, at the top of the form, that it may be used.")
        )


def note_edit(candidacy: Candidacy, key: str, value: Any, *, by: User) -> None:
    """Keep what lists show, and tell the register once a day for each person."""
    candidacy.updated_at = timezone.now()
    if key == "name":
        candidacy.name = str(value or candidacy.name)[:100]
    candidacy.save(update_fields=["updated_at", "name"])
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    seen = entries(subject=candidacy.subject).filter(type="draft.edited", actor=f"user:{by.pk}", at__gte=midnight)
    if seen.exists():
        nothing_changed()
        return
    record(
        "draft.edited",
        by=by,
        edition=candidacy.edition.key,
        subject=candidacy.subject,
        facts={"as": "candidate" if policy.is_candidate(by, candidacy) else "unit"},
    )


@act("consent.given", "candidacy.opened")
def give_consent(candidacy: Candidacy, purpose: str, *, by: User) -> None:
    """The candidate agrees to one purpose. Agreeing to processing opens an invited candidacy's form.

    Refused: `permission` (nobody agrees for another); `unknown_purpose`; `withdrawn`.
    """
    candidacy = locked(candidacy)
    _refuse_for_others(candidacy, purpose, by=by)
    if candidacy.state == Candidacy.State.WITHDRAWN:
        raise Refused("withdrawn", _("This candidacy was withdrawn. Ask your unit for a new invitation."))
    if purpose in queries.consents_of(candidacy):
        nothing_changed()
        return
    now = timezone.now()
    Consent.objects.update_or_create(
        candidacy=candidacy, purpose=purpose, defaults={"given_at": now, "withdrawn_at": None}
    )
    _record(candidacy, "consent.given", by=by, purpose=purpose)
    if purpose == Consent.Purpose.PROCESSING and candidacy.state == Candidacy.State.INVITED:
        candidacy.state, candidacy.user, candidacy.updated_at = Candidacy.State.DRAFTING, by, now
        candidacy.save(update_fields=["state", "user", "updated_at"])
        _record(candidacy, "candidacy.opened", by=by, unit=candidacy.unit_code)


@act("consent.withdrawn", "candidacy.called_back", "candidacy.withdrawn")
def withdraw_consent(candidacy: Candidacy, purpose: str, *, by: User) -> None:
    """Take a consent back, with what follows from it.

    processing: the candidacy is withdrawn. sensitive: the sensitive answers and the photo are erased, and a form that was handed over
    but not yet submitted comes back. publication: it is written down; the office decides what follows for the notice.

    Refused: `permission`; `unknown_purpose`; `absent` when it does not stand; `submitted` for sensitive data after submission.
    """
    candidacy = locked(candidacy)
    _refuse_for_others(candidacy, purpose, by=by)
    consent = queries.consents_of(candidacy).get(purpose)
    if consent is None:
        raise Refused("absent", _("There is no such consent to withdraw."))
    submitted = candidacy.state == Candidacy.State.SUBMITTED
    if purpose == Consent.Purpose.SENSITIVE and submitted:
        raise Refused(
            "submitted", _("The form has been submitted with this data. You may withdraw the whole candidacy.")
        )
    consent.withdrawn_at = timezone.now()
    consent.save(update_fields=["withdrawn_at"])
    _record(candidacy, "consent.withdrawn", by=by, purpose=purpose)
    if purpose == Consent.Purpose.PROCESSING:
        _withdraw(candidacy, by=by)
    elif purpose == Consent.Purpose.SENSITIVE:
        _without_sensitive(candidacy, by=by)


def _without_sensitive(candidacy: Candidacy, *, by: User) -> None:
    if policy.is_handed(candidacy):
        take_back(candidacy, Candidacy.State.DRAFTING)
        _record(candidacy, "candidacy.called_back", by=by, unit=candidacy.unit_code)
    erase_answers(candidacy, candidacy.edition.spec.form.keys_of("sensitive"))
    attaching.forget(candidacy.attachments.filter(kind="photo"))


def _refuse_for_others(candidacy: Candidacy, purpose: str, *, by: User) -> None:
    if not policy.is_candidate(by, candidacy):
        raise Refused("permission", _("Only the candidate may agree or withdraw."))
    if purpose not in Consent.Purpose.values:
        raise Refused("unknown_purpose", _("There is no such consent."))


@act("candidacy.withdrawn")
def withdraw(candidacy: Candidacy, *, by: User) -> None:
    """End a candidacy: the candidate does not want to stand, or the unit takes the invitation back. The draft is erased for good.

    What the unit has already submitted stays in the office's records, marked as withdrawn.

    Refused: `permission`; `withdrawn` already; `submitted` for the unit, which asks the office instead.
    """
    candidacy = locked(candidacy)
    own = policy.is_candidate(by, candidacy)
    if not own and not policy.may_invite(by, candidacy.edition, candidacy.unit_code):
        raise Refused("permission", _("You may not withdraw this candidacy."))
    if candidacy.state == Candidacy.State.WITHDRAWN:
        raise Refused("withdrawn", _("This candidacy was withdrawn before."))
    if candidacy.state == Candidacy.State.SUBMITTED and not own:
        raise Refused("submitted", _("This candidacy has been submitted. Ask the organiser's office."))
    _withdraw(candidacy, by=by)


def _withdraw(candidacy: Candidacy, *, by: User) -> None:
    before = candidacy.state
    now = timezone.now()
    candidacy.consents.filter(withdrawn_at__isnull=True).update(withdrawn_at=now)
    candidacy.fields.all().delete()
    attaching.forget(candidacy.attachments.all())
    take_back(candidacy, Candidacy.State.WITHDRAWN)
    if not candidacy.person.dossiers.exists():
        # whatever copies there are of what was sealed can never be opened again
        candidacy.person.wrapped_key = b""
        candidacy.person.save(update_fields=["wrapped_key"])
    _record(candidacy, "candidacy.withdrawn", by=by, state=before)


def take_back(candidacy: Candidacy, state: Candidacy.State) -> None:
    """Put the candidacy into a state in which nothing is handed over."""
    candidacy.state, candidacy.updated_at = state, timezone.now()
    candidacy.handed_at = candidacy.confirmed_at = candidacy.with_unit_at = None
    candidacy.commitment, candidacy.sealed_salt = "", b""
    candidacy.save()


def _record(candidacy: Candidacy, kind: str, *, by: User, **facts: Any) -> None:
    record(kind, by=by, edition=candidacy.edition.key, subject=candidacy.subject, facts=facts)
