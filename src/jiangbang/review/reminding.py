"""Reminders to experts who have not answered, not declared their relations, or not signed their cards."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from jiangbang.accounts.acts import console_account
from jiangbang.accounts.models import User
from jiangbang.nomination.reminders import by_day
from jiangbang.outbox.acts import post_message
from jiangbang.outbox.addresses import absolute
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, nothing_changed
from jiangbang.review import policy
from jiangbang.review.messages import ANSWER_REMINDER, DECLARATION_REMINDER, REMINDER
from jiangbang.review.models import Seat
from jiangbang.review.progress import REMINDED, SILENCE, SeatLoad, loads

_TEMPLATES = {"answer": ANSWER_REMINDER, "declaration": DECLARATION_REMINDER, "scores": REMINDER}


@act("message.posted")
def remind_experts(edition: Edition, *, seat: Seat | None = None, by: User) -> int:
    """Write to every expert for whom something waits, or to the one of `seat`; once a day at most. How many. Refused: `permission`."""
    if not policy.may_lead_review(by, edition):
        raise Refused("permission", _("You may not remind the experts of this edition."))
    count = sum(_post(edition, one, by) for one in loads(edition) if seat is None or one.seat.pk == seat.pk)
    # whoever was written to today is not written to again
    nothing_changed()
    return count


def remind(edition: Edition, *, by: User | None = None) -> int:
    """Remind whoever has been silent for two days, and every two days again, by day only; how many. In one transaction of the caller's."""
    now = timezone.now()
    if not by_day(now.astimezone(edition.zone)):
        return 0
    due = [one for one in loads(edition) if one.silent(now) and (one.reminded is None or now - one.reminded >= SILENCE)]
    return sum(_post(edition, one, by or console_account()) for one in due)


def _post(edition: Edition, load: SeatLoad, by: User) -> bool:
    """Whether a message went out."""
    today = timezone.now().astimezone(edition.zone).date()
    reminded_today = load.reminded is not None and load.reminded.astimezone(edition.zone).date() == today
    if not load.waits or not load.profile.email or reminded_today:
        return False
    context = {
        "edition": edition.name,
        "name": load.name,
        "link": absolute(reverse("review_cards" if load.waits == "scores" else "review_mine")),
    }
    if load.waits == "scores":
        context["count"] = str(load.unsigned)
    key = f"{REMINDED}:{load.seat.pk}:{today.isoformat()}"
    with translation.override("zh-hans"):
        post_message(
            _TEMPLATES[load.waits].key,
            to=load.profile.email,
            name=load.name,
            edition=edition.key,
            context=context,
            by=by,
            key=key,
        )
    return True
