"""What publicity keeps: who agreed to be shown, and what was published about the edition."""

from __future__ import annotations

from django.db import models

from jiangbang.accounts.models import User
from jiangbang.conferral.award_models import Award
from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition


class PublicityConsent(models.Model):
    """A person's agreement to be shown on posters and screens, as the office has it on paper; `photo` where it covers the portrait.

    A withdrawn one stays as a row. Whoever agrees again, or to more, gets a new row.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="publicity_consents")
    photo = models.BooleanField()
    # where the signed agreement is found
    paper = models.CharField(max_length=120)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=models.Q(withdrawn_at__isnull=True), name="one_publicity_consent"
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True)
                | models.Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False),
                name="publicity_withdrawn_by_and_when",
            ),
            models.CheckConstraint(condition=~models.Q(paper=""), name="publicity_consent_on_paper"),
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.paper}"


class Coverage(models.Model):
    """Something that a medium published or showed. `reach` is how many people it reached as the medium says; unknown where it is None.

    A row that was wrong is taken out with a reason and stays readable.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="coverage")
    # one of the edition's channels
    channel = models.CharField(max_length=60)
    media = models.CharField(max_length=80)
    headline = models.CharField(max_length=200)
    link = models.URLField(max_length=500, blank=True)
    day = models.DateField()
    reach = models.PositiveIntegerField(null=True)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    removed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(removed_by__isnull=True, removed_at__isnull=True, removed_reason="")
                | (models.Q(removed_by__isnull=False, removed_at__isnull=False) & ~models.Q(removed_reason="")),
                name="coverage_removed_by_when_and_why",
            ),
        ]
        ordering = ["-day", "-pk"]

    def __str__(self) -> str:
        return f"{self.media} {self.day}"

    @property
    def subject(self) -> str:
        """How the register names it."""
        return f"coverage:{self.pk}"


class StoryVersion(models.Model):
    """What the story of somebody who holds a title says, word for word. Each change is a version of its own: written by one person, found
    good by another, published, perhaps taken down. None is changed after it was written.
    """

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="stories")
    number = models.PositiveIntegerField()
    headline = models.CharField(max_length=120)
    # Markdown, as the texts of the public page
    text = models.TextField()
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    taken_down_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    taken_down_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["award", "number"], name="story_version_number"),
            models.CheckConstraint(
                condition=models.Q(reviewed_by__isnull=True) | ~models.Q(reviewed_by=models.F("written_by")),
                name="story_two_persons",
            ),
            models.CheckConstraint(
                condition=models.Q(reviewed_by__isnull=True, reviewed_at__isnull=True)
                | models.Q(reviewed_by__isnull=False, reviewed_at__isnull=False),
                name="story_reviewed_by_and_when",
            ),
            models.CheckConstraint(
                condition=models.Q(published_by__isnull=True, published_at__isnull=True)
                | models.Q(published_by__isnull=False, published_at__isnull=False, reviewed_at__isnull=False),
                name="story_published_after_review",
            ),
            models.CheckConstraint(
                condition=models.Q(taken_down_by__isnull=True, taken_down_at__isnull=True)
                | models.Q(taken_down_by__isnull=False, taken_down_at__isnull=False, published_at__isnull=False),
                name="story_taken_down_after_publication",
            ),
        ]
        ordering = ["award", "-number"]

    def __str__(self) -> str:
        return f"{self.headline} v{self.number}"

    @property
    def state(self) -> str:
        """How far it is: written, reviewed, published, down."""
        if self.taken_down_at:
            return "down"
        return "published" if self.published_at else "reviewed" if self.reviewed_at else "written"
