"""Reminders to departments: two days before the last day, and once it has passed; each once for a letter and contact."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import translation

from jiangbang.accounts.acts import console_account
from jiangbang.accounts.invitations import addressee
from jiangbang.accounts.models import Invitation, Role, User
from jiangbang.consultation.messages import DUE_SOON, OVERDUE
from jiangbang.consultation.models import Inquiry
from jiangbang.nomination.reminders import by_day
from jiangbang.outbox.acts import post_message
from jiangbang.outbox.addresses import absolute
from jiangbang.outbox.models import Message
from jiangbang.outbox.templates import Template
from jiangbang.programme.models import Edition

SOON: Final = timedelta(days=2)


def due_template(due: date, today: date) -> Template | None:
    """The reminder that is due today for a letter that still waits; None where there is nothing to say yet."""
    if today > due:
        return OVERDUE
    return DUE_SOON if today >= due - SOON else None


def remind(edition: Edition, *, by: User | None = None) -> int:
    """Post the reminders that are due now in an edition; how many. In one transaction of the caller's."""
    now = edition.now().astimezone(edition.zone)
    if not by_day(now):
        return 0
    waiting = Inquiry.objects.filter(edition=edition).annotate(
        left=Count("questions", filter=Q(questions__answer="open"))
    )
    due = [(one, due_template(one.due, now.date())) for one in waiting.filter(left__gt=0)]
    pending = [(one, template) for one, template in due if template is not None]
    if not pending:
        return 0
    known = set(
        Message.objects.filter(edition=edition.key, key__startswith="consultation:").values_list("key", flat=True)
    )
    contacts = contacts_of(edition)
    by, posted = by or console_account(), 0
    for inquiry, template in pending:
        for invitation in contacts.get(inquiry.department, ()):
            key = f"consultation:{template.key}:{inquiry.sequence}:{invitation.pk}"
            whom = addressee(invitation)
            if key in known or not whom.address:
                continue
            context = {
                "edition": edition.name,
                "name": whom.name,
                "department": inquiry.department,
                "number": inquiry.number,
                "count": inquiry.left,
                "due": f"{inquiry.due:%Y年%-m月%-d日}",
                "link": absolute(reverse("consultation_mine")),
            }
            with translation.override("zh-hans"):
                post_message(
                    template.key, to=whom.address, name=whom.name, edition=edition.key, context=context, by=by, key=key
                )
            posted += 1
    return posted


def contacts_of(edition: Edition) -> dict[str, list[Invitation]]:
    """The taken-up invitations of the departments' contacts who hold the role still, by department. One query."""
    rows = Invitation.objects.filter(
        role=Role.DEPARTMENT,
        edition=edition.key,
        used_at__isnull=False,
        account__is_active=True,
        account__memberships__role=Role.DEPARTMENT,
        account__memberships__edition=edition.key,
    )
    found: dict[str, list[Invitation]] = {}
    for invitation in rows.select_related("account").order_by("used_at").distinct():
        found.setdefault(invitation.scope, []).append(invitation)
    return found
