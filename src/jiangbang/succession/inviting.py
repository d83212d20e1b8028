"""Holders of a prize that may be won again are invited through the units that recommended them."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.conferral.award_models import Award
from jiangbang.nomination.contacts import address_of, contacts_of
from jiangbang.nomination.models import Dossier
from jiangbang.outbox.acts import post_message
from jiangbang.outbox.addresses import absolute
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, nothing_changed, record
from jiangbang.succession import messages
from jiangbang.succession.models import Reinvitation
from jiangbang.succession.policy import may_succeed
from jiangbang.succession.results import held_titles


@dataclass(frozen=True, slots=True)
class Standing:
    """A prize holder in the next edition: the unit was told or not, has somebody to be told or not; whether he stands again."""

    award: Award
    unit: str
    told: bool
    reachable: bool
    stands: bool


def may_stand_again(edition: Edition) -> list[Standing]:
    """Whoever holds a prize of an earlier edition that may be won again, and nothing that excludes. Five queries."""
    titles = held_titles(edition)
    excluded = {award.dossier.person_id for title, award in titles if not title.may_stand_again}
    awards = [award for title, award in titles if title.may_stand_again and award.dossier.person_id not in excluded]
    told = set(Reinvitation.objects.filter(edition=edition).values_list("award_id", flat=True))
    units = {unit.code: unit.name for unit in edition.spec.units}
    reachable = set(contacts_of(edition).values_list("unit_code", flat=True))
    people = [award.dossier.person_id for award in awards]
    standing = set(Dossier.objects.filter(edition=edition, person__in=people).values_list("person_id", flat=True))
    return [
        Standing(
            one,
            units.get(one.dossier.unit_code, ""),
            one.pk in told,
            one.dossier.unit_code in units and one.dossier.unit_code in reachable,
            one.dossier.person_id in standing,
        )
        for one in awards
    ]


@act("holders.invited", "message.posted")
def invite_holders(edition: Edition, *, by: User) -> int:
    """Tell the units whose people may stand again, once for each person; how many people. Units without a contact are left for later.

    Refused: `permission`; `closed` when the deadline has passed.
    """
    if not may_succeed(by, edition):
        raise Refused("permission", _("Only the organiser's office may do this."))
    edition = Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    if edition.now() > edition.deadline.at:
        raise Refused("closed", _("The deadline of this edition has passed: nobody can stand any more."))
    due = [one for one in may_stand_again(edition) if one.reachable and not one.told and not one.stands]
    if not due:
        nothing_changed()
        return 0
    now = timezone.now()
    Reinvitation.objects.bulk_create(
        [Reinvitation(edition=edition, award=one.award, invited_by=by, invited_at=now) for one in due]
    )
    by_unit: dict[str, list[Standing]] = {}
    for one in due:
        by_unit.setdefault(one.award.dossier.unit_code, []).append(one)
    record(
        "holders.invited",
        by=by,
        edition=edition.key,
        subject=f"edition:{edition.pk}",
        facts={"count": len(due), "units": sorted(by_unit)},
    )
    for contact in contacts_of(edition).filter(unit_code__in=by_unit):
        people = by_unit[contact.unit_code]
        with translation.override("zh-hans"):
            post_message(
                messages.STAND_AGAIN.key,
                to=address_of(contact, edition),
                name=contact.name,
                edition=edition.key,
                context={
                    "edition": edition.label,
                    "unit": people[0].unit,
                    "name": contact.name,
                    "people": "、".join(f"{one.award.name}（{one.award.title_label}）" for one in people),
                    "deadline": edition.deadline.clock(edition.deadline.at),
                    "link": absolute(reverse("desk")),
                },
                by=by,
                key=f"stand_again:{contact.pk}:{min(one.award.pk for one in people)}",
            )
    return len(due)
