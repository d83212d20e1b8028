"""The draw of the panels, the seats that came of it, and the recusals of whoever sits."""

from __future__ import annotations

import uuid
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiangbang.accounts.models import User
from jiangbang.kernel.draw import Plan, read_plan
from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition
from jiangbang.review.pool_models import PoolEntry


class Draw(models.Model):
    """One draw of an edition's panels. `document` is the file of `kernel.draw`: pool and rules, and after the ceremony the rest.

    The secret is sealed until it is opened at the ceremony. What was committed is never changed; a draw that was not held can be given up.
    """

    class State(models.TextChoices):
        COMMITTED = "committed", _("committed: waits for the ceremony")
        HELD = "held", _("the draw was held")
        GIVEN_UP = "given_up", _("given up")

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="draws")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.COMMITTED)
    document = models.JSONField()
    commitment = models.CharField(max_length=64)
    sealed_secret = models.BinaryField()
    # who wrote the witnesses' entries, in their order
    sealed_witnesses = models.BinaryField(default=b"")
    committed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    committed_at = models.DateTimeField()
    held_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    held_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="draw_number"),
            models.UniqueConstraint(
                fields=["edition"], condition=~models.Q(state="given_up"), name="one_draw_that_counts"
            ),
            models.CheckConstraint(
                condition=models.Q(held_by__isnull=True, held_at__isnull=True)
                | models.Q(held_by__isnull=False, held_at__isnull=False),
                name="held_by_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"draw {self.number} of {self.edition_id}"

    @property
    def subject(self) -> str:
        """How the register names the draw."""
        return f"draw:{self.pk}"

    @cached_property
    def plan(self) -> Plan:
        """Pool and rules as the kernel reads them."""
        return read_plan(self.document)

    @property
    def result(self) -> list[dict[str, Any]]:
        """The panels as drawn; none before the ceremony."""
        return list(self.document.get("result", []))


class Seat(models.Model):
    """Somebody who was drawn. An alternate waits until a member of the panel has left; `replaces` is whose seat it then is.

    `mark` is how scores name the expert: it leads from no paper to the pool's number.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("alternate")
        ASKED = "asked", _("answer is awaited")
        CONFIRMED = "confirmed", _("confirmed")
        REFUSED = "refused", _("refused")
        RELEASED = "released", _("released")

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="seats")
    entry = models.ForeignKey(PoolEntry, on_delete=models.PROTECT, related_name="seats")
    panel = models.CharField(max_length=100)
    place = models.PositiveSmallIntegerField()
    alternate = models.BooleanField()
    state = models.CharField(max_length=10, choices=State)
    mark = models.CharField(max_length=8)
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    sealed_reason = models.BinaryField(default=b"")
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    # when the expert has declared his relations; before that no file of a dossier opens
    declared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draw", "entry"], name="one_seat_each"),
            models.UniqueConstraint(fields=["draw", "mark"], name="one_mark_each"),
            models.UniqueConstraint(fields=["draw", "panel", "alternate", "place"], name="seat_place"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.panel} {self.state}"

    @property
    def sits(self) -> bool:
        """Whether the seat is held."""
        return self.state in (Seat.State.ASKED, Seat.State.CONFIRMED)


class Relation(models.Model):
    """A relation that an expert declared: to a person, an organisation, or both. Sealed with the expert's key."""

    class Kind(models.TextChoices):
        KINSHIP = "kinship", _("kinship")
        EMPLOYER = "employer", _("same employer, now or within three years")
        RECOMMENDER = "recommender", _("takes part in a recommending unit's work")
        TEACHER = "teacher", _("teacher or student")
        COOPERATION = "cooperation", _("cooperation: project, patent, paper")
        BENEFIT = "benefit", _("benefit: shares, pay, dispute")
        OTHER = "other", _("other")

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="relations")
    kind = models.CharField(max_length=12, choices=Kind)
    sealed = models.BinaryField()
    declared_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} of seat {self.seat_id}"


class Recusal(models.Model):
    """An expert does not judge a dossier. A doubtful one keeps them apart until the organiser has decided."""

    class Kind(models.TextChoices):
        KINSHIP = "kinship", _("kinship")
        EMPLOYER = "employer", _("same employer")
        RECOMMENDER = "recommender", _("same recommending unit")
        TEACHER = "teacher", _("teacher or student")
        COOPERATION = "cooperation", _("cooperation")
        BENEFIT = "benefit", _("benefit")
        OWN = "own", _("own candidacy")
        SHARED = "shared", _("shared works")
        OTHER = "other", _("other")

    class Origin(models.TextChoices):
        DECLARED = "declared", _("declared by the expert")
        FOUND = "found", _("found in the data")
        LATER = "later", _("declared while judging")
        OFFICE = "office", _("set by the office")

    class State(models.TextChoices):
        DOUBT = "doubt", _("to be decided")
        STANDS = "stands", _("stands")
        DISMISSED = "dismissed", _("dismissed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="recusals")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="recusals")
    kind = models.CharField(max_length=12, choices=Kind)
    origin = models.CharField(max_length=10, choices=Origin)
    state = models.CharField(max_length=10, choices=State)
    # what it rests on, and why it was decided so: under the expert's key
    sealed_ground = models.BinaryField(default=b"")
    sealed_reason = models.BinaryField(default=b"")
    made_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seat", "dossier", "kind"], name="one_recusal_each"),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True, decided_at__isnull=True)
                | models.Q(decided_by__isnull=False, decided_at__isnull=False),
                name="recusal_decided_by_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def subject(self) -> str:
        """How the register names it: neither expert nor dossier can be told from it."""
        return f"recusal:{self.pk}"
