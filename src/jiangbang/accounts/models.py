"""Who people are and in which role they act, per edition."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """An account. The display name is what the desk and the register's page show."""

    display_name = models.CharField(_("name"), max_length=100, blank=True)

    def __str__(self) -> str:
        return self.display_name or self.username


class Role(models.TextChoices):
    """What a person may be in an edition. The three administrators read no dossiers by right of office."""

    ORGANISER = "organiser", _("organiser")
    DISCIPLINE = "discipline", _("discipline office")
    SYSTEM = "system", _("system administrator")
    SECURITY = "security", _("security administrator")
    AUDIT = "audit", _("audit administrator")


class Membership(models.Model):
    """One person's role in one edition (`programme/edition`), or in all of them where `edition` is empty."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    edition = models.CharField(max_length=80, blank=True)
    role = models.CharField(max_length=20, choices=Role)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "edition", "role"], name="one_membership_each")]

    def __str__(self) -> str:
        return f"{self.user}: {self.role} {self.edition}"
