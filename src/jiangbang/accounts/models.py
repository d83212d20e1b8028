"""Who people are and in which role they act, per edition."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """An account. The display name is what the desk and the register's page show."""

    display_name = models.CharField(_("name"), max_length=100, blank=True)
    password_changed_at = models.DateTimeField(default=timezone.now)
    # somebody else knows it: the first thing that its owner does is to choose his own
    password_is_given = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.display_name or self.username


class Role(models.TextChoices):
    """What a person may be in an edition. The three administrators read no dossiers by right of office."""

    ORGANISER = "organiser", _("organiser")
    SCREENER = "screener", _("screener")
    UNIT = "unit", _("recommending unit")
    CANDIDATE = "candidate", _("candidate")
    EMPLOYER = "employer", _("employer")
    EXPERT = "expert", _("expert")
    DEPARTMENT = "department", _("department contact")
    MEMBER = "member", _("leading-group member")
    DISCIPLINE = "discipline", _("discipline office")
    SYSTEM = "system", _("system administrator")
    SECURITY = "security", _("security administrator")
    AUDIT = "audit", _("audit administrator")


# System, security and audit administration are three persons' work, and none of them reads dossiers or scores (GB/T 22239):
# whoever holds one of these roles holds no other kind of role, in no edition. The database refuses it too (migration 0003).
ADMINISTRATORS = frozenset({Role.SYSTEM, Role.SECURITY, Role.AUDIT})


class Membership(models.Model):
    """One person's role in one edition (`programme/edition`), or in all of them where `edition` is empty.

    `scope` narrows the roles that act for one body or one person: the unit's code, the department's key, the candidacy's id.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    edition = models.CharField(max_length=80, blank=True)
    role = models.CharField(max_length=20, choices=Role)
    scope = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "edition", "role", "scope"], name="one_membership_each")]

    def __str__(self) -> str:
        return f"{self.user}: {self.role} {self.edition}"


class Invitation(models.Model):
    """A link that lets one person in, once, until it expires. The database knows a hash of its token, never the token.

    Name and address are sealed with the invitation's own data key (`invitations.addressee`); `address_index` finds the
    invitation of whoever asks for a fresh link. `account` is set beforehand where the link only leads back to an account.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token_sha256 = models.CharField(max_length=64, unique=True)
    role = models.CharField(max_length=20, choices=Role)
    edition = models.CharField(max_length=80, blank=True)
    scope = models.CharField(max_length=40, blank=True)
    wrapped_key = models.BinaryField()
    sealed = models.BinaryField()
    address_index = models.CharField(max_length=64, blank=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations_made")
    account = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="invitations")
    made_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(used_at=None) | models.Q(account__isnull=False), name="used_invitation_has_account"
            ),
            models.CheckConstraint(
                condition=models.Q(used_at=None) | models.Q(revoked_at=None), name="invitation_used_or_revoked"
            ),
        ]
        indexes = [
            models.Index(fields=["edition", "-made_at"], name="invitation_by_edition"),
            models.Index(fields=["address_index"], name="invitation_by_address"),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.edition} until {self.expires_at:%Y-%m-%d}"

    @property
    def subject(self) -> str:
        """How the register names it."""
        return f"invitation:{self.pk}"


class OldPassword(models.Model):
    """The hash of a password that a person had, where the profile forbids to take one of the last again."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="old_passwords")
    password = models.CharField(max_length=128)

    def __str__(self) -> str:
        return f"an old password of {self.user}"


class SignIn(models.Model):
    """One session of one person: from where, with what, last seen when. Gone with its session."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    began_at = models.DateTimeField(_("began"))
    seen_at = models.DateTimeField(_("last seen"))
    network = models.CharField(max_length=50, blank=True)
    browser = models.CharField(max_length=40, blank=True)
    system = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return f"{self.user} since {self.began_at:%Y-%m-%d %H:%M}"


class Tries(models.Model):
    """Failed tries to sign in that are counted together; the key is a hash and names nobody."""

    key = models.CharField(max_length=64, unique=True)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)
    blocked_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "tries"

    def __str__(self) -> str:
        return f"{self.failures} failures"
