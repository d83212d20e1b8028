"""Reminders to the units: which one is due for whom, and posting it once; and word of an extended deadline.

A unit gets one kind at a time, the one that its remaining time calls for; a unit whose papers are all in order gets none.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from django.urls import reverse
from django.utils import translation

from jiangbang.accounts.acts import console_account
from jiangbang.accounts.models import User
from jiangbang.nomination.contact_models import UnitContact
from jiangbang.nomination.contacts import address_of, contacts_of
from jiangbang.nomination.queries import LedgerLine, ledger
from jiangbang.outbox.acts import post_message
from jiangbang.outbox.addresses import absolute
from jiangbang.outbox.models import Message
from jiangbang.programme.models import Edition, Extension

Standing = Literal["not_started", "incomplete", "complete"]
Kind = Literal["not_started", "incomplete", "three_days", "one_day"]

# How long before the deadline each kind begins. The first two look at what the unit has done, the last two at the time alone.
NOT_STARTED_FROM = timedelta(days=14)
INCOMPLETE_FROM = timedelta(days=7)
THREE_DAYS = timedelta(days=3)
ONE_DAY = timedelta(days=1)
# Nobody is written to at night, by the edition's clock.
FIRST_HOUR, LAST_HOUR = 8, 20


def standing(line: LedgerLine) -> Standing:
    """How far a unit is: nothing came; something is to be mended or the quota is not reached; all in order."""
    if not line.started:
        return "not_started"
    return "incomplete" if line.waiting or line.accepted < line.unit.quota_min else "complete"


def due_kind(stands: Standing, left: timedelta) -> Kind | None:
    """The kind that is due with so much time left until the deadline; None where there is nothing to say."""
    if stands == "complete" or left <= timedelta(0):
        return None
    if left <= ONE_DAY:
        return "one_day"
    if left <= THREE_DAYS:
        return "three_days"
    if stands == "incomplete":
        return "incomplete" if left <= INCOMPLETE_FROM else None
    return "not_started" if left <= NOT_STARTED_FROM else None


def by_day(now: datetime) -> bool:
    """Whether it is an hour at which people are written to."""
    return FIRST_HOUR <= now.hour < LAST_HOUR


def remind(edition: Edition, *, by: User | None = None) -> int:
    """Post the reminders that are due now in an edition; how many. In one transaction of the caller's."""
    now = edition.now().astimezone(edition.zone)
    opens = edition.stages[0].opens if edition.stages else now.date()
    if not by_day(now) or now.date() < opens:
        return 0
    due = {
        line.unit.code: (line, kind)
        for line in ledger(edition)
        if (kind := due_kind(standing(line), edition.deadline.at - now)) is not None
    }
    contacts = [contact for contact in contacts_of(edition) if contact.unit_code in due]
    if not contacts:
        return 0
    known = set(Message.objects.filter(edition=edition.key, key__startswith="remind:").values_list("key", flat=True))
    by = by or console_account()
    fresh = [(one, *due[one.unit_code]) for one in contacts if _key(edition, due[one.unit_code][1], one) not in known]
    for contact, line, kind in fresh:
        _post(edition, contact, line, kind, by)
    return len(fresh)


def tell_extension(edition: Edition, extension: Extension, *, by: User) -> int:
    """Write to every contact of every unit that the deadline is extended; to how many. In the transaction that extends it."""
    clock, units = edition.deadline.clock, {unit.code: unit.name for unit in edition.spec.units}
    contacts = [contact for contact in contacts_of(edition) if contact.unit_code in units]
    for contact in contacts:
        with translation.override("zh-hans"):
            post_message(
                "deadline.extended",
                to=address_of(contact, edition),
                name=contact.name,
                edition=edition.key,
                context={
                    "edition": edition.label,
                    "unit": units[contact.unit_code],
                    "name": contact.name,
                    "deadline": clock(extension.deadline),
                    "previous": clock(extension.previous),
                    "reason": extension.reason,
                    "link": absolute(reverse("desk")),
                },
                by=by,
                key=f"extended:{extension.pk}:{contact.pk}",
            )
    return len(contacts)


def _key(edition: Edition, kind: Kind, contact: UnitContact) -> str:
    """One reminder for each kind, unit and address; an extended deadline is counted down anew."""
    day = edition.deadline.at.date().isoformat() if kind in ("three_days", "one_day") else ""
    return f"remind:{kind}:{day}:{contact.unit_code}:{contact.address_index[:32]}"


def _post(edition: Edition, contact: UnitContact, line: LedgerLine, kind: Kind, by: User) -> None:
    # the units read Chinese, as the letter does
    with translation.override("zh-hans"):
        post_message(
            f"reminder.{kind}",
            to=address_of(contact, edition),
            name=contact.name,
            edition=edition.key,
            context={
                "edition": edition.label,
                "unit": line.unit.name,
                "name": contact.name,
                "deadline": edition.deadline.clock(edition.deadline.at),
                "accepted": line.accepted,
                "waiting": line.waiting,
                "quota": line.unit.quota_min if line.unit.quota_min else line.unit.quota_max,
                "link": absolute(reverse("desk")),
            },
            by=by,
            key=_key(edition, kind, contact),
        )
