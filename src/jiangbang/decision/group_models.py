"""The leading group: its members, its meeting, who was there, who recused himself from whom."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiangbang.accounts.models import User
from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition


class Member(models.Model):
    """Somebody whom a body sends, or a substitute who may stand in for one of that body. `sealed`: name, post and mail address.

    The account of a member holds the role with this row's id as its scope.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="leading_group")
    body = models.CharField(max_length=60)
    substitute = models.BooleanField(default=False)
    # in the order in which they were named; lists and papers keep it
    number = models.PositiveSmallIntegerField()
    sealed = models.BinaryField()
    named_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    left_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="member_number"),
            models.CheckConstraint(
                condition=models.Q(left_by__isnull=True, left_at__isnull=True)
                | models.Q(left_by__isnull=False, left_at__isnull=False),
                name="left_by_and_when",
            ),
        ]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.body} {self.number}"

    @property
    def subject(self) -> str:
        """How the register names a member."""
        return f"member:{self.pk}"


class Meeting(models.Model):
    """A meeting of the leading group. One at a time is called or sits."""

    class State(models.TextChoices):
        CALLED = "called", _("has been called")
        SITTING = "sitting", _("sits")
        CLOSED = "closed", _("has ended")

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="meetings")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.CALLED)
    begins_at = models.DateTimeField()
    place = models.CharField(max_length=200)
    agenda = models.TextField()
    called_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    called_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="meeting_number"),
            models.UniqueConstraint(
                fields=["edition"], condition=~models.Q(state="closed"), name="one_meeting_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(opened_by__isnull=True, opened_at__isnull=True)
                | models.Q(opened_by__isnull=False, opened_at__isnull=False),
                name="meeting_opened_by_and_when",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_by__isnull=True, closed_at__isnull=True)
                | models.Q(closed_by__isnull=False, closed_at__isnull=False),
                name="meeting_closed_by_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"meeting {self.number} of {self.edition_id}"

    @property
    def subject(self) -> str:
        """How the register names the meeting."""
        return f"meeting:{self.pk}"


class Attendance(models.Model):
    """A member's seat in a meeting and who sat in it: the member, or a substitute of the same body; never both, nobody twice."""

    class Source(models.TextChoices):
        OWN = "own", _("own sign-in")
        OFFICE = "office", _("the office")

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendances")
    seat = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    sat_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="attendances")
    source = models.CharField(max_length=8, choices=Source)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    # somebody who left before the end: takes part in no later round, and nobody takes the seat any more
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "seat"], name="one_in_a_seat"),
            models.UniqueConstraint(fields=["meeting", "sat_by"], name="nobody_in_two_seats"),
        ]

    def __str__(self) -> str:
        return f"{self.sat_by_id} in the seat of {self.seat_id}"


class MemberRecusal(models.Model):
    """A member takes no part in the decision on one candidate. Kept for ever; `sealed_reason` by the installation."""

    class Kind(models.TextChoices):
        KINSHIP = "kinship", _("kinship")
        EMPLOYER = "employer", _("same employer")
        RECOMMENDER = "recommender", _("took part in the recommendation")
        TEACHER = "teacher", _("teacher or student")
        BENEFIT = "benefit", _("benefit")
        OTHER = "other", _("other")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="recusals")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="member_recusals")
    kind = models.CharField(max_length=12, choices=Kind)
    sealed_reason = models.BinaryField(default=b"")
    declared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "dossier"], name="one_member_recusal_each")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.member_id}"

    @property
    def subject(self) -> str:
        """How the register names it: neither member nor dossier can be told from it."""
        return f"recusal:{self.pk}"
