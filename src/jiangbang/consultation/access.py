"""Look-up and permission in one place: outsiders of an edition get 404, insiders without the right 403."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest

from jiangbang.accounts.models import Membership, Role, User
from jiangbang.accounts.policy import scopes_in
from jiangbang.consultation import policy
from jiangbang.consultation.models import Inquiry, Question, Reply
from jiangbang.kernel.consultation import ConsultationSpec, read_consultation
from jiangbang.nomination.access import Predicate, admit, person
from jiangbang.programme.models import Edition


def rules_of(edition: Edition) -> ConsultationSpec:
    """Whom the edition asks about whom."""
    return read_consultation(edition.spec.document)


def inquiries_of(edition: Edition) -> QuerySet[Inquiry]:
    """The letters in the order of their numbers."""
    return Inquiry.objects.filter(edition=edition).select_related("sent_by").order_by("sequence")


def contact_counts(edition: Edition) -> dict[str, int]:
    """How many people answer for each department. One query."""
    held = Membership.objects.filter(role=Role.DEPARTMENT, edition=edition.key, user__is_active=True).exclude(scope="")
    return dict(held.values_list("scope").annotate(Count("user", distinct=True)).order_by())


def own_departments(user: User, edition: Edition) -> list[str]:
    """The departments that this person answers for, as far as the edition asks them."""
    asked = {one.name for one in rules_of(edition).departments}
    return sorted(scopes_in(user, edition.key, Role.DEPARTMENT) & asked)


def inquiry_for(request: HttpRequest, pk: UUID, may: Predicate = policy.may_watch_consultation) -> Inquiry:
    """A letter, if the person may."""
    found = _inquiries().filter(pk=pk).first()
    if found is None:
        raise Http404
    admit(person(request), found.edition, may)
    return found


def own_inquiry(request: HttpRequest, pk: UUID) -> Inquiry:
    """A letter to the reader's own department. Another department's is not there: 404; whoever is of none, 403."""
    found = _inquiries().filter(pk=pk).first()
    if found is None:
        raise Http404
    user = person(request)
    admit(user, found.edition, policy.is_department)
    if not policy.may_answer(user, found):
        raise Http404
    return found


def question_for(request: HttpRequest, pk: int, may: Predicate = policy.may_lead_consultation) -> Question:
    """One person in a letter, if the reader may."""
    rows = Question.objects.select_related("inquiry__edition", "dossier__person").defer("inquiry__edition__document")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    admit(person(request), found.inquiry.edition, may)
    return found


def reply_for(request: HttpRequest, pk: UUID, may: Predicate = policy.may_lead_consultation) -> Reply:
    """An answer that came back, if the reader may."""
    rows = Reply.objects.select_related("inquiry__edition", "entered_by").defer("inquiry__edition__document")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    admit(person(request), found.inquiry.edition, may)
    return found


def department_of(request: HttpRequest, edition: Edition) -> list[str]:
    """The departments of whoever asks; 403 where the role names none that the edition asks."""
    own = own_departments(person(request), edition)
    if not own:
        raise PermissionDenied
    return own


def _inquiries() -> QuerySet[Inquiry]:
    return Inquiry.objects.select_related("edition", "sent_by").defer("edition__document")
