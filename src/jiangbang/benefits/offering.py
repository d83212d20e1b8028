"""A benefit is offered, people are invited by fair turns, answer, come; places are never exceeded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.core import signing
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.benefits import messages
from jiangbang.benefits.models import Guest, HolderAddress, Offer
from jiangbang.benefits.policy import may_keep_benefits
from jiangbang.conferral.award_models import Award
from jiangbang.outbox.acts import post_message
from jiangbang.outbox.addresses import absolute, channel_of
from jiangbang.outbox.templates import Template
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, nothing_changed, record
from jiangbang.vaults import vault

State = Guest.State
MOST_PLACES: Final = 9_999
_SALT: Final = "jiangbang.benefits.answer"


@dataclass(frozen=True, slots=True)
class Said:
    """What the office says of an offer."""

    kind: str
    title: str
    place: str
    first_day: date
    last_day: date
    places: int
    answer_by: date
    note: str = ""


def kinds_of(edition: Edition) -> tuple[str, ...]:
    """The yearly benefits that the edition's file names."""
    return tuple(edition.document["edition"].get("conferral", {}).get("yearly_benefits", ()))


@act("benefit.offered")
def offer_benefit(edition: Edition, said: Said, *, by: User) -> Offer:
    """Offer a benefit. Refused: `permission`; `kind` that the edition has not; `title`; `days`; `places`."""
    edition = _locked(edition, by)
    if said.kind not in kinds_of(edition):
        raise Refused("kind", _("The edition's file names no such benefit."))
    title, place, note = (" ".join(text.split()) for text in (said.title, said.place, said.note))
    if not 0 < len(title) <= 100 or len(place) > 100 or len(note) > 500:
        raise Refused("title", _("Give a title, in at most 100 characters."))
    if not said.answer_by <= said.first_day <= said.last_day:
        raise Refused("days", _("Answers come before the first day, and the first day before the last."))
    if not 1 <= said.places <= MOST_PLACES:
        raise Refused("places", _("Say how many places there are."))
    made = Offer.objects.create(
        edition=edition, kind=said.kind, title=title, place=place, first_day=said.first_day, last_day=said.last_day,
        places=said.places, answer_by=said.answer_by, note=note, made_by=by, made_at=timezone.now(),
    )  # fmt: skip
    facts = {"benefit": made.kind, "places": made.places, "year": made.year}
    record("benefit.offered", by=by, edition=edition.key, subject=made.subject, facts=facts)
    return made


@act("benefit.cancelled", "message.posted")
def cancel_offer(offer: Offer, *, reason: str, by: User) -> None:
    """Call a benefit off, with the reason; whoever did not say no is told. Refused: `permission`; `cancelled`; `reason`."""
    found = _open(offer, by)
    reason = " ".join(reason.split())
    if not 0 < len(reason) <= 200:
        raise Refused("reason", _("Give the reason, in at most 200 characters."))
    found.cancelled_by, found.cancelled_at, found.reason = by, timezone.now(), reason
    found.save(update_fields=["cancelled_by", "cancelled_at", "reason"])
    record("benefit.cancelled", by=by, edition=found.edition.key, subject=found.subject, facts={"reason": reason})
    told = found.guests.exclude(state=State.DECLINED).select_related("award__address")
    for guest in told:
        _tell(guest, found, messages.CANCELLED, by, key=f"cancelled:{guest.pk}", reason=reason)


@act("benefit.invited", "message.posted")
def invite(offer: Offer, awards: Sequence[Award], *, by: User) -> int:
    """Invite holders of titles; how many are new. Whoever has an address gets a link to answer, the others are called. Refused:
    `permission`; `cancelled`; `over` after the last day for an answer; `title` where somebody holds none (any more)."""
    found = _open(offer, by)
    _refuse_late(found)
    held = {
        one.pk: one
        for one in Award.objects.filter(
            pk__in=[one.pk for one in awards], edition__programme=found.edition.programme, state=Award.State.HELD
        ).select_related("address")
    }
    if len(held) < len({one.pk for one in awards}):
        raise Refused("title", _("Somebody among them holds no title any more. Look again."))
    known = set(found.guests.values_list("award_id", flat=True))
    now = timezone.now()
    fresh = [
        Guest(offer=found, award=one, invited_by=by, invited_at=now)
        for pk, one in sorted(held.items())
        if pk not in known
    ]
    if not fresh:
        nothing_changed()
        return 0
    Guest.objects.bulk_create(fresh)
    facts = {"count": len(fresh), "benefit": found.kind}
    record("benefit.invited", by=by, edition=found.edition.key, subject=found.subject, facts=facts)
    for guest in found.guests.filter(award__in=[one.award_id for one in fresh]).select_related("award__address"):
        _tell(guest, found, messages.INVITED, by, key=f"invited:{guest.pk}")
    return len(fresh)


@act("benefit.answered", "message.posted")
def answer(guest: Guest, *, coming: bool, source: str, by: User) -> Guest:
    """Say whether somebody comes, as often as he changes his mind until the last day; a yes without a place waits, and the first who waits
    moves up when somebody withdraws. `source`: `holder` himself, or the `office` for him. Refused: `permission` of the office; `cancelled`;
    `over`; `title` revoked."""
    offer = Offer.objects.select_for_update(of=("self",)).select_related("edition").get(pk=guest.offer_id)
    if source == "office" and not may_keep_benefits(by, offer.edition):
        raise Refused("permission", _("Only the organiser's office may do this."))
    if offer.cancelled_at is not None:
        raise Refused("cancelled", _("This does not take place: %(reason)s") % {"reason": offer.reason})
    # a revocation may have freed places: they are theirs who wait, before anybody else says yes
    _move_up(offer, by)
    found = Guest.objects.select_related("award").get(pk=guest.pk)
    if source == "holder":
        _refuse_late(offer)
    if not found.award.held:
        raise Refused("title", _("The title is revoked: its holder is not invited any more."))
    before = found.state
    found.state = (
        (State.COMING if before == State.COMING or free_places(offer) else State.WAITING) if coming else State.DECLINED
    )
    if found.state == before:
        nothing_changed()
        return found
    found.answered_at = timezone.now()
    found.save(update_fields=["state", "answered_at"])
    facts = {"guest": found.state, "source": source}
    record("benefit.answered", by=by, edition=offer.edition.key, subject=found.subject, facts=facts)
    if before == State.COMING:
        _move_up(offer, by)
    return found


