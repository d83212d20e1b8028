"""Which edition a person is working in: chosen in the frame, kept in the session."""

from __future__ import annotations

from django.http import HttpRequest

from jiangbang.accounts.models import User
from jiangbang.accounts.policy import roles_in
from jiangbang.programme.models import Edition
from jiangbang.programme.queries import default_edition, find_edition

SESSION_KEY = "edition"


def chosen_edition(request: HttpRequest) -> Edition | None:
    """The edition of the session, else the default one, else one in which the person has a role; None in an empty house.

    One query a request; the roles that are asked for are kept on the person.
    """
    if "_edition" not in request.__dict__:
        session = getattr(request, "session", None)
        wanted = session.get(SESSION_KEY) if session is not None else None
        request.__dict__["_edition"] = (find_edition(wanted) if wanted else None) or _own(request, default_edition())
    found: Edition | None = request.__dict__["_edition"]
    return found


def _own(request: HttpRequest, default: Edition | None) -> Edition | None:
    """The default edition, or another for whoever has a role in that one only (an expert, a member of a group)."""
    user = getattr(request, "user", None)
    if default is None or not isinstance(user, User) or roles_in(user, default.key):
        return default
    for held in user.memberships.exclude(edition="").order_by("-pk").values_list("edition", flat=True)[:1]:
        return find_edition(held) or default
    return default
