"""Which edition a person is working in: chosen in the frame, kept in the session."""

from __future__ import annotations

from django.http import HttpRequest

from jiangbang.programme.models import Edition
from jiangbang.programme.queries import default_edition, find_edition

SESSION_KEY = "edition"


def chosen_edition(request: HttpRequest) -> Edition | None:
    """The edition of the session, else the default one; None in an empty house. One query a request."""
    if "_edition" not in request.__dict__:
        session = getattr(request, "session", None)
        wanted = session.get(SESSION_KEY) if session is not None else None
        request.__dict__["_edition"] = (find_edition(wanted) if wanted else None) or default_edition()
    found: Edition | None = request.__dict__["_edition"]
    return found
