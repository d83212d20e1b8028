"""What the unit's workspace keeps besides candidacies: pages of scans, the version of the order, submissions, returns."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiangbang.accounts.models import User
from jiangbang.candidacy.models import Attachment
from jiangbang.nomination.models import Dossier, Packet, Person, Revision
from jiangbang.programme.models import Edition


class ScanPage(models.Model):
    """One page of a sealed form, made ready to look at. The scan itself stays as it came, in the evidence storage.

    The picture is sealed with the person's own key and lies in the row: whoever deletes the scan deletes its pages with it.
    """

    attachment = models.ForeignKey(Attachment, on_delete=models.CASCADE, related_name="scan_pages")
    number = models.PositiveSmallIntegerField()
    # quarter turns clockwise that a person asked for, besides what the camera says
    turn = models.PositiveSmallIntegerField(default=0)
    # degrees by which the page was straightened, clockwise positive
    angle = models.FloatField(default=0.0)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attachment", "number"], name="scan_page_number"),
            models.CheckConstraint(condition=models.Q(turn__lt=4), name="scan_page_turned_by_quarters"),
        ]

    def __str__(self) -> str:
        return f"page {self.number}"


class NomineeOrder(models.Model):
    """How often a unit's order of nominees was saved: who saves must know the version that he changed."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT)
    unit_code = models.CharField(max_length=20)
    version = models.PositiveIntegerField(default=0)
    saved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "unit_code"], name="one_order_per_unit"),
            models.CheckConstraint(
                condition=models.Q(saved_by__isnull=True, saved_at__isnull=True)
                | models.Q(saved_by__isnull=False, saved_at__isnull=False),
                name="order_saved_by_and_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_code} v{self.version}"


class Submission(models.Model):
    """A packet that a unit submitted in the browser, with the sentence by which it answered for the truth."""

    packet = models.OneToOneField(Packet, on_delete=models.PROTECT, related_name="submission")
    declaration = models.CharField(max_length=500)
    people = models.PositiveSmallIntegerField()
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"submission of {self.packet_id}"


class Return(models.Model):
    """A dossier that the office gave back to its unit: what is to be mended, until when, and with which revision it was answered.

    `sealed` holds the list of what to mend, for it may quote what is wrong; with the key of the person whom the dossier was about.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="returns")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # the revision that was found wanting
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    due = models.DateTimeField()
    returned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    returned_at = models.DateTimeField()
    answer = models.ForeignKey(Revision, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=models.Q(answer__isnull=True), name="one_open_return_per_dossier"
            )
        ]

    def __str__(self) -> str:
        return f"return of {self.dossier_id}"


class DirectRoute(models.Model):
    """A claim that somebody takes a title directly, outside seats and quota, and what the office said to it.

    `sealed` holds the contest's facts by which the title's rule is decided, with the person's key. One claim of a dossier is open at a
    time; a refused one may be followed by another.
    """

    class State(models.TextChoices):
        CLAIMED = "claimed", _("claimed, the office decides")
        GRANTED = "granted", _("outside the quota")
        REFUSED = "refused", _("refused, counts in the quota")

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="direct_routes")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=40)
    sealed = models.BinaryField()
    state = models.CharField(max_length=8, choices=State, default=State.CLAIMED)
    claimed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=~models.Q(state="refused"), name="one_direct_route_per_dossier"
            ),
            models.CheckConstraint(
                condition=models.Q(state="claimed", decided_by__isnull=True, decided_at__isnull=True)
                | models.Q(decided_by__isnull=False, decided_at__isnull=False) & ~models.Q(state="claimed"),
                name="direct_route_decided_by_and_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.title} {self.state}"
