"""Cards: one expert's judgement of one dossier, and what was signed."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiangbang.accounts.models import User
from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition
from jiangbang.review.draw_models import Seat


class Reviewed(models.Model):
    """A dossier under review, and the code under which experts know it: given in a random order, so that it leads to no unit."""

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, primary_key=True, related_name="reviewed")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="reviewed")
    code = models.CharField(max_length=8)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "code"], name="one_code_each")]

    def __str__(self) -> str:
        return self.code


class Card(models.Model):
    """One expert's card for one dossier. While it is open `scores` and `sealed_comments` are the expert's own notes; what counts is
    what was signed (`SignedCard`)."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        SIGNED = "signed", _("signed")
        VOID = "void", _("void")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reviewed = models.ForeignKey(Reviewed, on_delete=models.PROTECT, related_name="cards")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="cards")
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    # how well the two fit, in thousandths
    affinity = models.PositiveSmallIntegerField()
    # None: a proposal that the expert does not see yet
    released_at = models.DateTimeField(null=True)
    # key of the rubric's line → points
    scores = models.JSONField(default=dict)
    sealed_comments = models.BinaryField(default=b"")
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True)
    # since when a second score is asked for, in a discussion
    asked_again_at = models.DateTimeField(null=True)
    # why it is void or was opened again, under the expert's key
    sealed_reason = models.BinaryField(default=b"")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reviewed", "seat"], name="one_card_each"),
            models.CheckConstraint(
                condition=~models.Q(state="signed") | models.Q(released_at__isnull=False), name="signed_was_released"
            ),
        ]
        indexes = [models.Index(fields=["seat", "state"], name="cards_by_seat")]

    def __str__(self) -> str:
        return f"card {self.id} {self.state}"

    @property
    def subject(self) -> str:
        """How the register names it: neither expert nor dossier can be told from it."""
        return f"card:{self.pk}"


class SignedCard(models.Model):
    """What an expert signed. Only ever added: the database refuses update and delete (migration 0004). The highest number counts while its
    card is signed; a card that was opened again or is void keeps what was signed as a trace."""

    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="signed")
    number = models.PositiveIntegerField()
    scores = models.JSONField()
    # comments and the salt of the commitment, under the expert's key
    sealed = models.BinaryField()
    commitment = models.CharField(max_length=64)
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["card", "number"], name="signature_number")]

    def __str__(self) -> str:
        return f"{self.card_id} {self.number}"
