"""Who may review: experts, and their standing in each edition's pool."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiangbang.accounts.models import User
from jiangbang.programme.models import Edition


class Expert(models.Model):
    """Somebody who may review, over all editions of a programme.

    `sealed` holds name, contacts, employer, title, specialties and works, under the expert's own key (`profiles`). What the draw and
    the lists need without opening it stands in clear: classes, region, and the employer as a blind index.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.SlugField(max_length=50)
    number = models.PositiveIntegerField()
    wrapped_key = models.BinaryField()
    sealed = models.BinaryField()
    # to find an expert by telephone or mail without opening any
    contact_index = models.CharField(max_length=64)
    employer_index = models.CharField(max_length=64, blank=True)
    # codes of industry classes
    classes = models.JSONField(default=list)
    region = models.CharField(max_length=60, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="expert_number"),
            models.UniqueConstraint(fields=["programme", "contact_index"], name="one_expert_per_contact"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """How lists, the draw and the register call the expert: it names nobody."""
        return f"E{self.number:04d}"

    @property
    def subject(self) -> str:
        """How the register names the expert."""
        return f"expert:{self.pk}"


class PoolEntry(models.Model):
    """An expert in one edition's pool: recommended by whom, agreed or not, removed or not. Kept for ever: it is the history."""

    class State(models.TextChoices):
        LISTED = "listed", _("consent is asked for")
        CONSENTED = "consented", _("agreed")
        DECLINED = "declined", _("declined")
        REMOVED = "removed", _("removed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="pool")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="entries")
    recommender = models.CharField(max_length=100)
    # where the recommender is a recommending unit of the edition
    unit_code = models.CharField(max_length=20, blank=True)
    # how many dossiers the expert takes at most
    capacity = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.LISTED)
    # by whom the agreement was given: the expert, or the recommender who keeps it on paper
    agreed_by = models.CharField(max_length=12, blank=True)
    agreed_at = models.DateTimeField(null=True)
    # why the expert declined or was removed
    sealed_reason = models.BinaryField(default=b"")
    listed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    listed_at = models.DateTimeField()
    removed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "expert"], name="once_in_a_pool"),
            models.CheckConstraint(
                condition=models.Q(removed_by__isnull=True, removed_at__isnull=True)
                | models.Q(removed_by__isnull=False, removed_at__isnull=False),
                name="removed_by_and_when",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="consented") | models.Q(agreed_at__isnull=False), name="agreed_when"
            ),
        ]
        indexes = [models.Index(fields=["edition", "state"], name="pool_by_state")]

    def __str__(self) -> str:
        return f"{self.expert_id} in {self.edition_id}"
