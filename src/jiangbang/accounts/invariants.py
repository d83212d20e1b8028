"""What must always hold of accounts and invitations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from jiangbang.accounts.models import Invitation, SignIn, User
from jiangbang.register.invariant import Invariant, said_of, unlike

_AUDIT: Final = "it was written past the acts: ask the audit administrator who had access to the database"


def _unannounced() -> Iterator[str]:
    """Accounts with a role that came neither by an act of an administrator nor by an invitation."""
    said = said_of("account.created")
    invited = set(Invitation.objects.filter(used_at__isnull=False).values_list("account_id", flat=True))
    keys = User.objects.filter(memberships__isnull=False).values_list("pk", flat=True).distinct()
    return (f"user:{pk}" for pk in keys if f"user:{pk}" not in said and pk not in invited)


def _invitations(**wanted: bool) -> Iterator[tuple[object, int]]:
    return ((pk, 1) for pk in Invitation.objects.filter(**wanted).values_list("pk", flat=True))


INVARIANTS: Final = (
    Invariant(
        "accounts.created", "Every account with a role was made by an act or an invitation.", _AUDIT, _unannounced
    ),
    Invariant(
        "accounts.closed_is_out",
        "Nobody is signed in with a closed account.",
        "end the sessions of the account on its page",
        lambda: SignIn.objects.filter(user__is_active=False),
    ),
    Invariant(
        "accounts.invitations_made",
        "The register knows the making of every invitation, once.",
        _AUDIT,
        lambda: unlike(_invitations(), "invitation", "invitation.made"),
    ),
    Invariant(
        "accounts.invitations_used",
        "An invitation was taken up once, and the register says so.",
        _AUDIT,
        lambda: unlike(_invitations(used_at__isnull=False), "invitation", "invitation.accepted"),
    ),
    Invariant(
        "accounts.invitations_revoked",
        "An invitation that opens nothing any more was taken back by an act.",
        _AUDIT,
        lambda: unlike(_invitations(revoked_at__isnull=False), "invitation", "invitation.revoked"),
    ),
)
