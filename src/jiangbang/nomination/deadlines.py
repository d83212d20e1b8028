"""What the deadline means for a packet: late or not, in which words, and by which moment."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.nomination import policy
from jiangbang.nomination.models import Intake
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused


def check_deadline(edition: Edition, at: datetime, *, by: User, late_reason: str) -> bool:
    """Whether `at` is late. Refused (`late`) unless `by` has the right to accept it late and gives a reason: L-1, L-3."""
    if edition.deadline.standing(at) == "open":
        return False
    if not late_reason.strip():
        raise Refused("late", late_sentence(edition, at))
    if not policy.may_accept_late(by, edition):
        raise Refused("permission", _("You may not accept papers after the deadline."))
    return True


def late_sentence(edition: Edition, at: datetime) -> str:
    """Why what came at `at` is not in: the deadline, the time at which it came, and what can be done."""
    deadline = edition.deadline
    held = _(
        "The deadline was %(deadline)s; this packet came at %(at)s, within the grace. It is held, and not received: "
        "an organiser may accept it late by giving a reason."
    )
    refused = _(
        "The deadline was %(deadline)s; this packet came at %(at)s. It was not received. "
        "An organiser may accept it late by giving a reason."
    )
    sentence = held if deadline.standing(at) == "grace" else refused
    return sentence % {"deadline": deadline.clock(deadline.at), "at": deadline.clock(at)}


def deadline_moment(intake: Intake) -> datetime:
    """The moment that counts for the deadline: when the file came, or where a rehearsed edition stands."""
    return intake.edition.spec.clock or intake.brought_at