@act("benefit.attended")
def note_attendance(guest: Guest, *, came: bool, by: User) -> None:
    """Note whether somebody was there; may be put right. Refused: `permission`; `cancelled`; `early` before the first day."""
    offer = _open(Offer(pk=guest.offer_id), by)
    if today(offer.edition) < offer.first_day:
        raise Refused("early", _("It has not begun yet."))
    changed = Guest.objects.filter(pk=guest.pk).exclude(came=came).update(came=came)
    if not changed:
        # `exclude` passes over rows that say nothing yet
        changed = Guest.objects.filter(pk=guest.pk, came__isnull=True).update(came=came)
    if not changed:
        nothing_changed()
        return
    record("benefit.attended", by=by, edition=offer.edition.key, subject=guest.subject, facts={"came": came})


@act("holder.addressed")
def keep_address(award: Award, address: str, *, by: User) -> None:
    """Keep where a holder is written to; an empty one is forgotten. Refused: `permission`; `address`."""
    if not may_keep_benefits(by, award.edition):
        raise Refused("permission", _("Only the organiser's office may do this."))
    address = address.strip()
    if address and channel_of(address) is None:
        raise Refused("address", _("%(address)s is no address that a message can be sent to.") % {"address": address})
    if address:
        sealed = vault().seal(address.encode(), _aad(award.pk))
        HolderAddress.objects.update_or_create(award=award, defaults={"sealed": sealed})
    else:
        HolderAddress.objects.filter(award=award).delete()
    record("holder.addressed", by=by, edition=award.edition.key, subject=award.subject, facts={})


def free_places(offer: Offer) -> int:
    """How many may still come. One query."""
    return max(0, offer.places - offer.guests.filter(state=State.COMING, award__state=Award.State.HELD).count())


def today(edition: Edition) -> date:
    """The day on the edition's clock."""
    return edition.now().astimezone(edition.zone).date()


def link_of(guest: Guest) -> str:
    """The page on which a guest answers without an account: the same link at any time, and nobody's guess."""
    return absolute(reverse("benefit_answer", args=[signing.Signer(salt=_SALT).sign(str(guest.pk)).replace(":", "~")]))


def guest_of(token: str) -> Guest | None:
    """The guest whom a link belongs to; None for any other text. One query."""
    try:
        pk = signing.Signer(salt=_SALT).unsign(token.replace("~", ":"))
    except signing.BadSignature:
        return None
    return Guest.objects.select_related("offer__edition", "award").filter(pk=pk).first()


def _move_up(offer: Offer, by: User) -> None:
    waiting = offer.guests.filter(state=State.WAITING, award__state=Award.State.HELD).order_by("answered_at", "pk")
    for guest in waiting.select_related("award__address")[: free_places(offer)]:
        guest.state = State.COMING
        guest.save(update_fields=["state"])
        facts = {"guest": guest.state, "source": "office"}
        record("benefit.answered", by=by, edition=offer.edition.key, subject=guest.subject, facts=facts)
        _tell(guest, offer, messages.MOVED_UP, by, key=f"moved_up:{guest.pk}:{timezone.now():%Y%m%d%H%M%S%f}")


def _tell(guest: Guest, offer: Offer, template: Template, by: User, *, key: str, **more: str) -> None:
    sealed = getattr(guest.award, "address", None)
    if sealed is None:
        return
    address = vault().unseal(bytes(sealed.sealed), _aad(guest.award_id)).decode()
    with translation.override("zh-hans"):
        whole: Mapping[str, str] = {
            "edition": offer.edition.label,
            "name": guest.award.name,
            "title": offer.title,
            "place": offer.place or "—",
            "days": f"{offer.first_day:%Y-%m-%d}—{offer.last_day:%Y-%m-%d}",
            "answer_by": f"{offer.answer_by:%Y-%m-%d}",
            "note": offer.note,
            "link": link_of(guest),
            **more,
        }
        wanted = {one.name for one in template.variables}
        post_message(
            template.key,
            to=address,
            name=guest.award.name,
            edition=offer.edition.key,
            context={name: value for name, value in whole.items() if name in wanted},
            by=by,
            key=f"benefit:{key}",
        )


def _refuse_late(offer: Offer) -> None:
    if today(offer.edition) > offer.answer_by:
        raise Refused("over", _("The last day for an answer was %(day)s.") % {"day": offer.answer_by.isoformat()})


def _open(offer: Offer, by: User) -> Offer:
    found = Offer.objects.select_for_update(of=("self",)).select_related("edition").get(pk=offer.pk)
    if not may_keep_benefits(by, found.edition):
        raise Refused("permission", _("Only the organiser's office may do this."))
    if found.cancelled_at is not None:
        raise Refused("cancelled", _("This does not take place: %(reason)s") % {"reason": found.reason})
    return found


def _locked(edition: Edition, by: User) -> Edition:
    if not may_keep_benefits(by, edition):
        raise Refused("permission", _("Only the organiser's office may do this."))
    return Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)


def _aad(award: int) -> bytes:
    return f"holder-address:{award}".encode()
