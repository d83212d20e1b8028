"""What was archived: when, by whom, under which hash."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiangbang.accounts.models import User
from jiangbang.programme.models import Edition


class Archive(models.Model):
    """One archive of an edition, ordered by somebody and made by the queue. `manifest` is the SHA-256 of its list of files: whoever holds
    an archive can see by it whether it is the one that was made. The file lies in the home, under the row's number."""

    class State(models.TextChoices):
        ORDERED = "ordered", _("being made")
        MADE = "made", _("made")
        FAILED = "failed", _("could not be made")

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="archives")
    state = models.CharField(max_length=7, choices=State, default=State.ORDERED)
    ordered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    # files written so far, while it is being made; all of them afterwards
    files = models.PositiveIntegerField(default=0)
    size = models.BigIntegerField(default=0)
    manifest = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(null=True)
    # why it could not be made, for whoever ordered it
    fault = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition"], condition=models.Q(state="ordered"), name="one_archive_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(state="made", made_at__isnull=False) & ~models.Q(manifest="")
                | models.Q(made_at__isnull=True, manifest="") & ~models.Q(state="made"),
                name="archive_made_and_when",
            ),
        ]
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"archive {self.pk} of {self.edition_id}"

    @property
    def subject(self) -> str:
        """How the register names it."""
        return f"archive:{self.pk}"
