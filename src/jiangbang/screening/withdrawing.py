"""Taking a letter back: its conclusion does not stand any more, and whoever was told it is told so."""

from __future__ import annotations

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.nomination.contacts import address_of, contacts_of
from jiangbang.nomination.models import Dossier
from jiangbang.outbox.acts import post_message
from jiangbang.outbox.addresses import channel_of
from jiangbang.register.acts import Refused, act, record
from jiangbang.screening import policy
from jiangbang.screening.letter_models import Letter
from jiangbang.screening.letters import day_of, office_of
from jiangbang.screening.messages import WITHDRAWN
from jiangbang.screening.models import Screening


def stands(letter: Letter, screening: Screening | None) -> bool:
    """Whether the conclusion that the letter tells is the one that counts."""
    if screening is None or screening.state != Screening.State.NOT_ELIGIBLE:
        return False
    return letter.concluded_at == screening.concluded_at


@act("letter.withdrawn")
def withdraw_letter(letter: Letter, *, candidate: str = "", on_paper: bool = False, by: User) -> int:
    """Tell the unit's contacts (and the candidate, at the address given) that the letter does not hold any more. Returns how many messages.

    Refused: `permission`; `stands` while its conclusion counts; `withdrawn` already; `address`; `nobody` to send it to.
    """
    letter = Letter.objects.select_for_update(of=("self",)).select_related("edition", "dossier").get(pk=letter.pk)
    screening = Screening.objects.select_for_update(of=("self",)).filter(pk=letter.dossier_id).first()
    if not policy.may_send_letters(by, letter.edition):
        raise Refused("permission", _("You may not send letters of the screening."))
    if letter.withdrawn_at is not None:
        raise Refused("withdrawn", _("This letter has been taken back already."))
    if stands(letter, screening):
        raise Refused(
            "stands", _("The conclusion that this letter tells still stands: take the screening up again first.")
        )
    contacts = contacts_of(letter.edition).filter(unit_code=letter.unit_code)
    to = [(one.name, address_of(one, letter.edition)) for one in contacts]
    if candidate.strip():
        if channel_of(candidate.strip()) is None:
            wrong = _("%(address)s is no address that a message can be sent to.")
            raise Refused("address", wrong % {"address": candidate})
        to.append((letter.dossier.name, candidate.strip()))
    if not to and not on_paper:
        raise Refused(
            "nobody", _("Nobody can be written to: keep a contact of the unit, or say that it is handed over on paper.")
        )
    letter.withdrawn_by, letter.withdrawn_at = by, timezone.now()
    letter.save(update_fields=["withdrawn_by", "withdrawn_at"])
    _post(letter, letter.dossier, to, by=by)
    facts = {"number": letter.number, "count": len(to), "on_paper": on_paper}
    record("letter.withdrawn", by=by, edition=letter.edition.key, subject=letter.dossier.subject, facts=facts)
    return len(to)


def _post(letter: Letter, dossier: Dossier, to: list[tuple[str, str]], *, by: User) -> None:
    edition = letter.edition
    with translation.override("zh-hans"):
        values = {
            "edition": edition.name,
            "unit": edition.spec.unit(letter.unit_code).name,
            "candidate": dossier.name,
            "number": letter.number,
            **office_of(edition),
            "day": day_of(edition.now().astimezone(edition.zone)),
        }
    for name, address in to:
        post_message(WITHDRAWN.key, to=address, name=name, edition=edition.key, context=values, by=by)
