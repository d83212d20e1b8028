"""Rounds of voting. No row and no column here joins a secret ballot to a voter, or says when it came in."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiangbang.accounts.models import User
from jiangbang.decision.group_models import Attendance, Meeting
from jiangbang.programme.models import Edition


class Round(models.Model):
    """One round of voting on one title. While it is open `box` is the ballot box (`kernel.ballot_box`) under the key in `sealed_key`;
    when it is closed the key is destroyed, the box gives way to `ballots` (fingerprint → marks), and the row refuses any change.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        CLOSED = "closed", _("counted")
        ANNULLED = "annulled", _("annulled")

    class Mode(models.TextChoices):
        SECRET = "secret", _("secret ballot")
        OPEN = "open", _("open vote")

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="rounds")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="rounds")
    title = models.CharField(max_length=40)
    # counted over the rounds of the title, the annulled ones too
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    mode = models.CharField(max_length=8, choices=Mode)
    seats = models.PositiveIntegerField()
    # codes of those who stand, in the review's order
    candidates = models.JSONField()
    # how many members there are, how many of them (or substitutes) may vote in this round
    members = models.PositiveIntegerField()
    present = models.PositiveIntegerField()
    # code → how many of those present recused themselves
    recused = models.JSONField(default=dict)
    # whether equals at the last seat go to another round or by the ranking
    ties = models.CharField(max_length=8)
    sealed_key = models.BinaryField(default=b"")
    box = models.BinaryField(default=b"")
    ballots = models.JSONField(default=dict)
    outcome = models.JSONField(default=dict)
    reason = models.CharField(max_length=500, blank=True)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "title", "number"], name="round_number"),
            models.UniqueConstraint(fields=["edition"], condition=models.Q(state="open"), name="one_open_round"),
            models.CheckConstraint(
                condition=models.Q(state="open", ended_by__isnull=True, ended_at__isnull=True)
                | (~models.Q(state="open") & models.Q(ended_by__isnull=False, ended_at__isnull=False)),
                name="round_ended_by_and_when",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open") | models.Q(sealed_key=b"", box=b""), name="ended_round_has_no_key"
            ),
            models.CheckConstraint(condition=models.Q(present__lte=models.F("members")), name="present_are_members"),
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"round {self.number} for {self.title}"

    @property
    def subject(self) -> str:
        """How the register names the round."""
        return f"round:{self.pk}"

    @property
    def elected(self) -> list[str]:
        """Codes of those elected, in their order; none before the round is closed."""
        return list(self.outcome.get("elected", ()))

    @property
    def tied(self) -> list[str]:
        """Codes of the equals whom another round decides between."""
        return list(self.outcome.get("tied", ()))

    @property
    def votes(self) -> dict[str, int]:
        """Votes by code, most first."""
        found: list[list[Any]] = self.outcome.get("votes", [])
        return {str(code): int(number) for code, number in found}


class Voter(models.Model):
    """Somebody who may vote in a round, and whether a slip was taken in for him (or his open vote cast). Written for everybody when the
    round opens, in the order of the members; `served` is all that changes, once."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="voters")
    attendance = models.ForeignKey(Attendance, on_delete=models.PROTECT, related_name="voted_in")
    served = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "attendance"], name="one_voter_each")]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.attendance_id} in {self.round_id}"


class OpenBallot(models.Model):
    """One vote of an open round, by name. Never altered, never deleted."""

    voter = models.OneToOneField(Voter, on_delete=models.PROTECT, related_name="ballot")
    marks = models.JSONField()
    cast_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"vote of {self.voter_id}"
