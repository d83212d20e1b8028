"""Who agrees to be shown: nobody is on a poster without it, and a withdrawal counts at once."""

from __future__ import annotations

from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.conferral.award_models import Award
from jiangbang.nomination.models import Dossier
from jiangbang.publicity.models import PublicityConsent
from jiangbang.publicity.policy import may_publicise
from jiangbang.register.acts import Refused, act, record

_LONGEST: Final = 120


@act("publicity.agreed")
def record_consent(dossier: Dossier, *, paper: str, photo: bool, by: User) -> PublicityConsent:
    """Note that somebody who holds a title agrees to be shown; `paper` says where the signed agreement is.

    Refused: `permission`; `title` is not held; `paper`; `agreed` already.
    """
    found = _locked(dossier, by)
    if not Award.objects.filter(dossier=found, state=Award.State.HELD).exists():
        raise Refused("title", _("The person holds no title of this edition."))
    paper = " ".join(paper.split())
    if not 0 < len(paper) <= _LONGEST:
        raise Refused(
            "paper", _("Say where the signed agreement is found, in at most %(most)s characters.") % {"most": _LONGEST}
        )
    if PublicityConsent.objects.filter(dossier=found, withdrawn_at__isnull=True).exists():
        raise Refused("agreed", _("The agreement of this person is noted already: note its withdrawal first."))
    made = PublicityConsent.objects.create(
        dossier=found, photo=photo, paper=paper, recorded_by=by, recorded_at=timezone.now()
    )
    facts = {"paper": paper, **({"kind": "photo"} if photo else {})}
    record("publicity.agreed", by=by, edition=found.edition.key, subject=found.subject, facts=facts)
    return made


@act("publicity.withdrawn")
def withdraw_consent(dossier: Dossier, *, by: User) -> None:
    """Note that the person does not want to be shown any more. Refused: `permission`; `absent` where nothing is noted."""
    found = _locked(dossier, by)
    stands = PublicityConsent.objects.filter(dossier=found, withdrawn_at__isnull=True).first()
    if stands is None:
        raise Refused("absent", _("No agreement of this person is noted."))
    stands.withdrawn_by, stands.withdrawn_at = by, timezone.now()
    stands.save(update_fields=["withdrawn_by", "withdrawn_at"])
    facts = {"paper": stands.paper}
    record("publicity.withdrawn", by=by, edition=found.edition.key, subject=found.subject, facts=facts)


def _locked(dossier: Dossier, by: User) -> Dossier:
    found = Dossier.objects.select_for_update(of=("self",)).select_related("edition").get(pk=dossier.pk)
    if not may_publicise(by, found.edition):
        raise Refused("permission", _("Only the organiser's office may do this."))
    return found
