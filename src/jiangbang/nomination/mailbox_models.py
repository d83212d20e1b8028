"""What the mailbox leaves behind: each mail once, where it lies on the server, the packets in it, and the last look."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiangbang.accounts.models import User
from jiangbang.programme.models import Edition
from jiangbang.vaults import vault


class Mail(models.Model):
    """A mail that came into the office's mailbox. The message itself lies in the evidence storage, whole, as it came.

    `arrived_at` is when the mail server put it into the mailbox: that is what a deadline asks. `fetched_at` is when we saw it.
    The same bytes are one mail (`sha256`), and so are the same Message-ID with the same attachments (`contents`).
    """

    class State(models.TextChoices):
        TAKEN = "taken", _("received")
        HELD = "held", _("waits for a person")
        ASIDE = "aside", _("set aside")

    class Answer(models.TextChoices):
        """Whether the sender is answered; never more than once."""

        NONE = "none", _("no answer")
        DUE = "due", _("answer due")
        SENT = "sent", _("answered")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT)
    message_id = models.CharField(max_length=255, blank=True)
    contents = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField()
    arrived_at = models.DateTimeField()
    fetched_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=6, choices=State)
    # why it waits, or was set aside: a code of `mailbox_reasons`
    reason = models.CharField(max_length=30, blank=True)
    unit_code = models.CharField(max_length=20, blank=True)
    # the unit that a file's name or the subject speaks of: a proposal to the person who decides
    hint = models.CharField(max_length=20, blank=True)
    answer = models.CharField(max_length=4, choices=Answer, default=Answer.NONE)
    answered_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    # how often the same mail was met again
    copies = models.PositiveIntegerField(default=0)
    # sender, subject, names of attachments and what was remarked, as JSON
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message_id", "contents"], condition=~models.Q(message_id=""), name="one_mail_per_message_id"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True, decided_at__isnull=True)
                | models.Q(decided_by__isnull=False, decided_at__isnull=False),
                name="mail_decision_has_who_and_when",
            ),
            models.CheckConstraint(
                condition=~models.Q(answer="sent") | models.Q(answered_at__isnull=False),
                name="answered_mail_has_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["edition", "-arrived_at", "-id"], name="mails_by_arrival"),
            models.Index(fields=["edition", "state", "-arrived_at", "-id"], name="mails_by_state"),
            models.Index(fields=["answer"], name="mails_by_answer"),
        ]

    def __str__(self) -> str:
        return f"mail {self.pk} ({self.state})"

    @property
    def subject_key(self) -> str:
        """How the register names this mail."""
        return f"mail:{self.pk}"

    def seal(self, told: dict[str, Any]) -> None:
        """Keep what is personal sealed."""
        self.sealed = vault().seal(json.dumps(told, ensure_ascii=False).encode(), self._aad())

    @property
    def told(self) -> dict[str, Any]:
        """Sender, subject, attachments, remarks. Raises VaultError."""
        found: dict[str, Any] = json.loads(vault().unseal(bytes(self.sealed), self._aad()))
        return found

    def _aad(self) -> bytes:
        return b"mail:" + self.id.bytes


class MailPlace(models.Model):
    """Where a mail lies on the server. A folder that was made anew has another UIDVALIDITY, and its numbers mean other mails."""

    mail = models.ForeignKey(Mail, on_delete=models.CASCADE, related_name="places")
    mailbox = models.CharField(max_length=200)
    uidvalidity = models.BigIntegerField()
    uid = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "uidvalidity", "uid"], name="one_mail_per_place")]

    def __str__(self) -> str:
        return f"{self.mailbox} {self.uidvalidity}/{self.uid}"


class MailPacket(models.Model):
    """A packet in a mail, in the evidence storage; `intake` once it was brought."""

    mail = models.ForeignKey(Mail, on_delete=models.CASCADE, related_name="packets")
    position = models.PositiveSmallIntegerField()
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    intake = models.OneToOneField(
        "nomination.Intake", null=True, blank=True, on_delete=models.PROTECT, related_name="mail_packet"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mail", "position"], name="mail_packet_position")]

    def __str__(self) -> str:
        return self.file_name


class MailboxLook(models.Model):
    """The last look into a mailbox: when, how many mails were new, what went wrong."""

    mailbox = models.CharField(max_length=200, unique=True)
    looked_at = models.DateTimeField()
    went_well_at = models.DateTimeField(null=True, blank=True)
    fresh = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.mailbox
