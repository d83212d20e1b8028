"""Inviting candidates: many at once, again, and entering somebody who has no address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts import invitations
from jiangbang.accounts.models import Invitation, Role, User
from jiangbang.candidacy import acts as candidacy_acts
from jiangbang.candidacy.acts import InvitationRow, locked
from jiangbang.candidacy.clock import refuse_late
from jiangbang.candidacy.doors import open_door
from jiangbang.candidacy.drafts import write_answer
from jiangbang.candidacy.models import Candidacy, Consent
from jiangbang.kernel.edition import UnitSpec
from jiangbang.papers.normalise import clean_text
from jiangbang.programme.models import Edition
from jiangbang.recommendation.acts import held_order, refuse_others
from jiangbang.recommendation.pasting import PastedPerson
from jiangbang.register.acts import Refused, act, record

EMPLOYER = "employer_and_position"
MOBILE = "mobile"


@dataclass(frozen=True, slots=True)
class InvitedPerson:
    """Somebody who was invited, with the token of the link: it is shown this once."""

    candidacy: Candidacy
    token: str
    address: str


@act("candidacy.invited", "invitation.made", "message.posted")
def invite_people(edition: Edition, unit: UnitSpec, people: Sequence[PastedPerson], *, by: User) -> list[InvitedPerson]:
    """Invite everybody of a checked list; employer and mobile go into the form as a beginning. All of them or none.

    Refused: `permission`; `late`; `empty`; `unchecked` when a line still has a problem.
    """
    refuse_others(by, edition, unit.code)
    # two people of a unit who send the same list at once take turns; the second finds everybody invited
    held_order(edition, unit.code)
    if any(one.problems for one in people):
        raise Refused("unchecked", _("Some lines must be mended first. Nobody was invited."))
    rows = [InvitationRow(one.name, one.email) for one in people]
    made = candidacy_acts.invite_candidates(edition, unit, rows, by=by)
    keys = {spec.key for spec in edition.spec.form}
    for invited, one in zip(made, people, strict=True):
        for key, value in ((EMPLOYER, one.employer), (MOBILE, one.mobile)):
            if value and key in keys:
                write_answer(invited.candidacy, key, clean_text(value), by=by)
    return [InvitedPerson(one.candidacy, one.token, row.address) for one, row in zip(made, people, strict=True)]


@act("invitation.made", "invitation.revoked", "message.posted")
def invite_again(candidacy: Candidacy, address: str, *, by: User) -> InvitedPerson:
    """A new link in place of the old one, which opens nothing any more.

    Refused: `permission`; `late`; `withdrawn`; `in_use` when the candidate has used a link: a new one is had on the sign-in page.
    """
    candidacy = locked(candidacy)
    refuse_others(by, candidacy.edition, candidacy.unit_code)
    refuse_late(candidacy.edition)
    if candidacy.state == Candidacy.State.WITHDRAWN:
        raise Refused("withdrawn", _("This candidacy was withdrawn."))
    links = Invitation.objects.filter(role=Role.CANDIDATE, scope=str(candidacy.pk), revoked_at=None)
    if links.filter(used_at__isnull=False).exists():
        raise Refused(
            "in_use",
            _(
                "The candidate has opened the form already. A lost link is renewed by the candidate, on the old link's page."
            ),
        )
    for link in links:
        invitations.revoke(link, by=by)
    token = open_door(candidacy, role=Role.CANDIDATE, name=candidacy.name, address=address.strip(), by=by)
    return InvitedPerson(candidacy, token, address.strip())


@act("candidacy.invited", "invitation.made", "message.posted", "consent.attested", "candidacy.opened")
def enter_candidate(edition: Edition, unit: UnitSpec, name: str, *, attested: Sequence[str], by: User) -> Candidacy:
    """Open a candidacy for somebody without an address; the unit fills the form in and attests the consents given on paper.

    Refused: `permission`; `late`; `no_name`; `no_consent` without those that filling in needs.
    """
    refuse_others(by, edition, unit.code)
    (made,) = candidacy_acts.invite_candidates(edition, unit, [InvitationRow(name)], by=by)
    attest_consents(made.candidacy, attested, by=by)
    return made.candidacy


@act("consent.attested", "candidacy.opened")
def attest_consents(candidacy: Candidacy, purposes: Sequence[str], *, by: User) -> None:
    """The unit says that the candidate has signed these consents on paper, and keeps the paper. It opens an invited candidacy's form.

    Refused: `permission`; `late`; `not_invited` once the candidate (or the unit) has begun; `unknown_purpose`; `no_consent`.
    """
    candidacy = locked(candidacy)
    refuse_others(by, candidacy.edition, candidacy.unit_code)
    refuse_late(candidacy.edition)
    if candidacy.state != Candidacy.State.INVITED:
        raise Refused("not_invited", _("The form has been opened already; consents are the candidate's."))
    if not set(purposes) <= set(Consent.Purpose.values):
        raise Refused("unknown_purpose", _("There is no such consent."))
    if not {Consent.Purpose.PROCESSING, Consent.Purpose.SENSITIVE} <= set(purposes):
        raise Refused("no_consent", _("Without the candidate's signed consent nothing may be filled in."))
    now = timezone.now()
    for purpose in dict.fromkeys(purposes):
        given = {"given_at": now, "withdrawn_at": None}
        Consent.objects.update_or_create(candidacy=candidacy, purpose=purpose, defaults=given)
    candidacy.state, candidacy.updated_at = Candidacy.State.DRAFTING, now
    candidacy.save(update_fields=["state", "updated_at"])
    _record(candidacy, "consent.attested", by=by, purposes=sorted(set(purposes)))
    _record(candidacy, "candidacy.opened", by=by, unit=candidacy.unit_code)


def _record(candidacy: Candidacy, kind: str, *, by: User, **facts: object) -> None:
    record(kind, by=by, edition=candidacy.edition.key, subject=candidacy.subject, facts=facts)
