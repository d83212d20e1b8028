"""Letters that tell a unit and a candidate that somebody is not eligible."""

from __future__ import annotations

from django.db import models

from jiangbang.accounts.models import User
from jiangbang.nomination.models import Dossier, Person
from jiangbang.programme.models import Edition


class Letter(models.Model):
    """One letter: its number, the clauses that it names, until when it may be objected to, to whom it went. Never changed, but taken back.

    `sealed` holds the texts as they were sent, to the unit and to the candidate, with the person's key. `concluded_at` is the conclusion
    that it tells: when the screening was taken up again since, another conclusion may have taken its place.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="letters")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    unit_code = models.CharField(max_length=20)
    sequence = models.PositiveIntegerField()
    number = models.CharField(max_length=60)
    clauses = models.CharField(max_length=400)
    sealed = models.BinaryField()
    objection_until = models.DateTimeField()
    concluded_at = models.DateTimeField()
    unit_messages = models.PositiveSmallIntegerField(default=0)
    candidate_messages = models.PositiveSmallIntegerField(default=0)
    on_paper = models.BooleanField(default=False)
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    # its conclusion does not stand any more, and whoever was told it has been told so
    withdrawn_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "sequence"], name="letter_sequence"),
            models.UniqueConstraint(fields=["dossier", "concluded_at"], name="one_letter_per_conclusion"),
            models.CheckConstraint(
                condition=models.Q(on_paper=True) | models.Q(unit_messages__gt=0) | models.Q(candidate_messages__gt=0),
                name="letter_went_to_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True)
                | models.Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False),
                name="letter_withdrawn_by_and_when",
            ),
        ]
        indexes = [models.Index(fields=["edition", "unit_code", "-sent_at"], name="letters_by_unit")]

    def __str__(self) -> str:
        return self.number
