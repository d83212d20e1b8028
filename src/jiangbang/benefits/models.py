"""What is offered to those who hold titles, who was invited and came; and who was recommended for a higher title."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiangbang.accounts.models import User
from jiangbang.conferral.award_models import Award
from jiangbang.programme.models import Edition


class Offer(models.Model):
    """One benefit in one year: a recuperation leave, a forum, a medical check. `places` is how many may come."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="offers")
    # one of the edition's yearly benefits, in its words
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=100)
    place = models.CharField(max_length=100, blank=True)
    first_day = models.DateField()
    last_day = models.DateField()
    places = models.PositiveSmallIntegerField()
    # the last day for an answer
    answer_by = models.DateField()
    note = models.CharField(max_length=500, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    cancelled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(last_day__gte=models.F("first_day")), name="offer_ends_later"),
            models.CheckConstraint(
                condition=models.Q(answer_by__lte=models.F("first_day")), name="offer_answered_before"
            ),
            models.CheckConstraint(condition=models.Q(places__gte=1), name="offer_has_places"),
            models.CheckConstraint(
                condition=models.Q(cancelled_by__isnull=True, cancelled_at__isnull=True, reason="")
                | (models.Q(cancelled_by__isnull=False, cancelled_at__isnull=False) & ~models.Q(reason="")),
                name="offer_cancelled_by_when_and_why",
            ),
        ]
        ordering = ["-first_day", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        """How the register names it."""
        return f"offer:{self.pk}"

    @property
    def year(self) -> int:
        """The year to which the ledger counts it."""
        return self.first_day.year


class Guest(models.Model):
    """Somebody who was invited to a benefit. `waiting` is a yes for which no place is left; it moves up when somebody withdraws."""

    class State(models.TextChoices):
        ASKED = "asked", _("no answer yet")
        COMING = "coming", _("is coming")
        WAITING = "waiting", _("on the waiting list")
        DECLINED = "declined", _("is not coming")

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="guests")
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="guests")
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    # whether he was there; nobody looked yet where it is None
    came = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "award"], name="invited_once"),
            models.CheckConstraint(
                condition=models.Q(state="asked", answered_at__isnull=True)
                | (~models.Q(state="asked") & models.Q(answered_at__isnull=False)),
                name="guest_answered_when",
            ),
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.award_id} at {self.offer_id}: {self.state}"

    @property
    def subject(self) -> str:
        """How the register names an invitation."""
        return f"guest:{self.pk}"


class HolderAddress(models.Model):
    """Where a holder of a title is written to, as he gave it to the office; sealed."""

    award = models.OneToOneField(Award, on_delete=models.CASCADE, primary_key=True, related_name="address")
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"address of {self.award_id}"


class Further(models.Model):
    """A holder recommended for a higher title, and what came of it: then he holds an earlier title for every later edition."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("recommended")
        CONFERRED = "conferred", _("conferred")
        NOT_CONFERRED = "not", _("not conferred")

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="further")
    # one of the edition's `further_recommendation`, in its words
    target = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=9, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    # the document of whoever confers, and its day
    document = models.CharField(max_length=85, blank=True)
    decided_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["award", "target"], name="recommended_further_once"),
            models.CheckConstraint(
                condition=models.Q(state="proposed", decided_on__isnull=True)
                | (~models.Q(state="proposed") & models.Q(decided_on__isnull=False)),
                name="further_decided_when",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="conferred") | ~models.Q(document=""), name="further_conferred_by_document"
            ),
        ]
        ordering = ["target", "position"]

    def __str__(self) -> str:
        return f"{self.award_id} for {self.target}"

    @property
    def subject(self) -> str:
        """How the register names it."""
        return f"further:{self.pk}"
