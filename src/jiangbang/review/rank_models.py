"""Rankings as they were computed and published, and the shortlist that was taken from one."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiangbang.accounts.models import User
from jiangbang.programme.models import Edition
from jiangbang.review.score_models import Reviewed


class Ranking(models.Model):
    """One computation: the scores that went in and the order that came out, both as the files that are published."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="rankings")
    number = models.PositiveIntegerField()
    method = models.CharField(max_length=20)
    titles = models.PositiveIntegerField()
    nominees = models.PositiveIntegerField()
    # of the lot that breaks the last ties: from the scores themselves, so that nobody chooses it
    seed = models.BigIntegerField()
    scores_csv = models.TextField()
    result_csv = models.TextField()
    # the scores before the discussion, of dossiers that were talked over: published too, and of no weight
    first_csv = models.TextField(blank=True, default="")
    # the signed head of the register at the time of publication
    checkpoint = models.TextField(blank=True)
    computed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    computed_at = models.DateTimeField()
    published_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="ranking_number"),
            models.UniqueConstraint(
                fields=["edition"], condition=models.Q(taken_at__isnull=False), name="one_shortlist"
            ),
            models.CheckConstraint(
                condition=models.Q(published_by__isnull=True, published_at__isnull=True)
                | models.Q(published_by__isnull=False, published_at__isnull=False),
                name="published_by_and_when",
            ),
            models.CheckConstraint(
                condition=models.Q(taken_by__isnull=True, taken_at__isnull=True)
                | models.Q(taken_by__isnull=False, taken_at__isnull=False),
                name="taken_by_and_when",
            ),
            models.CheckConstraint(
                condition=models.Q(taken_at__isnull=True) | models.Q(published_at__isnull=False),
                name="taken_from_what_was_published",
            ),
        ]

    def __str__(self) -> str:
        return f"ranking {self.number} of {self.edition_id}"

    @property
    def subject(self) -> str:
        """How the register names it."""
        return f"ranking:{self.pk}"


class Shortlisted(models.Model):
    """A dossier on the shortlist, or one that a deviation took off it (`off`). A deviation has its reason, sealed by the installation."""

    ranking = models.ForeignKey(Ranking, on_delete=models.PROTECT, related_name="shortlist")
    reviewed = models.ForeignKey(Reviewed, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveIntegerField(_("rank"))
    deviates = models.BooleanField(default=False)
    off = models.BooleanField(default=False)
    sealed_reason = models.BinaryField(default=b"")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ranking", "reviewed"], name="once_on_a_shortlist")]

    def __str__(self) -> str:
        return f"{self.reviewed_id} at {self.rank}"
