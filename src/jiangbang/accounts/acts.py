"""What may happen to accounts."""

from __future__ import annotations

import getpass
import secrets

from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import Membership, OldPassword, Role, SignIn, User
from jiangbang.accounts.passwords import profile
from jiangbang.accounts.policy import clashes, may_close_accounts, may_grant
from jiangbang.register.acts import Refused, act, nothing_changed, record


@act("account.created")
def create_account(
    username: str,
    *,
    role: Role,
    password: str | None,
    display_name: str = "",
    edition: str = "",
    scope: str = "",
    by: User | None = None,
) -> User:
    """Make an account with one role. Without a password nobody can sign in with it (console accounts).

    The first account of an installation has no maker: it is recorded as made by itself.

    Refused: `permission` when `by` may not give this role.
    """
    if by is not None and not may_grant(by, role, edition):
        raise Refused("permission", _("You may not give this role."))
    user = User(username=username, display_name=display_name, password_is_given=bool(by and password))
    user.set_password(password) if password else user.set_unusable_password()
    user.save()
    Membership.objects.create(user=user, role=role, edition=edition, scope=scope)
    record(
        "account.created",
        by=by or user,
        edition=edition,
        subject=f"user:{user.pk}",
        facts={"username": username, "role": role.value},
    )
    return user


@act("role.granted")
def grant_role(user: User, *, role: Role, edition: str, scope: str = "", by: User) -> Membership:
    """Let a person act in a role. A role that the person holds already is left as it is.

    Refused: `self` for oneself, `permission` for a role that is not `by`'s to give, `clash` for a role that cannot be held
    beside another.
    """
    if user == by:
        raise Refused("self", _("Nobody gives himself a role. Ask a colleague."))
    if not may_grant(by, role, edition):
        raise Refused("permission", _("You may not give this role."))
    membership, made = hold_role(user, role=role, edition=edition, scope=scope)
    if made:
        _role_entry("role.granted", membership, by=by)
    else:
        nothing_changed()
    return membership


def hold_role(user: User, *, role: Role, edition: str, scope: str) -> tuple[Membership, bool]:
    """The membership, and whether it is new. Part of an act: whoever calls it records it. Refused: `clash`."""
    # two grants at the same time must not slip past each other
    User.objects.select_for_update().get(pk=user.pk)
    held = set(Membership.objects.filter(user=user).values_list("role", flat=True))
    if clashes(role, held):
        raise Refused("clash", _("An administrator holds no other role. Use an account of its own for each."))
    user.__dict__.pop("_roles", None)
    return Membership.objects.get_or_create(user=user, role=role, edition=edition, scope=scope)


@act("role.withdrawn")
def withdraw_role(membership: Membership, *, by: User) -> None:
    """Take a role from a person. What the person did in it stands.

    Refused: `self`, `permission`. Withdrawing it twice changes nothing.
    """
    if membership.user_id == by.pk:
        raise Refused("self", _("Nobody takes his own role. Ask a colleague."))
    if not may_grant(by, Role(membership.role), membership.edition):
        raise Refused("permission", _("You may not withdraw this role."))
    gone, _kinds = Membership.objects.filter(pk=membership.pk).delete()
    if gone:
        _role_entry("role.withdrawn", membership, by=by)
    else:
        nothing_changed()


def _role_entry(type_name: str, membership: Membership, *, by: User) -> None:
    record(
        type_name,
        by=by,
        edition=membership.edition,
        subject=f"user:{membership.user_id}",
        facts={"role": str(membership.role), "scope": membership.scope},
    )


@act("account.closed")
def close_account(user: User, *, by: User, edition: str = "") -> None:
    """Nobody signs in with the account any more, and whoever is signed in with it is signed out. Roles stay as they are.

    Refused: `self`, `permission`.
    """
    _open_or_close(user, False, by=by, edition=edition)


@act("account.reopened")
def reopen_account(user: User, *, by: User, edition: str = "") -> None:
    """The account works again, with the roles that it had. Refused: `self`, `permission`."""
    _open_or_close(user, True, by=by, edition=edition)


