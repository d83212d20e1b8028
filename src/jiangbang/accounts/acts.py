"""What may happen to accounts."""

from __future__ import annotations

import getpass

from django.utils.translation import gettext as _

from jiangbang.accounts.models import Membership, Role, User
from jiangbang.accounts.policy import may_create_accounts
from jiangbang.register.acts import Refused, act, record


@act("account.created")
def create_account(
    username: str,
    *,
    role: Role,
    password: str | None,
    display_name: str = "",
    edition: str = "",
    by: User | None = None,
) -> User:
    """Make an account with one role. Without a password nobody can sign in with it (console accounts).

    The first account of an installation has no maker: it is recorded as made by itself.

    Refused: `permission` when `by` may not make accounts.
    """
    if by is not None and not may_create_accounts(by):
        raise Refused("permission", _("You may not make accounts."))
    user = User(username=username, display_name=display_name)
    user.set_password(password) if password else user.set_unusable_password()
    user.save()
    Membership.objects.create(user=user, role=role, edition=edition)
    record(
        "account.created",
        by=by or user,
        edition=edition,
        subject=f"user:{user.pk}",
        facts={"username": username, "role": role.value},
    )
    return user


def console_account() -> User:
    """The account in whose name the command line acts: the person at the keyboard, by operating-system name.

    Whoever can run commands on the host owns keys and database; the register still names them.
    """
    username = f"console-{getpass.getuser()}"
    found = User.objects.filter(username=username).first()
    return found or create_account(
        username, role=Role.ORGANISER, password=None, display_name=f"{getpass.getuser()}（控制台）"
    )
