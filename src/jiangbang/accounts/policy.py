"""Who holds which role. The stages' predicates build on these."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from jiangbang.accounts.models import ADMINISTRATORS, Membership, Role, User

# Who may give (and withdraw) which role, in an edition in which he holds his own.
GRANTS: Final[Mapping[Role, frozenset[Role]]] = {
    Role.ORGANISER: frozenset(
        {
            Role.SCREENER,
            Role.UNIT,
            Role.CANDIDATE,
            Role.EMPLOYER,
            Role.EXPERT,
            Role.DEPARTMENT,
            Role.MEMBER,
            Role.DISCIPLINE,
        }
    ),
    Role.SYSTEM: frozenset({Role.ORGANISER, Role.DISCIPLINE, *ADMINISTRATORS}),
    # whose candidacy it is, the candidacy knows
    Role.UNIT: frozenset({Role.CANDIDATE, Role.EMPLOYER}),
    Role.CANDIDATE: frozenset({Role.EMPLOYER}),
}
# Roles that whoever opens a link may take up again with a fresh link: they hold one person's own papers, nothing else.
LINK_ROLES: Final = frozenset({Role.CANDIDATE, Role.EMPLOYER})


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


def scopes_in(user: User, edition: str, role: Role) -> frozenset[str]:
    """What the user holds this role for in the edition: codes of units, keys of departments, ids of candidacies."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    held = user.memberships.filter(role=role, edition__in=("", edition)).exclude(scope="")
    return frozenset(held.values_list("scope", flat=True))


def is_organiser(user: User, edition: str) -> bool:
    """May work in the organiser's office of this edition."""
    return Role.ORGANISER in roles_in(user, edition)


def may_read_register(user: User, edition: str) -> bool:
    """The office, the discipline office and the audit administrator read the register."""
    return bool(roles_in(user, edition) & {Role.ORGANISER, Role.DISCIPLINE, Role.AUDIT})


def grantable(user: User, edition: str) -> frozenset[Role]:
    """The roles that the user may give and withdraw in the edition (in all editions where it is empty).

    In a new installation the office names the first administrator of each kind; once there is one, it no longer may.
    """
    held = roles_in(user, edition)
    found: frozenset[Role] = frozenset().union(*(GRANTS.get(Role(role), frozenset()) for role in held))
    if Role.ORGANISER in held:
        named = set(Membership.objects.filter(role__in=ADMINISTRATORS).values_list("role", flat=True))
        found |= {role for role in ADMINISTRATORS if role not in named}
    return found


def may_grant(user: User, role: Role, edition: str) -> bool:
    """May give this role, or invite to it. Never to himself: that the acts refuse."""
    return role in grantable(user, edition)


def clashes(role: str, held: Iterable[str]) -> bool:
    """Whether nobody may hold `role` beside the roles `held`: an administrator holds nothing else."""
    return any(other != role and ADMINISTRATORS & {role, other} for other in held)


def may_see_people(user: User, edition: str) -> bool:
    """See who has which role. The administrators do not see candidates and their employers: `hidden_roles`."""
    return bool(roles_in(user, edition) & {Role.ORGANISER, Role.DISCIPLINE, *ADMINISTRATORS})


def hidden_roles(user: User, edition: str) -> frozenset[Role]:
    """Roles whose holders the user is not shown: who is nominated is no business of an administrator."""
    return LINK_ROLES if roles_in(user, edition) <= ADMINISTRATORS else frozenset()


def may_invite(user: User, edition: str) -> bool:
    """Has an office that invites people."""
    return bool(roles_in(user, edition) & {Role.ORGANISER, Role.SYSTEM})


def may_close_accounts(user: User, edition: str) -> bool:
    """Close and reopen accounts, end the sessions of others."""
    return bool(roles_in(user, edition) & {Role.SYSTEM, Role.SECURITY})
