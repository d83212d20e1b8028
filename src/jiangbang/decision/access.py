"""Look-up and permission in one place: outsiders of an edition get 404, insiders without the right 403."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from jiangbang.accounts.models import Role, User
from jiangbang.accounts.policy import scopes_in
from jiangbang.decision import policy
from jiangbang.decision.models import Attendance, Meeting, Member, Round
from jiangbang.kernel.decision import DecisionSpec, read_decision
from jiangbang.nomination.access import Predicate, admit, edition_for, person
from jiangbang.programme.models import Edition


def rules_of(edition: Edition) -> DecisionSpec:
    """How the edition's leading group decides."""
    return read_decision(edition.spec.document)


def members_of(edition: Edition) -> QuerySet[Member]:
    """Those who belong to the group now, substitutes too, in their order."""
    return Member.objects.filter(edition=edition, left_at__isnull=True).order_by("number")


def current_meeting(edition: Edition) -> Meeting | None:
    """The meeting that is called or sits, else the last one."""
    rows = Meeting.objects.select_related("edition", "called_by", "opened_by", "closed_by").defer("edition__document")
    return rows.filter(edition=edition).order_by("number").last()


def running_round(edition: Edition) -> Round | None:
    """The round that is being voted in."""
    rows = Round.objects.select_related("edition", "meeting").defer("edition__document", "box")
    return rows.filter(edition=edition, state=Round.State.OPEN).first()


def own_memberships(user: User, edition: Edition) -> list[UUID]:
    """The keys of the members that this person is; empty for a role that no member stands behind."""
    return [found for scope in scopes_in(user, edition.key, Role.MEMBER) if (found := _uuid(scope))]


def own_member(request: HttpRequest, edition: Edition | None = None) -> Member:
    """The member who asks, in the chosen edition. 403 for the role of a member that no member stands behind."""
    edition = edition or edition_for(request, policy.is_member)
    found = member_behind(person(request), edition)
    if found is None:
        raise PermissionDenied
    return found


def member_behind(user: User, edition: Edition) -> Member | None:
    """The member that this account acts for."""
    rows = members_of(edition).select_related("edition").defer("edition__document")
    return rows.filter(pk__in=own_memberships(user, edition)).first()


def own_attendance(meeting: Meeting | None, member: Member) -> Attendance | None:
    """The seat in which the member sits in a meeting."""
    return Attendance.objects.select_related("seat").filter(meeting=meeting, sat_by=member).first()


def round_for(request: HttpRequest, pk: int, may: Predicate = policy.may_see_result) -> Round:
    """A round, if the person may."""
    found = Round.objects.select_related("edition", "meeting").defer("edition__document", "box").filter(pk=pk).first()
    if found is None:
        raise Http404
    admit(person(request), found.edition, may)
    return found


def member_for(request: HttpRequest, pk: UUID, may: Predicate = policy.may_lead_decision) -> Member:
    """A member, if the person may."""
    found = Member.objects.select_related("edition").defer("edition__document").filter(pk=pk).first()
    if found is None:
        raise Http404
    admit(person(request), found.edition, may)
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
