"""Look-up and permission in one place: who has no role in the edition gets 404, who has another one 403."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from jiangbang.accounts.models import User
from jiangbang.accounts.policy import roles_in
from jiangbang.candidacy import policy
from jiangbang.candidacy.models import Candidacy
from jiangbang.candidacy.queries import with_all
from jiangbang.nomination.access import person

Predicate = Callable[[User, Candidacy], bool]


def candidacy_for(request: HttpRequest, pk: UUID, may: Predicate = policy.may_read) -> Candidacy:
    """The candidacy, if the person may."""
    candidacy, user = with_all(pk), person(request)
    if candidacy is None:
        raise Http404
    if may(user, candidacy):
        return candidacy
    if roles_in(user, candidacy.edition.key):
        raise PermissionDenied
    raise Http404
