"""Where candidates and employers begin: at their own form."""

from __future__ import annotations

from jiangbang.accounts.models import Role, User
from jiangbang.accounts.policy import roles_in
from jiangbang.programme.models import Edition


def own_form(user: User, edition: Edition) -> str:
    """The page of one's own forms, for whoever is nothing but candidate or employer here."""
    roles = roles_in(user, edition.key)
    return "candidacy_mine" if roles and roles <= {Role.CANDIDATE, Role.EMPLOYER} else ""
