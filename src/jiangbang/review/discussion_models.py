"""The discussion of a dossier whose cards lay far apart, and what the experts said in it."""

from __future__ import annotations

from django.db import models

from jiangbang.accounts.models import User
from jiangbang.review.score_models import Card, Reviewed


class Discussion(models.Model):
    """A dossier that is talked over, once: whoever signed a card scores it a second time, and the second score counts.

    It runs while a card that was asked for again is open. `gap`: points between the highest and the lowest first card.
    """

    reviewed = models.OneToOneField(Reviewed, on_delete=models.PROTECT, related_name="discussion")
    gap = models.PositiveSmallIntegerField()
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    # the office ended it before everybody had signed again, and why (sealed by the installation)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    sealed_reason = models.BinaryField(default=b"")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_by__isnull=True, ended_at__isnull=True)
                | models.Q(ended_by__isnull=False, ended_at__isnull=False),
                name="discussion_ended_by_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"discussion of {self.reviewed_id}"

    @property
    def subject(self) -> str:
        """How the register names it: the dossier cannot be told from it."""
        return f"discussion:{self.pk}"


class Remark(models.Model):
    """What an expert said to the others. They read it without a name."""

    discussion = models.ForeignKey(Discussion, on_delete=models.PROTECT, related_name="remarks")
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="remarks")
    # under the expert's key
    sealed = models.BinaryField()
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"remark {self.pk} in {self.discussion_id}"
