"""The way of a filled-in form: to the employer, who confirms or returns it; on to the unit; and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiangbang.accounts.models import Role, User
from jiangbang.candidacy import attaching, policy, queries
from jiangbang.candidacy.acts import locked, take_back
from jiangbang.candidacy.clock import refuse_late
from jiangbang.candidacy.doors import open_door
from jiangbang.candidacy.drafts import EMPLOYER_OPINION, REMARK, UNIT_OPINION, answers_of, seal_salt, write_answer
from jiangbang.candidacy.models import Attachment, Candidacy
from jiangbang.nomination.models import Dossier
from jiangbang.papers.normalise import clean_lines
from jiangbang.register.acts import Refused, act, record
from jiangbang.register.canonical import commitment, new_salt

# An opinion stands in a cell of the official form; two thousand characters fill the page.
OPINION_LENGTH = 2000
REMARK_LENGTH = 1000


@act("candidacy.handed_to_employer")
def hand_to_employer(candidacy: Candidacy, *, by: User, name: str = "", address: str = "") -> str:
    """Hand the form to the employer: by a link to `address`, or, where none is given, on paper that comes back as a sealed scan.

    The register keeps a commitment to what was handed over. Photos that were replaced, and evidence of entries that were removed, are let
    go. Returns the link's token, or "".

    Refused: `permission`; `not_open`; `late`; `not_ready` while something must still be mended.
    """
    candidacy = locked(candidacy)
    if not policy.may_edit(by, candidacy):
        raise Refused("permission", _("You may not hand over this form."))
    if not policy.is_open(candidacy):
        raise Refused("not_open", _("The form has been handed over already."))
    refuse_late(candidacy.edition, candidacy.mend_until)
    answers = answers_of(candidacy)
    stands = queries.standing(candidacy, answers)
    if not stands.ready:
        raise Refused("not_ready", _not_ready(len(stands.blocks) + len(stands.consents)))
    salt, now = new_salt(), timezone.now()
    candidacy.state, candidacy.handed_at, candidacy.updated_at = Candidacy.State.WITH_EMPLOYER, now, now
    candidacy.commitment = commitment(_what_is_handed(candidacy), salt)
    candidacy.sealed_salt = seal_salt(candidacy, salt)
    candidacy.save()
    if answers.get(REMARK) and answers[REMARK].value:
        write_answer(candidacy, REMARK, None, by=by)
    attaching.drop(candidacy, candidacy.attachments.filter(replaced_at__isnull=False))
    attaching.drop(candidacy, candidacy.attachments.filter(pk__in=queries.evidence_without_entry(candidacy, answers)))
    _record(candidacy, "candidacy.handed_to_employer", by=by, commitment=candidacy.commitment)
    if not address.strip():
        return ""
    return open_door(candidacy, role=Role.EMPLOYER, name=name, address=address, by=by)


def _not_ready(count: int) -> str:
    return ngettext(
        "%(count)s thing still stands in the way. It is listed on the page; mend it, then hand over.",
        "%(count)s things still stand in the way. They are listed on the page; mend them, then hand over.",
        count,
    ) % {"count": count}


def _what_is_handed(candidacy: Candidacy) -> dict[str, Any]:
    """What the commitment is over: the record without opinions, and the declared facts."""
    answers = answers_of(candidacy)
    record_ = {key: value for key, value in queries.record_of(candidacy, answers).items() if key != "opinions"}
    return {"record": record_, "facts": queries.declared_facts(candidacy, answers)}


@act("candidacy.confirmed", "candidacy.handed_to_unit")
def confirm_as_employer(candidacy: Candidacy, opinion: str, *, by: User) -> None:
    """The employer's word, given through the link in the name of the firm. The form goes on to the unit.

    Refused: `permission`; `not_with_employer`; `late`; `no_opinion`; `too_long`.
    """
    candidacy = _with_employer(candidacy)
    if not policy.may_confirm(by, candidacy):
        raise Refused("permission", _("You may not speak for the employer here."))
    _confirm(candidacy, _opinion(opinion), sealed=False, by=by)


@act("candidacy.confirmed", "candidacy.handed_to_unit")
def confirm_by_scan(candidacy: Candidacy, opinion: str = "", *, by: User) -> None:
    """The employer's word as a sealed scan, which must have been attached. The form goes on to the unit.

    Refused: `permission` (candidate and unit may); `not_with_employer`; `late`; `no_scan`; `too_long`.
    """
    candidacy = _with_employer(candidacy)
    if not policy.may_edit(by, candidacy):
        raise Refused("permission", _("You may not hand over this form."))
    if not queries.attachments_of(candidacy, Attachment.Kind.EMPLOYER_SCAN):
        raise Refused("no_scan", _("First upload the form with the employer's seal, as a photo or PDF."))
    _confirm(candidacy, _opinion(opinion, needed=False), sealed=True, by=by)


def _with_employer(candidacy: Candidacy) -> Candidacy:
    candidacy = locked(candidacy)
    if candidacy.state != Candidacy.State.WITH_EMPLOYER:
        raise Refused("not_with_employer", _("This form does not lie with the employer now."))
    refuse_late(candidacy.edition, candidacy.mend_until)
    return candidacy


def _opinion(text: str, *, needed: bool = True) -> str:
    opinion = clean_lines([text.replace("\0", "")])
    if needed and not opinion:
        raise Refused("no_opinion", _("Write the employer's opinion; one sentence is enough."))
    if len(opinion) > OPINION_LENGTH:
        raise Refused("too_long", _("The opinion has more than %(limit)s characters.") % {"limit": OPINION_LENGTH})
    return opinion


def _confirm(candidacy: Candidacy, opinion: str, *, sealed: bool, by: User) -> None:
    day = candidacy.edition.now().astimezone(candidacy.edition.zone).date().isoformat()
    write_answer(candidacy, EMPLOYER_OPINION, {"text": opinion or None, "sealed": sealed, "date": day}, by=by)
    candidacy.confirmed_at = timezone.now()
    candidacy.save(update_fields=["confirmed_at"])
    way = "scan" if sealed else "link"
    _record(candidacy, "candidacy.confirmed", by=by, commitment=candidacy.commitment, way=way)
    hand_to_unit(candidacy, by=by)


@act("candidacy.handed_to_unit")
def hand_to_unit(candidacy: Candidacy, *, by: User) -> None:
    """Hand on what the employer has confirmed.

    Refused: `not_confirmed`; `not_with_employer`; `permission`.
    """
    candidacy = locked(candidacy)
    if not (policy.may_edit(by, candidacy) or policy.may_confirm(by, candidacy)):
        raise Refused("permission", _("You may not hand over this form."))
    if candidacy.state != Candidacy.State.WITH_EMPLOYER:
        raise Refused("not_with_employer", _("This form does not lie with the employer now."))
    if candidacy.confirmed_at is None:
        raise Refused("not_confirmed", _("The employer has not confirmed it yet."))
    candidacy.state, candidacy.with_unit_at = Candidacy.State.WITH_UNIT, timezone.now()
    candidacy.updated_at = candidacy.with_unit_at
    candidacy.save(update_fields=["state", "with_unit_at", "updated_at"])
    _record(candidacy, "candidacy.handed_to_unit", by=by, unit=candidacy.unit_code, commitment=candidacy.commitment)


@act("candidacy.returned")
def return_by_employer(candidacy: Candidacy, remark: str, *, by: User) -> None:
    """The employer does not confirm and says why; the candidate mends and hands over again.

    Refused: `permission`; `not_with_employer`; `late`; `no_remark`; `too_long`.
    """
    candidacy = _with_employer(candidacy)
    if not policy.may_confirm(by, candidacy):
        raise Refused("permission", _("You may not speak for the employer here."))
    _return(candidacy, remark, Candidacy.State.DRAFTING, sender="employer", by=by)


@act("candidacy.returned")
def return_to_candidate(candidacy: Candidacy, remark: str, *, by: User) -> None:
    """The unit (or the office, for what was submitted) gives the form back with a remark.

    Refused: `permission`; `not_with_unit`; `no_remark`; `too_long`.
    """
    candidacy = locked(candidacy)
    if not policy.may_invite(by, candidacy.edition, candidacy.unit_code):
        raise Refused("permission", _("You may not return this form."))
    if candidacy.state not in (Candidacy.State.WITH_UNIT, Candidacy.State.SUBMITTED):
        raise Refused("not_with_unit", _("This form does not lie with the unit now."))
    _return(candidacy, remark, Candidacy.State.RETURNED, sender="unit", by=by)


def _return(candidacy: Candidacy, remark: str, state: Candidacy.State, *, sender: str, by: User) -> None:
    text = clean_lines([remark.replace("\0", "")])
    if not text:
        raise Refused("no_remark", _("Say what is to be changed; the candidate will read it."))
    if len(text) > REMARK_LENGTH:
        raise Refused("too_long", _("The remark has more than %(limit)s characters.") % {"limit": REMARK_LENGTH})
    before = candidacy.state
    take_back(candidacy, state)
    write_answer(candidacy, REMARK, {"text": text, "from": sender, "at": timezone.now().isoformat()}, by=by)
    _record(candidacy, "candidacy.returned", by=by, unit=candidacy.unit_code, state=before, sender=sender)


@act("candidacy.called_back")
def call_back(candidacy: Candidacy, *, by: User) -> None:
    """The candidate takes the form back to change it; the employer will have to confirm again.

    Refused: `permission`; `not_handed` (it lies with the candidate, or the unit has submitted it); `late`.
    """
    candidacy = locked(candidacy)
    if not policy.is_candidate(by, candidacy):
        raise Refused("permission", _("Only the candidate may call the form back."))
    if not policy.is_handed(candidacy):
        raise Refused("not_handed", _("There is nothing to call back: the form lies with you, or it was submitted."))
    refuse_late(candidacy.edition, candidacy.mend_until)
    take_back(candidacy, Candidacy.State.DRAFTING)
    _record(candidacy, "candidacy.called_back", by=by, unit=candidacy.unit_code)


@act("candidacy.unit_opinion")
def write_unit_opinion(candidacy: Candidacy, opinion: Mapping[str, Any], *, by: User) -> None:
    """The unit's opinion `{text, sealed, date}` on a form that lies with it.

    Refused: `permission`; `not_with_unit`; `no_opinion`; `too_long`.
    """
    candidacy = locked(candidacy)
    if not policy.is_unit(by, candidacy):
        raise Refused("permission", _("You may not write this unit's opinion."))
    if candidacy.state != Candidacy.State.WITH_UNIT:
        raise Refused("not_with_unit", _("This form does not lie with the unit now."))
    text = _opinion(str(opinion.get("text") or ""))
    kept = {"text": text, "sealed": bool(opinion.get("sealed")), "date": opinion.get("date")}
    write_answer(candidacy, UNIT_OPINION, kept, by=by)
    _record(candidacy, "candidacy.unit_opinion", by=by, unit=candidacy.unit_code, sealed=kept["sealed"])


@act("candidacy.submitted")
def note_submitted(candidacy: Candidacy, *, dossier: Dossier, by: User) -> None:
    """The unit's packet with this form has been received: the candidacy has become `dossier`. Called by the submitting act.

    Refused: `permission`; `not_with_unit`.
    """
    candidacy = locked(candidacy)
    if not policy.is_unit(by, candidacy):
        raise Refused("permission", _("You may not submit this form."))
    if candidacy.state != Candidacy.State.WITH_UNIT:
        raise Refused("not_with_unit", _("This form does not lie with the unit now."))
    candidacy.state, candidacy.dossier, candidacy.updated_at = Candidacy.State.SUBMITTED, dossier, timezone.now()
    candidacy.save(update_fields=["state", "dossier", "updated_at"])
    _record(candidacy, "candidacy.submitted", by=by, unit=candidacy.unit_code, dossier=dossier.subject)


def _record(candidacy: Candidacy, kind: str, *, by: User, **facts: Any) -> None:
    record(kind, by=by, edition=candidacy.edition.key, subject=candidacy.subject, facts=facts)
