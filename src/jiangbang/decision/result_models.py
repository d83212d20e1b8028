"""What the leading group decided for an edition, in the order in which it counts."""

from __future__ import annotations

from django.db import models

from jiangbang.accounts.models import User
from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition


class Result(models.Model):
    """The result of an edition, sealed until it is released: before that only the office and the leading group may see it."""

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="result")
    # the number of the resolution, as the paper bears it
    resolution = models.CharField(max_length=60)
    resolved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField()
    # why the group decided so although a share that the edition binds is not kept
    deviation = models.CharField(max_length=500, blank=True)
    released_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(released_by__isnull=True, released_at__isnull=True)
                | models.Q(released_by__isnull=False, released_at__isnull=False),
                name="result_released_by_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resolution} of {self.edition_id}"

    @property
    def subject(self) -> str:
        """How the register names it."""
        return f"result:{self.pk}"


class Place(models.Model):
    """A dossier in the result: with the key of its title, or without one on the reserve list. `position` counts from 1 within the
    title, or within the reserve list of the title that it is a reserve for."""

    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="places")
    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="place")
    title = models.CharField(max_length=40)
    reserve = models.BooleanField(default=False)
    position = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["result", "title", "reserve", "position"], name="one_place_each"),
        ]
        ordering = ["result", "title", "reserve", "position"]

    def __str__(self) -> str:
        return f"{self.title} {self.position}"
