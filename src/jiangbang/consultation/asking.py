"""The office's acts of the consultation: categories, letters, decisions about concerns, contacts of departments."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Final

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts import invitations
from jiangbang.accounts.models import Role, User
from jiangbang.consultation import policy
from jiangbang.consultation.access import rules_of
from jiangbang.consultation.messages import INVITED
from jiangbang.consultation.models import Consulted, Inquiry, Question
from jiangbang.consultation.queries import standing_of, to_be_asked
from jiangbang.consultation.sealing import seal_password, seal_text
from jiangbang.kernel.working_days import CalendarNotPublishedError
from jiangbang.nomination.models import Dossier
from jiangbang.outbox.acts import post_message
from jiangbang.outbox.addresses import absolute
from jiangbang.programme.calendar import working_days_of
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, nothing_changed, record

LONGEST_REASON: Final = 1000
# without letters and figures that look alike: it is read out over the telephone
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"


def lead(by: User, edition: Edition) -> None:
    """Refused `permission` for whoever does not lead."""
    if not policy.may_lead_consultation(by, edition):
        raise Refused("permission", _("Only the organiser's office may do this."))


def locked(edition: Edition) -> Edition:
    """The edition's row held until the act ends: acts of the consultation take their turns."""
    return Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)


def reasoned(reason: str, sentence: str = "") -> str:
    """The reason, trimmed. Refused: `no_reason` where it is empty."""
    if not reason.strip():
        raise Refused("no_reason", sentence or _("Give the reason: it is kept."))
    return reason.strip()[:LONGEST_REASON]


@act("consultation.category")
def set_category(dossier: Dossier, category: str, *, by: User) -> Consulted:
    """Give a nominee the category that says which departments are asked. Those it adds are asked in a new letter.

    Refused: `permission`; `category`; `not_standing`.
    """
    lead(by, dossier.edition)
    edition = locked(dossier.edition)
    if category not in {one.key for one in rules_of(edition).categories}:
        raise Refused("category", _("The edition's file names no such category."))
    standing = next((one for one in standing_of(edition) if one.nominee.dossier.pk == dossier.pk), None)
    if standing is None:
        raise Refused(
            "not_standing", _("Nobody is asked about this person: neither on the shortlist nor given a title directly.")
        )
    made, _new = Consulted.objects.update_or_create(
        dossier=dossier, defaults={"category": category, "set_by": by, "set_at": timezone.now()}
    )
    if standing.category.key == category:
        # the proposal is confirmed; nobody more or less is asked
        nothing_changed()
        return made
    facts = {"category": category, "was": standing.category.key}
    record("consultation.category", by=by, edition=edition.key, subject=dossier.subject, facts=facts)
    return made


def proposed_due(edition: Edition) -> date:
    """The last day for an answer to a letter of today: the edition's working days; a week more in days where next year's calendar is not
    published."""
    today, days = edition.now().astimezone(edition.zone).date(), rules_of(edition).days
    try:
        return working_days_of(edition).after(today, days)
    except CalendarNotPublishedError:
        return today + timedelta(days=days + 7)


@act("consultation.sent")
def send_inquiry(edition: Edition, department: str, *, due: date | None = None, by: User) -> Inquiry:
    """Make the letter to one department about everybody it has to be asked about now, for the first time or anew.

    Refused: `permission`; `department`; `due` in the past; `nobody` to be asked about.
    """
    lead(by, edition)
    edition = locked(edition)
    rules = rules_of(edition)
    if department not in {one.name for one in rules.departments}:
        raise Refused("department", _("The edition's file names no such department."))
    today = edition.now().astimezone(edition.zone)
    due = due or proposed_due(edition)
    if due < today.date():
        raise Refused("due", _("The last day for an answer lies in the past."))
    people = to_be_asked(standing_of(edition), department)
    if not people:
        raise Refused("nobody", _("%(department)s has been asked about everybody.") % {"department": department})
    last = Inquiry.objects.filter(edition=edition).aggregate(last=Max("sequence"))["last"] or 0
    made = Inquiry(
        edition=edition,
        department=department,
        number=rules.number.format(year=today.year, n=last + 1),
        sequence=last + 1,
        due=due,
        sent_by=by,
        # by the edition's clock, as its last day and its answers
        sent_at=edition.now(),
    )
    made.sealed_password = seal_password(made, "-".join(_word() for _turn in range(4)))
    made.save(force_insert=True)
    Question.objects.bulk_create(
        Question(inquiry=made, dossier=one.dossier, revision=one.dossier.accepted_revision, position=position)
        for position, one in enumerate(people, 1)
    )
    facts = {"department": department, "number": made.number, "count": len(people), "last_day": due.isoformat()}
    record("consultation.sent", by=by, edition=edition.key, subject=made.subject, facts=facts)
    return made


@act("consultation.decided")
def decide_concern(question: Question, *, clear: bool, reason: str, by: User) -> Question:
    """Decide by name and with a reason whether a department's concern holds the person back. It may be decided anew.

    Refused: `permission`; `no_reason`; `no_concern`; `old` where the department was asked anew since.
    """
    edition = question.inquiry.edition
    lead(by, edition)
    locked(edition)
    question = Question.objects.select_related("inquiry__edition", "dossier__person").get(pk=question.pk)
    grounds = reasoned(reason)
    if question.answer != Question.Answer.CONCERN:
        raise Refused("no_concern", _("The department has no concern about this person."))
    newer = Question.objects.filter(
        dossier=question.dossier,
        inquiry__edition=edition,
        inquiry__department=question.inquiry.department,
        inquiry__sequence__gt=question.inquiry.sequence,
    )
    if newer.exists():
        raise Refused("old", _("The department has been asked anew. Decide on its new answer."))
    question.decision = Question.Decision.CLEARED if clear else Question.Decision.WITHHELD
    question.sealed_grounds = seal_text(question, grounds)
    question.decided_by, question.decided_at = by, timezone.now()
    question.save(update_fields=["decision", "sealed_grounds", "decided_by", "decided_at"])
    facts = {"department": question.inquiry.department, "decision": question.decision}
    record("consultation.decided", by=by, edition=edition.key, subject=question.subject, facts=facts)
    return question


@act("consultation.invited", "invitation.made", "message.posted")
def invite_contact(edition: Edition, department: str, *, name: str, address: str, by: User) -> str:
    """A link for the contact of a department; by mail where there is an address. The token is given back this once.

    Refused: `permission`; `department`; `name`.
    """
    lead(by, edition)
    if department not in {one.name for one in rules_of(edition).departments}:
        raise Refused("department", _("The edition's file names no such department."))
    if not name.strip():
        raise Refused("name", _("Write the name."))
    made, token = invitations.invite(
        role=Role.DEPARTMENT, edition=edition.key, scope=department, name=name, address=address, by=by
    )
    facts = {"department": department}
    record("consultation.invited", by=by, edition=edition.key, subject=f"edition:{edition.key}", facts=facts)
    if address.strip():
        until = timezone.localtime(made.expires_at, edition.zone)
        context = {
            "edition": edition.name,
            "name": name.strip(),
            "department": department,
            "link": absolute(reverse("invitation", args=[token])),
            "until": f"{until:%Y-%m-%d %H:%M}",
        }
        post_message(INVITED.key, to=address.strip(), name=name.strip(), edition=edition.key, context=context, by=by)
    return token


def _word() -> str:
    return "".join(secrets.choice(_ALPHABET) for _place in range(4))
