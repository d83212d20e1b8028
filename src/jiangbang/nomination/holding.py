"""Above a quota that binds: who is held, and telling the unit that it has to choose. Called inside acts only."""

from __future__ import annotations

from collections.abc import Set

from django.urls import reverse
from django.utils import translation

from jiangbang.accounts.models import User
from jiangbang.kernel.edition import UnitSpec
from jiangbang.kernel.quotas import held_back
from jiangbang.nomination.answers import answered_by
from jiangbang.nomination.contacts import address_of, contacts_of
from jiangbang.nomination.models import Dossier, Packet
from jiangbang.outbox.acts import post_message
from jiangbang.outbox.addresses import absolute
from jiangbang.papers.judgement import JudgedDossier, Judgement
from jiangbang.programme.models import Edition
from jiangbang.vaults import identity_index

# Of those held, so many are named in the message; the page names all.
NAMED = 20


def above_quota(judgement: Judgement, edition: Edition, unit: UnitSpec) -> Set[int]:
    """The places in `judgement.dossiers` of the clean ones for whom the unit has no seat: the lowest of its roster. One query.

    Whoever has a seat keeps it, whoever takes a title directly needs none.
    """
    if not unit.hard:
        return frozenset()
    live = Dossier.objects.filter(edition=edition, unit_code=unit.code).exclude(state=Dossier.State.SUPERSEDED)
    rows = list(live.values_list("person__index", "state", "direct_title", "pk"))
    seated = {index or str(pk) for index, state, _title, pk in rows if state == Dossier.State.ACCEPTED}
    outside = {index or str(pk) for index, _state, title, pk in rows if title}
    # the roster is the unit's own order; forms without a row come last
    ranked = sorted(
        (place for place, one in enumerate(judgement.dossiers) if one.clean),
        key=lambda place: (judgement.dossiers[place].roster_row or 10**9, place),
    )
    keys = {place: _key(judgement.dossiers[place], place) for place in ranked}
    held = held_back([keys[place] for place in ranked], seated=seated, outside=outside, seats=unit.quota_max)
    return frozenset(place for place, key in keys.items() if key in held)


def _key(judged: JudgedDossier, place: int) -> str:
    number = judged.record.get("id_number")
    return identity_index(number) if isinstance(number, str) and number.strip() else f"#{place}"


def after_receipt(packet: Packet, above: Set[int], *, by: User) -> None:
    """What follows from a packet that was received: the unit hears whom its quota holds, other stages what the packet answers."""
    if above:
        tell_unit(packet, by=by)
    answered_by(packet, by=by)


def tell_unit(packet: Packet, *, by: User) -> None:
    """Tell each contact of the unit who is held, and where the unit chooses."""
    edition, unit = packet.edition, packet.unit
    contacts = list(contacts_of(edition).filter(unit_code=unit.code))
    if not contacts:
        return
    held = Dossier.objects.filter(edition=edition, unit_code=unit.code, state=Dossier.State.HELD).order_by("name", "pk")
    names = list(held.values_list("name", flat=True))
    named = "、".join(names[:NAMED]) + ("……" if len(names) > NAMED else "")
    with translation.override("zh-hans"):
        for contact in contacts:
            post_message(
                "quota.held",
                to=address_of(contact, edition),
                name=contact.name,
                edition=edition.key,
                context={
                    "edition": edition.label,
                    "unit": unit.name,
                    "name": contact.name,
                    "quota": unit.quota_max,
                    "count": len(names),
                    "people": named,
                    "deadline": edition.deadline.clock(edition.deadline.at),
                    "link": absolute(reverse("unit_quota")),
                },
                by=by,
                key=f"quota:{packet.number}:{contact.address_index[:32]}",
            )
