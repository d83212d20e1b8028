"""Certificates that no longer count. The register itself is the list: what stands in it cannot be taken out again."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.conferral.policy import may_make_certificates
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, record
from jiangbang.register.queries import entries

# All revocations are of one subject, so that they are found by an index.
SUBJECT: Final = "certificates:revoked"
_LONGEST: Final = 85


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
