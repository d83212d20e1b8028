"""What is kept of likenesses between dossiers. No text and no number: sketches are sealed, passages are found anew when somebody looks."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiangbang.accounts.models import User
from jiangbang.nomination.models import Dossier, Revision
from jiangbang.programme.models import Edition


class PhraseBook(models.Model):
    """The phrases that many texts of a programme share, sealed with the installation's key. Sketches of one book can be compared."""

    programme = models.SlugField(max_length=50, unique=True)
    texts = models.PositiveIntegerField()
    sealed = models.BinaryField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.programme}: {self.texts}"


class Sketch(models.Model):
    """What a dossier's revision is compared by.

    `sealed` is the sketch of its text under the person's key (empty: no text). `birth` is the blind index of the birth date that stands
    in the identity number. `compared` is False until the pairs that it stands in are kept.
    """

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, primary_key=True, related_name="sketch")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    programme = models.SlugField(max_length=50)
    birth = models.CharField(max_length=64, blank=True)
    sealed = models.BinaryField()
    compared = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["programme", "compared"], name="sketches_to_compare"),
            models.Index(fields=["birth"], name="sketches_by_birth"),
        ]

    def __str__(self) -> str:
        return f"sketch of {self.dossier_id}"


class DuplicatePair(models.Model):
    """Two dossiers of which one may be, or come from, the other; `first` is of the earlier edition where they differ.

    Machines write the likeness, people the decision. `sealed_reason` is under the second person's key. A pair that nobody decided on
    goes when it is not found again.
    """

    class Kind(models.TextChoices):
        TWO_UNITS = "two_units", _("one number, two units")
        TWO_EDITIONS = "two_editions", _("one number, two editions")
        MISTYPED = "mistyped", _("nearly the same number")
        TEXT = "text", _("like deeds")
        TEXT_BEFORE = "text_before", _("deeds like those of an earlier edition")

    class Decision(models.TextChoices):
        SAME_PERSON = "same_person", _("the same person")
        NOT_SAME = "not_same", _("not the same person")
        COPIED = "copied", _("copied")
        TOLERATED = "tolerated", _("tolerated")
        INDEPENDENT = "independent", _("written independently")

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    first = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    first_revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    second_revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    # in thousandths: 1000 is the same
    score = models.PositiveSmallIntegerField()
    found_at = models.DateTimeField()
    decision = models.CharField(max_length=12, choices=Decision, blank=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    sealed_reason = models.BinaryField(default=b"")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second", "kind"], name="one_pair_of_a_kind"),
            models.CheckConstraint(condition=~models.Q(first=models.F("second")), name="pair_of_two"),
            models.CheckConstraint(
                condition=models.Q(decision="", decided_by__isnull=True, decided_at__isnull=True)
                | (~models.Q(decision="") & models.Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="pair_decided_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["edition", "-score", "-id"], name="pairs_by_score")]

    def __str__(self) -> str:
        return f"{self.kind} {self.first_id} {self.second_id}"

    @property
    def of_person(self) -> bool:
        """Whether it says that two dossiers are of one person; else, that one text comes from the other."""
        return self.kind in PERSON_KINDS


PERSON_KINDS = (DuplicatePair.Kind.TWO_UNITS, DuplicatePair.Kind.TWO_EDITIONS, DuplicatePair.Kind.MISTYPED)
TEXT_KINDS = (DuplicatePair.Kind.TEXT, DuplicatePair.Kind.TEXT_BEFORE)
_DECISION = DuplicatePair.Decision
PERSON_DECISIONS = (_DECISION.SAME_PERSON, _DECISION.NOT_SAME)
TEXT_DECISIONS = (_DECISION.COPIED, _DECISION.TOLERATED, _DECISION.INDEPENDENT)
