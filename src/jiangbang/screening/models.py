"""What stands in the screening stage: a dossier's way through it, and what people ruled on its clauses."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiangbang.accounts.models import User
from jiangbang.nomination.models import Dossier, Revision
from jiangbang.programme.models import Edition
from jiangbang.screening.duplicates_models import DuplicatePair, PhraseBook, Sketch  # noqa: F401 — models
from jiangbang.screening.letter_models import Letter  # noqa: F401 — a model
from jiangbang.screening.lists_models import ListLook, ListMatch, ListRow, NameList  # noqa: F401 — models
from jiangbang.screening.picture_models import Trait  # noqa: F401 — a model


class Screening(models.Model):
    """A dossier's way through screening.

    `answer`, `open_count` and `because` say how the clauses stood at `revision`, `fact_count` and `edition_sha256`, for lists; the
    page computes them anew, and the queue brings the row up to date. `state` is what people decided.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("to be screened")
        SECOND = "second", _("waits for a second person")
        ELIGIBLE = "eligible", _("eligible")
        NOT_ELIGIBLE = "not_eligible", _("not eligible")

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, primary_key=True, related_name="screening")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT)
    unit_code = models.CharField(max_length=20)
    screener = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    fact_count = models.PositiveIntegerField(default=0)
    # the edition's content (its `sha256`) under whose clauses the row was computed
    edition_sha256 = models.CharField(max_length=64, blank=True)
    answer = models.CharField(max_length=12)
    open_count = models.PositiveSmallIntegerField()
    # the clauses that the answer rests on, each between spaces: " G4 X1 "
    because = models.CharField(max_length=400, blank=True)
    # what was concluded, by whom; a second person where the edition asks for one
    concluded = models.CharField(max_length=12, blank=True)
    concluded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    concluded_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["edition", "state", "dossier"], name="screening_queue"),
            models.Index(fields=["edition", "screener", "state"], name="screening_by_screener"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(concluded_by__isnull=True, concluded="") | ~models.Q(concluded=""),
                name="concluded_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True) | ~models.Q(confirmed_by=models.F("concluded_by")),
                name="confirmed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.state}"


class ClauseRuling(models.Model):
    """What somebody ruled on one clause of one dossier. Rows are added, never changed but for the second person's word.

    `value` is `met`, `not_met`, `open` (evidence is asked for) or `waived`. A ruling that needs a second person counts once
    `confirmed_by` is set. `sealed_reason` is the reason under the person's key.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="rulings")
    clause = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    value = models.CharField(max_length=8)
    rests_on = models.CharField(max_length=64)
    sealed_reason = models.BinaryField()
    needs_second = models.BooleanField(default=False)
    ruled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ruled_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier", "clause", "number"], name="ruling_number"),
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True) | ~models.Q(confirmed_by=models.F("ruled_by")),
                name="ruling_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | models.Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="ruling_confirmed_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.clause} {self.number} {self.value}"

    @property
    def counts(self) -> bool:
        """Whether it has all the words that it needs."""
        return not self.needs_second or self.confirmed_by_id is not None


class Note(models.Model):
    """What a screener wrote down for colleagues. Sealed with the person's key; never shown outside the office."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="notes")
    sealed = models.BinaryField()
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"note on {self.dossier_id}"