def _open_or_close(user: User, active: bool, *, by: User, edition: str) -> None:
    if user == by:
        raise Refused("self", _("Nobody closes his own account. Ask a colleague."))
    if not may_close_accounts(by, edition):
        raise Refused("permission", _("You may not close or reopen accounts."))
    if not User.objects.filter(pk=user.pk, is_active=not active).update(is_active=active):
        return nothing_changed()
    user.is_active = active
    type_name = "account.reopened" if active else "account.closed"
    record(type_name, by=by, edition=edition, subject=f"user:{user.pk}", facts={})


@act("password.changed")
def change_password(user: User, password: str) -> None:
    """Give a person the new password that he chose. Whether it follows the profile, the form has asked.

    His other sessions end with it: Django ties them to the password's hash.
    """
    if user.has_usable_password() and (kept := profile().history):
        OldPassword.objects.create(user=user, password=user.password)
        last = OldPassword.objects.filter(user=user).order_by("-pk").values("pk")[:kept]
        OldPassword.objects.filter(user=user).exclude(pk__in=list(last.values_list("pk", flat=True))).delete()
    _set_password(user, password, given=False)
    record("password.changed", by=user, edition="", subject=f"user:{user.pk}", facts={})


@act("password.given")
def give_password(user: User, *, by: User, edition: str = "") -> str:
    """A new first password for somebody who has lost his; given back this once. It ends all his sessions and is good for one
    thing only: choosing a new one.

    Refused: `self`, `permission`.
    """
    if user == by:
        raise Refused("self", _("Change your own password on the page of your account."))
    if not may_close_accounts(by, edition):
        raise Refused("permission", _("You may not give passwords."))
    password = secrets.token_urlsafe(12)
    _set_password(user, password, given=True)
    record("password.given", by=by, edition=edition, subject=f"user:{user.pk}", facts={})
    return password


def _set_password(user: User, password: str, *, given: bool) -> None:
    user.set_password(password)
    user.password_changed_at, user.password_is_given = timezone.now(), given
    user.save(update_fields=["password", "password_changed_at", "password_is_given"])


@act("account.renamed")
def rename(user: User, username: str) -> None:
    """Give oneself another user name; the register does not say which.

    Refused: `length`, `taken`.
    """
    if not 2 <= len(username) <= 150:
        raise Refused("length", _("A user name has 2 to 150 characters."))
    if User.objects.filter(username__iexact=username).exclude(pk=user.pk).exists():
        raise Refused("taken", _("This user name is taken. Choose another."))
    if username == user.username:
        return nothing_changed()
    user.username = username
    user.save(update_fields=["username"])
    record("account.renamed", by=user, edition="", subject=f"user:{user.pk}", facts={})


@act("factor.added")
def factor_added(user: User, kind: str) -> None:
    """A second factor or passkey was set up; allauth has kept it."""
    record("factor.added", by=user, edition="", subject=f"user:{user.pk}", facts={"kind": kind})


@act("factor.removed")
def factor_removed(user: User, kind: str) -> None:
    """A second factor or passkey was taken off."""
    record("factor.removed", by=user, edition="", subject=f"user:{user.pk}", facts={"kind": kind})


@act("session.ended")
def end_sessions(user: User, *, by: User, edition: str = "", only: int | None = None, but: str = "") -> int:
    """End a person's sessions: one (`only`: its sign-in), or all but one (`but`: its session key). Says how many.

    Refused: `permission` for somebody else's sessions without the right to close accounts.
    """
    if user != by and not may_close_accounts(by, edition):
        raise Refused("permission", _("You may not end the sessions of others."))
    ended = SignIn.objects.filter(user=user).exclude(session_key=but)
    if only is not None:
        ended = ended.filter(pk=only)
    keys = list(ended.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    SignIn.objects.filter(session_key__in=keys).delete()
    if not keys:
        nothing_changed()
        return 0
    record("session.ended", by=by, edition=edition, subject=f"user:{user.pk}", facts={"count": len(keys)})
    return len(keys)


def console_account() -> User:
    """The account in whose name the command line acts: the person at the keyboard, by operating-system name.

    Whoever can run commands on the host owns keys and database; the register still names them.
    """
    username = f"console-{getpass.getuser()}"
    found = User.objects.filter(username=username).first()
    return found or create_account(
        username, role=Role.ORGANISER, password=None, display_name=f"{getpass.getuser()}（控制台）"
    )
