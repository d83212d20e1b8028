"""Who holds which role. The stages' predicates build on these."""

from __future__ import annotations

from jiangbang.accounts.models import Role, User


def roles_in(user: User, edition: str) -> frozenset[str]:
    """The user's roles in the edition; one query the first time, kept on the user for the request."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    kept: dict[str, frozenset[str]] | None = user.__dict__.get("_roles")
    if kept is None:
        kept = {}
        for where, role in user.memberships.values_list("edition", "role"):
            kept[where] = kept.get(where, frozenset()) | {role}
        user.__dict__["_roles"] = kept
    return kept.get("", frozenset()) | kept.get(edition, frozenset())


def is_organiser(user: User, edition: str) -> bool:
    """May work in the organiser's office of this edition."""
    return Role.ORGANISER in roles_in(user, edition)


def may_read_register(user: User, edition: str) -> bool:
    """The office, the discipline office and the audit administrator read the register."""
    return bool(roles_in(user, edition) & {Role.ORGANISER, Role.DISCIPLINE, Role.AUDIT})


def may_create_accounts(user: User) -> bool:
    """The office and the system administrator make accounts, in whichever edition they hold that role."""
    return user.is_active and user.memberships.filter(role__in=(Role.ORGANISER, Role.SYSTEM)).exists()
