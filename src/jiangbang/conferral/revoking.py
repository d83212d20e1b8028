"""Titles that are taken back, and certificates that no longer count.

A title is revoked by two persons: one proposes with ground and resolution, another confirms; the certificate's number goes with it. The
register itself is the list of revoked certificates: what stands in it cannot be taken out again.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.conferral.award_models import Award, Revocation
from jiangbang.conferral.policy import may_confer, may_make_certificates
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, record
from jiangbang.register.queries import entries

# All revocations are of one subject, so that they are found by an index.
SUBJECT: Final = "certificates:revoked"
_LONGEST: Final = 85


@act("revocation.proposed")
def propose_revocation(award: Award, *, ground: str, resolution: str, by: User) -> Revocation:
    """Propose to take a title back. Refused: `permission`; `ground` or `resolution` missing; `revoked`, or `proposed` already."""
    edition = _locked(award.edition, by)
    ground, resolution = ground.strip(), resolution.strip()
    if not ground:
        raise Refused("ground", _("Say why the title is to be revoked."))
    if not 0 < len(resolution) <= _LONGEST:
        raise Refused("resolution", _("Give the number of the paper that revokes it."))
    found = Award.objects.get(pk=award.pk)
    if not found.held:
        raise Refused("revoked", _("The title is revoked already."))
    if found.revocations.exclude(state=Revocation.State.DECLINED).exists():
        raise Refused("proposed", _("Its revocation is proposed already."))
    made = Revocation.objects.create(
        award=found, ground=ground[:500], resolution=resolution, proposed_by=by, proposed_at=timezone.now()
    )
    _say("revocation.proposed", edition, made, by)
    return made


@act("award.revoked", "certificate.revoked")
def confirm_revocation(revocation: Revocation, *, by: User) -> None:
    """Take the title back: from this moment on roll and verification say so. Refused: `permission`; `state`; `same_person` proposed it."""
    edition, found = _waiting(revocation, by)
    if found.proposed_by_id == by.pk:
        raise Refused("same_person", _("Another person than who proposed it confirms the revocation."))
    found.state, found.decided_by, found.decided_at = Revocation.State.CONFIRMED, by, timezone.now()
    found.save()
    found.award.state = Award.State.REVOKED
    found.award.save()
    _say("award.revoked", edition, found, by)
    if found.award.number not in revoked_numbers():
        revoke_certificate(edition, number=found.award.number, resolution=found.resolution, by=by)


@act("revocation.declined")
def decline_revocation(revocation: Revocation, *, by: User) -> None:
    """Leave the title where it is; whoever proposed may take the proposal back so. Refused: `permission`; `state`."""
    edition, found = _waiting(revocation, by)
    found.state, found.decided_at = Revocation.State.DECLINED, timezone.now()
    if found.proposed_by_id == by.pk:
        # taken back by its own author: nobody decided against it
        _say("revocation.declined", edition, found, by)
        found.delete()
        return
    found.decided_by = by
    found.save()
    _say("revocation.declined", edition, found, by)


@act("award.recovered")
def note_recovered(revocation: Revocation, *, by: User) -> None:
    """Note that certificate and plaque of a revoked title came back. Refused: `permission`; `state` unless confirmed, or noted already."""
    edition = _locked(revocation.award.edition, by)
    found = Revocation.objects.select_related("award").get(pk=revocation.pk)
    if found.state != Revocation.State.CONFIRMED or found.recovered_at is not None:
        raise Refused("state", _("Nothing of this title is to come back."))
    found.recovered_at = timezone.now()
    found.save()
    facts = {"number": found.award.number}
    record("award.recovered", by=by, edition=edition.key, subject=found.award.subject, facts=facts)


def _locked(edition: Edition, by: User) -> Edition:
    if not may_confer(by, edition):
        raise Refused("permission", _("Only the organiser's office may do this."))
    return Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)


def _waiting(revocation: Revocation, by: User) -> tuple[Edition, Revocation]:
    edition = _locked(revocation.award.edition, by)
    found = Revocation.objects.select_related("award").filter(pk=revocation.pk).first()
    if found is None or found.state != Revocation.State.PROPOSED:
        raise Refused("state", _("This is decided already."))
    return edition, found


def _say(kind: str, edition: Edition, revocation: Revocation, by: User) -> None:
    facts = {"number": revocation.award.number, "resolution": revocation.resolution}
    record(kind, by=by, edition=edition.key, subject=revocation.award.subject, facts=facts)


@act("certificate.revoked")
def revoke_certificate(edition: Edition, *, number: str, resolution: str, by: User) -> None:
    """Let the certificate with this number count no more, from this moment on; `resolution` is the paper that says why.

    It cannot be undone: who was wronged gets a certificate with a new number. Refused: `permission`; `number`; `resolution`; `revoked`.
    """
    if not may_make_certificates(by, edition):
        raise Refused("permission", _("Only the organiser's office may do this."))
    number, resolution = number.strip(), resolution.strip()
    if not 0 < len(number) <= _LONGEST:
        raise Refused("number", _("Give the number as it stands on the certificate."))
    if not 0 < len(resolution) <= _LONGEST:
        raise Refused("resolution", _("Give the number of the paper that revokes it."))
    if number in revoked_numbers():
        raise Refused("revoked", _("The certificate %(number)s is revoked already.") % {"number": number})
    facts = {"number": number, "resolution": resolution}
    record("certificate.revoked", by=by, edition=edition.key, subject=SUBJECT, facts=facts)


def revoked_numbers() -> dict[str, date]:
    """The numbers of all revoked certificates with the day of each, newest first. One query."""
    found = entries(subject=SUBJECT).values_list("facts", "at")
    return {facts["number"]: timezone.localdate(at) for facts, at in found}
