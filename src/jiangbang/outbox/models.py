"""What the outbox holds: messages, and the wordings that an organiser gave their templates."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Language(models.TextChoices):
    """The languages in which a template is worded."""

    ZH = "zh", _("Chinese")
    EN = "en", _("English")


class Channel(models.TextChoices):
    """By what way a message goes."""

    EMAIL = "email", _("e-mail")
    DINGTALK = "dingtalk", _("DingTalk")
    WECOM = "wecom", _("WeCom")
    FEISHU = "feishu", _("Feishu")


class Message(models.Model):
    """One message to one address. Address, body and attachments are sealed; the body that is shown has its secret links taken out."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed, tried again")
        GIVEN_UP = "given_up", _("given up")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # programme/slug, as register and memberships name it; empty: not of an edition
    edition = models.CharField(max_length=80, blank=True)
    # equal keys of an edition are one message; empty: every post is its own
    key = models.CharField(max_length=160, blank=True)
    template = models.CharField(max_length=60)
    language = models.CharField(max_length=2, choices=Language)
    channel = models.CharField(max_length=10, choices=Channel)
    name = models.CharField(max_length=100, blank=True)
    subject = models.CharField(max_length=300)
    sealed_address = models.BinaryField()
    # to find an address without opening any
    address_index = models.CharField(max_length=64)
    sealed_body = models.BinaryField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    # how often it was handed to the queue; counts up with "send again"
    times = models.PositiveSmallIntegerField(default=1)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    # the same at every attempt, so that a receiver recognises the copy that a crash may have made
    message_id = models.CharField(max_length=200, unique=True)
    # the Message-ID that it answers, and those before it with spaces between; empty where it answers nothing
    in_reply_to = models.CharField(max_length=255, blank=True)
    references = models.TextField(blank=True)
    posted_by = models.CharField(max_length=40)
    posted_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "key"], condition=~models.Q(key=""), name="one_message_per_key"),
            models.CheckConstraint(
                condition=~models.Q(state="sent") | models.Q(sent_at__isnull=False), name="sent_messages_have_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["edition", "-posted_at", "-id"], name="messages_by_time"),
            models.Index(fields=["edition", "state", "-posted_at", "-id"], name="messages_by_state"),
            models.Index(fields=["address_index"], name="messages_by_address"),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.pk} ({self.state})"


class Enclosure(models.Model):
    """A file that goes with a message, sealed."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="enclosures")
    file_name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return self.file_name


class Wording(models.Model):
    """What an organiser made of a template in one language, in one edition. Never changed: an edit is the next version."""

    edition = models.CharField(max_length=80)
    template = models.CharField(max_length=60)
    language = models.CharField(max_length=2, choices=Language)
    version = models.PositiveIntegerField()
    subject = models.CharField(max_length=300)
    body = models.TextField()
    edited_by = models.CharField(max_length=40)
    edited_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "template", "language", "version"], name="wording_version")
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.language} v{self.version}"
