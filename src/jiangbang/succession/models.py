"""Whom the office told that he may stand again."""

from __future__ import annotations

from django.db import models

from jiangbang.accounts.models import User
from jiangbang.conferral.award_models import Award
from jiangbang.programme.models import Edition


class Reinvitation(models.Model):
    """Somebody who won a prize that may be won again and whose unit was told so, once in a later edition."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="reinvitations")
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="reinvitations")
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "award"], name="invited_again_once")]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.award_id} for {self.edition_id}"
