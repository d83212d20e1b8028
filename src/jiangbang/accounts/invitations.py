"""Invitations: single-use links that expire. Whoever opens one and presses its button is let in.

An invitation never signs anybody in to an account that exists already, unless it was made for that account (`renew`): the inviter
sees the link, and could otherwise walk into the account of whoever has the same address.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.acts import hold_role
from jiangbang.accounts.models import Invitation, Membership, Role, User
from jiangbang.accounts.policy import LINK_ROLES, may_grant
from jiangbang.register.acts import Refused, act, nothing_changed, record
from jiangbang.vaults import vault

# 256 random bits: guessing one is hopeless, so that a plain hash is enough to keep it.
TOKEN_BYTES: Final = 32
VALID_FOR: Final = timedelta(days=14)
LONGEST: Final = timedelta(days=180)
# A fresh link that somebody asked for is in the mailbox at once; it need not live long.
RENEWED_FOR: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who is invited, and where the message goes."""

    name: str
    address: str


@act("invitation.made")
def invite(
    *,
    role: Role,
    edition: str,
    by: User,
    scope: str = "",
    name: str = "",
    address: str = "",
    valid_for: timedelta = VALID_FOR,
) -> tuple[Invitation, str]:
    """Make an invitation; the token is given back this once and kept nowhere.

    Refused: `permission` for a role that is not `by`'s to give, `span` for a validity of no time or more than half a year.
    """
    if not may_grant(by, role, edition):
        raise Refused("permission", _("You may not invite to this role."))
    if not timedelta(0) < valid_for <= LONGEST:
        raise Refused("span", _("A link may be valid for 180 days at most."))
    return _make(Addressee(name.strip(), address.strip()), role, edition, scope, by=by, valid_for=valid_for)


def _make(
    whom: Addressee,
    role: Role,
    edition: str,
    scope: str,
    *,
    by: User,
    valid_for: timedelta,
    account: User | None = None,
) -> tuple[Invitation, str]:
    now, token = timezone.now(), secrets.token_urlsafe(TOKEN_BYTES)
    made = Invitation(
        token_sha256=token_hash(token),
        role=role,
        edition=edition,
        scope=scope,
        address_index=address_index(whom.address),
        invited_by=by,
        account=account,
        made_at=now,
        expires_at=now + valid_for,
    )
    made.wrapped_key, subject = vault().new_subject(_aad(made))
    made.sealed = subject.seal(json.dumps([whom.name, whom.address], ensure_ascii=False).encode(), _aad(made))
    made.save(force_insert=True)
    _entry("invitation.made", made, by=by, expires=timezone.localtime(made.expires_at).isoformat(timespec="seconds"))
    return made, token


@act("invitation.accepted")
def accept(token: str, *, as_user: User | None = None, now: datetime | None = None) -> tuple[Invitation, User]:
    """Take up an invitation: with the account of whoever is signed in, else with a new one. Works once.

    Refused: `unknown`, `used`, `revoked`, `expired`; `withdrawn` when a fresh link's role was taken away meanwhile; `closed` when
    its account was closed; `clash` when the person holds a role that allows no other.
    """
    invitation = Invitation.objects.select_for_update().filter(token_sha256=token_hash(token)).first()
    invitation = check(invitation, now=now)
    account = invitation.account
    user = _back_to(invitation, account) if account is not None else _newly_held(invitation, as_user)
    invitation.account, invitation.used_at = user, now or timezone.now()
    invitation.save(update_fields=["account", "used_at"])
    _entry("invitation.accepted", invitation, by=user)
    return invitation, user


def check(invitation: Invitation | None, *, now: datetime | None = None) -> Invitation:
    """The invitation if it still opens. Refused: `unknown`, `used`, `revoked`, `expired`."""
    if invitation is None:
        raise Refused("unknown", _("This link is not known here."))
    if invitation.used_at is not None:
        raise Refused("used", _("This link has been used. Each link opens once."))
    if invitation.revoked_at is not None:
        raise Refused("revoked", _("This link has been taken back by whoever sent it."))
    if (now or timezone.now()) >= invitation.expires_at:
        raise Refused("expired", _("This link was valid until a day that has passed."))
    return invitation


def find(token: str) -> Invitation | None:
    """The invitation of a token, with whoever made it."""
    return Invitation.objects.select_related("invited_by").filter(token_sha256=token_hash(token)).first()


def _back_to(invitation: Invitation, user: User) -> User:
    """The account that a fresh link leads back to, while it still holds the role."""
    held = Membership.objects.filter(
        user=user, role=invitation.role, edition=invitation.edition, scope=invitation.scope
    )
    if not held.exists():
        raise Refused("withdrawn", _("The role that this link was for has been withdrawn."))
    if not user.is_active:
        raise Refused("closed", _("The account that this link was for has been closed."))
    return user


