"""Reminders to experts whose cards are not signed."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.outbox.acts import post_message
from jiangbang.outbox.addresses import absolute
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, nothing_changed
from jiangbang.review import policy
from jiangbang.review.messages import REMINDER
from jiangbang.review.models import Card
from jiangbang.review.profiles import profile_of
from jiangbang.review.recusing import sitting


@act("message.posted")
def remind_experts(edition: Edition, *, by: User) -> int:
    """Write to every expert who has unsigned cards, once a day at most. How many. Refused: `permission`."""
    if not policy.may_lead_review(by, edition):
        raise Refused("permission", _("You may not remind the experts of this edition."))
    day = edition.now().astimezone(edition.zone).date()
    count = 0
    for seat in sitting(edition):
        left = Card.objects.filter(seat=seat, state=Card.State.OPEN, released_at__isnull=False).count()
        profile = profile_of(seat.entry.expert)
        if not left or not profile.email:
            continue
        context = {
            "edition": edition.name,
            "name": profile.name,
            "count": left,
            "link": absolute(reverse("review_cards")),
        }
        key = f"review-reminder:{seat.pk}:{day.isoformat()}"
        post_message(
            REMINDER.key, to=profile.email, name=profile.name, edition=edition.key, context=context, by=by, key=key
        )
        count += 1
    # whoever was written to today is not written to again
    nothing_changed()
    return count
