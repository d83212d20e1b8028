"""What is kept of the rights that people have over their data."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiangbang.accounts.models import User
from jiangbang.nomination.models import Person
from jiangbang.programme.models import Edition


class Erasure(models.Model):
    """Somebody is to be erased: who asked, on what ground, who confirmed, and what was erased. The row names nobody.

    `bare`: a title is held, so that name, employer, title and number stay, and nothing else (Archives Law; PIPL 47 (2)).
    """

    class State(models.TextChoices):
        ASKED = "asked", _("waits for a second person")
        DONE = "done", _("erased")
        DECLINED = "declined", _("turned down")

    class Ground(models.TextChoices):
        # PIPL 47 (1), nos. 3, 1, 4 and 2
        REQUEST = "request", _("the person asks for it, or withdrew the consent")
        PURPOSE = "purpose", _("the purpose is served or cannot be reached")
        UNLAWFUL = "unlawful", _("it was collected or used without right")
        PERIOD = "period", _("the period for which it is kept is over")

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="erasures")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="erasures")
    ground = models.CharField(max_length=8, choices=Ground)
    # where the request lies, in the office's own words; never why
    paper = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    bare = models.BooleanField(default=False)
    # what was erased: kind → how many
    counts = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(state="asked"), name="one_erasure_of_a_person_waits"
            ),
            models.CheckConstraint(
                condition=models.Q(state="asked", decided_by__isnull=True, decided_at__isnull=True)
                | (~models.Q(state="asked") & models.Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="erasure_decided_by_and_when",
            ),
            # two persons; what the edition's periods demand was decided with the edition
            models.CheckConstraint(
                condition=~models.Q(state="done")
                | models.Q(ground="period")
                | ~models.Q(asked_by=models.F("decided_by")),
                name="erasure_two_persons",
            ),
        ]
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"erasure {self.pk}: {self.state}"

    @property
    def key(self) -> str:
        """Its number as text, for places on a page."""
        return str(self.pk)

    @property
    def subject(self) -> str:
        """How the register names it."""
        return f"erasure:{self.pk}"