def _newly_held(invitation: Invitation, as_user: User | None) -> User:
    """Whoever is signed in, or a new account without a password; with the role either way."""
    user = as_user
    if user is None:
        user = User(username=_free_username(), display_name=addressee(invitation).name[:100])
        user.set_unusable_password()
        user.save()
    hold_role(user, role=Role(invitation.role), edition=invitation.edition, scope=invitation.scope)
    return user


def _free_username() -> str:
    """A name that says nothing about its owner: user names stand in the register for ever. 31⁸ of them, without look-alikes."""
    letters = "23456789abcdefghjkmnpqrstuvwxyz"
    while True:
        name = "".join(secrets.choice(letters) for _ in range(8))
        if not User.objects.filter(username=name).exists():
            return name


@act("invitation.revoked")
def revoke(invitation: Invitation, *, by: User) -> None:
    """Take an unused invitation back. Used or revoked ones are left as they are. Refused: `permission`."""
    if not may_grant(by, Role(invitation.role), invitation.edition):
        raise Refused("permission", _("You may not take this invitation back."))
    _revoke(invitation, by=by)


def _revoke(invitation: Invitation, *, by: User) -> None:
    open_still = Invitation.objects.filter(pk=invitation.pk, used_at=None, revoked_at=None)
    if not open_still.update(revoked_at=timezone.now()):
        return nothing_changed()
    invitation.refresh_from_db(fields=["revoked_at"])
    _entry("invitation.revoked", invitation, by=by)


@act("invitation.made", "invitation.revoked")
def renew(invitation: Invitation, *, valid_for: timedelta = RENEWED_FOR) -> tuple[Invitation, str]:
    """A fresh link in place of one that was used, was lost or has expired; the old one opens nothing any more.

    Where the old one was used, the fresh one leads back to the same account; so whoever calls this sends the link to the address
    of the invitation and shows it to nobody. In the register the fresh link is made by whoever made the old one.

    Refused: `role` for roles that a link alone must not open, `revoked`.
    """
    if invitation.role not in LINK_ROLES:
        raise Refused("role", _("For this role there are no fresh links. Ask whoever invited you."))
    if invitation.revoked_at is not None:
        raise Refused("revoked", _("This link has been taken back by whoever sent it."))
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    account = invitation.account
    if account is not None and account.memberships.exclude(role__in=LINK_ROLES).exists():
        raise Refused("role", _("This account has roles that a link alone must not open. Sign in with its password."))
    _revoke(invitation, by=invitation.invited_by)
    return _make(
        addressee(invitation),
        Role(invitation.role),
        invitation.edition,
        invitation.scope,
        by=invitation.invited_by,
        valid_for=valid_for,
        account=account,
    )


def renewable(index: str) -> list[Invitation]:
    """The last invitation for each role that a link alone may open, of whoever has the address with this blind index."""
    found = Invitation.objects.filter(address_index=index, role__in=LINK_ROLES, revoked_at=None).order_by(
        "made_at", "pk"
    )
    return list({(one.role, one.edition, one.scope): one for one in found}.values()) if index else []


def addressee(invitation: Invitation) -> Addressee:
    """Name and address, unsealed. Raises VaultError where the key was destroyed."""
    aad = _aad(invitation)
    subject = vault().subject(bytes(invitation.wrapped_key), aad)
    name, address = json.loads(subject.unseal(bytes(invitation.sealed), aad))
    return Addressee(name, address)


def forget_addressee(invitation: Invitation, word: str) -> None:
    """Destroy the key of name and address for good, and let the link open no more. `word` stands for the name from now on."""
    invitation.wrapped_key, subject = vault().new_subject(_aad(invitation))
    invitation.sealed = subject.seal(json.dumps([word, ""], ensure_ascii=False).encode(), _aad(invitation))
    invitation.address_index, invitation.expires_at = "", min(invitation.expires_at, timezone.now())
    invitation.save()


def token_hash(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def address_index(address: str) -> str:
    """The blind index of an address (mail or telephone), however it is written; empty for none."""
    plain = address.strip().casefold()
    if "@" not in plain:
        plain = re.sub(r"[\s()+-]", "", plain).removeprefix("86")
    return vault().blind_index(plain, "invitation.address") if plain else ""


def _aad(invitation: Invitation) -> bytes:
    return b"invitation:" + invitation.pk.bytes


def _entry(type_name: str, invitation: Invitation, *, by: User, **facts: str) -> None:
    record(
        type_name,
        by=by,
        edition=invitation.edition,
        subject=invitation.subject,
        facts={"role": str(invitation.role), "scope": invitation.scope, **facts},
    )
