"""What is asked of the departments, person by person, and what they answer."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiangbang.accounts.models import User
from jiangbang.nomination.models import Dossier, Revision
from jiangbang.programme.models import Edition


class Consulted(models.Model):
    """The category that the office gave a candidate: it says which departments are asked. Without a row the proposal counts."""

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="consulted")
    category = models.CharField(max_length=60)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.category} of {self.dossier_id}"


class Inquiry(models.Model):
    """A letter to one department with a list of people. `sealed_password` opens its list as an encrypted workbook."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="inquiries")
    department = models.CharField(max_length=40)
    # the letter's number as it bears it, and its running number within the edition
    number = models.CharField(max_length=60)
    sequence = models.PositiveIntegerField()
    # the last day for an answer
    due = models.DateField()
    sealed_password = models.BinaryField()
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "sequence"], name="inquiry_number")]
        ordering = ["sequence"]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """How the register names the letter."""
        return f"inquiry:{self.pk}"


class Question(models.Model):
    """One person in a letter, as the dossier stood then; the department's answer; and for a concern what the office decided.

    Answered once and never changed: who must be asked anew is asked in a new letter. The texts are sealed with the person's key.
    """

    class Answer(models.TextChoices):
        OPEN = "open", _("no answer yet")
        NONE = "none", _("no objection")
        CONCERN = "concern", _("concern")

    class Decision(models.TextChoices):
        OPEN = "", _("to be decided")
        CLEARED = "cleared", _("goes on")
        WITHHELD = "withheld", _("goes no further")

    inquiry = models.ForeignKey(Inquiry, on_delete=models.PROTECT, related_name="questions")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="questions")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    answer = models.CharField(max_length=8, choices=Answer, default=Answer.OPEN)
    sealed_reason = models.BinaryField(default=b"")
    file_sha256 = models.CharField(max_length=64, blank=True)
    answered_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=8, choices=Decision, blank=True, default=Decision.OPEN)
    sealed_grounds = models.BinaryField(default=b"")
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "dossier"], name="once_in_a_letter"),
            models.CheckConstraint(
                condition=models.Q(answer="open", answered_at__isnull=True)
                | (~models.Q(answer="open") & models.Q(answered_at__isnull=False)),
                name="answered_and_when",
            ),
            # only a concern is decided, and by somebody
            models.CheckConstraint(
                condition=models.Q(decision="", decided_by__isnull=True)
                | models.Q(
                    ~models.Q(decision=""), answer="concern", decided_by__isnull=False, decided_at__isnull=False
                ),
                name="concern_decided_by_and_when",
            ),
        ]
        ordering = ["inquiry", "position"]

    def __str__(self) -> str:
        return f"{self.inquiry_id} {self.position}: {self.answer}"

    @property
    def subject(self) -> str:
        """How the register names it."""
        return f"question:{self.pk}"


class Reply(models.Model):
    """An answer that came back: signed in the browser, or on paper and entered by one person of the office, confirmed by another.

    `sealed`: for paper, the answers as they were entered, until they are confirmed; for the browser, the name that signed.
    """

    class Channel(models.TextChoices):
        WEB = "web", _("in the browser")
        PAPER = "paper", _("on paper")

    class State(models.TextChoices):
        ENTERED = "entered", _("waits for a second person")
        COUNTS = "counts", _("counts")
        REJECTED = "rejected", _("taken back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inquiry = models.ForeignKey(Inquiry, on_delete=models.PROTECT, related_name="replies")
    channel = models.CharField(max_length=8, choices=Channel)
    state = models.CharField(max_length=10, choices=State)
    scan_sha256 = models.CharField(max_length=64, blank=True)
    sealed = models.BinaryField(default=b"")
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    settled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    # why it was taken back
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            # at most one waits for its second person
            models.UniqueConstraint(fields=["inquiry"], condition=models.Q(state="entered"), name="one_reply_waits"),
            models.CheckConstraint(
                condition=~models.Q(channel="paper", state="counts") | ~models.Q(settled_by=models.F("entered_by")),
                name="paper_by_two_people",
            ),
        ]
        ordering = ["entered_at"]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"

    @property
    def subject(self) -> str:
        """How the register names it."""
        return f"reply:{self.pk}"
