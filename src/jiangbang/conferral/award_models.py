"""Who holds which title: what was conferred, what was handed over, what was revoked."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiangbang.accounts.models import User
from jiangbang.nomination.models import Dossier
from jiangbang.nomination.pages import label_of
from jiangbang.programme.models import Edition


class Award(models.Model):
    """A title or prize that somebody holds, by its number. Name and employer stand as they stood before the public."""

    class State(models.TextChoices):
        HELD = "held", _("held")
        REVOKED = "revoked", _("revoked")

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="awards")
    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="award")
    title = models.CharField(max_length=40)
    # its place within the title, counted from 1: the number is made of it
    position = models.PositiveIntegerField()
    number = models.CharField(max_length=85, unique=True)
    name = models.CharField(max_length=100)
    employer = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=7, choices=State, default=State.HELD)
    conferred_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    conferred_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "title", "position"], name="award_position"),
        ]
        ordering = ["edition", "title", "position"]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """How the register names it."""
        return f"award:{self.pk}"

    @property
    def title_label(self) -> str:
        """What the title is called in the reader's language."""
        spec = next((one for one in self.edition.spec.titles if one.key == self.title), None)
        return label_of(spec) if spec is not None else self.title

    @property
    def held(self) -> bool:
        """Whether it counts."""
        return self.state == self.State.HELD


class HandedOver(models.Model):
    """One thing in somebody's hands: certificate, plaque, souvenir. Ticked by whoever stands at the table."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="handed")
    item = models.CharField(max_length=40)
    handed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    handed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["award", "item"], name="handed_over_once")]

    def __str__(self) -> str:
        return f"{self.item} {self.award_id}"


class Revocation(models.Model):
    """A title to be taken back: proposed by one person with its ground, confirmed or turned down by another."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed, another person decides")
        CONFIRMED = "confirmed", _("revoked")
        DECLINED = "declined", _("turned down")

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="revocations")
    ground = models.CharField(max_length=500)
    resolution = models.CharField(max_length=85)
    state = models.CharField(max_length=9, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    # when certificate and plaque came back
    recovered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["award"], condition=~models.Q(state="declined"), name="one_revocation_of_an_award"
            ),
            models.CheckConstraint(
                condition=models.Q(state="proposed", decided_by__isnull=True, decided_at__isnull=True)
                | models.Q(decided_by__isnull=False, decided_at__isnull=False) & ~models.Q(state="proposed"),
                name="revocation_decided_by_and_when",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("proposed_by")),
                name="revocation_two_persons",
            ),
            models.CheckConstraint(
                condition=models.Q(recovered_at__isnull=True) | models.Q(state="confirmed"),
                name="recovered_after_revocation",
            ),
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.award_id} {self.state}"
