"""Objections to a public notice: each about one entry of it, kept as a case, with its files."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiangbang.accounts.models import User
from jiangbang.programme.models import Edition


def _paired(who: str, when: str, name: str) -> models.CheckConstraint:
    """Who and when are both known or both not."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{who}__isnull": True, f"{when}__isnull": True})
        | models.Q(**{f"{who}__isnull": False, f"{when}__isnull": False}),
        name=name,
    )


class Objection(models.Model):
    """One objection: a case with a number, walked through by two persons, the handler and the decider.

    Everything that could tell who objects is sealed by the installation: `sealed_identity` (name, unit, contact), `sealed_facts`, and
    what is said in the case. The register and the lists know number, channel, days and outcome only.
    """

    class Channel(models.TextChoices):
        WEB = "web", _("the web")
        LETTER = "letter", _("a letter")
        TELEPHONE = "telephone", _("telephone")

    class Source(models.TextChoices):
        PERSON = "person", _("a person by real name")
        UNIT = "unit", _("a unit under its seal")
        ANONYMOUS = "anonymous", _("anonymous")

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        REFUSED = "refused", _("not admitted")
        ADMITTED = "admitted", _("being looked into")
        PROPOSED = "proposed", _("finding proposed")
        UPHELD = "upheld", _("upheld")
        REJECTED = "rejected", _("not upheld")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="objections")
    entry = models.ForeignKey("notice.NoticeEntry", on_delete=models.PROTECT, related_name="objections")
    sequence = models.PositiveIntegerField()
    number = models.CharField(max_length=60)
    channel = models.CharField(max_length=10, choices=Channel)
    source = models.CharField(max_length=10, choices=Source)
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    sealed_identity = models.BinaryField()
    sealed_facts = models.BinaryField()
    # with the number it opens the case for the objector; the house keeps a hash
    secret_sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    # the day that counts for the term: of arrival, or of the postmark
    counted_on = models.DateField()
    # when the answer to the objector is due
    due_on = models.DateField()
    # whoever of the office entered a letter or a call; nobody for the web
    entered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    handler = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="objections_handled")
    taken_at = models.DateTimeField(null=True)
    decider = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="objections_decided")
    joined_at = models.DateTimeField(null=True)

    assessed_at = models.DateTimeField(null=True)
    # codes of kernel.objections, joined by spaces: why it was not admitted
    flaws = models.CharField(max_length=60, blank=True)
    sealed_reason = models.BinaryField(default=b"")

    asked_at = models.DateTimeField(null=True)
    reply_due_on = models.DateField(null=True)
    sealed_question = models.BinaryField(default=b"")
    replied_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    replied_at = models.DateTimeField(null=True)
    sealed_reply = models.BinaryField(default=b"")

    # what the handler proposes, and the decider decides
    upheld = models.BooleanField(null=True)
    sealed_finding = models.BinaryField(default=b"")
    proposed_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    # the edition's day of the answer: terms are counted by the edition's clock
    answered_on = models.DateField(null=True)
    sealed_answer = models.BinaryField(default=b"")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "sequence"], name="objection_sequence"),
            models.UniqueConstraint(fields=["edition", "number"], name="objection_number"),
            models.CheckConstraint(
                condition=models.Q(decider__isnull=True) | ~models.Q(handler=models.F("decider")),
                name="objection_two_persons",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("upheld", "rejected"))
                | models.Q(handler__isnull=False, decider__isnull=False, decided_at__isnull=False),
                name="objection_decided_by_two",
            ),
            _paired("handler", "taken_at", "objection_taken_by_and_when"),
            _paired("decider", "joined_at", "objection_joined_by_and_when"),
            _paired("replied_by", "replied_at", "objection_replied_by_and_when"),
            _paired("answered_by", "answered_at", "objection_answered_by_and_when"),
        ]
        indexes = [models.Index(fields=["entry", "state"], name="objections_of_entry")]
        ordering = ["-sequence"]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """How the register names it: nobody's name can be told from it."""
        return f"objection:{self.pk}"

    @property
    def open(self) -> bool:
        """Whether it is not decided yet."""
        return self.state in OPEN

    @property
    def due(self) -> bool:
        """Whether the objector still waits for an answer."""
        return self.answered_at is None and self.source != Objection.Source.ANONYMOUS


# Undecided: the notice does not end for the entry while one of these came in time.
OPEN = (Objection.State.RECEIVED, Objection.State.ADMITTED, Objection.State.PROPOSED)


class ObjectionFile(models.Model):
    """A file that an objector or the replying unit sent; its bytes lie sealed in the storage under this row's id."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="files")
    # names of files tell names of people
    sealed_name = models.BinaryField()
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    of_reply = models.BooleanField(default=False)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return f"{self.media_type} of {self.objection_id}"


class SpentPuzzle(models.Model):
    """A solved puzzle that was used; the key is a hash of it."""

    key = models.CharField(max_length=64, primary_key=True)
    spent_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key[:12]
