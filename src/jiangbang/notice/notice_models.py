"""The public notice: who stands before the public, for what, until which day; entry by entry."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiangbang.accounts.models import User
from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition


class Notice(models.Model):
    """A notice: number 1 with the result, a further one for each substitution. It stands from `first_day` to `last_day`, both whole days
    of the edition's zone; until it is published it has neither."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="notices")
    number = models.PositiveSmallIntegerField()
    # working days for which it stands
    days = models.PositiveSmallIntegerField()
    # the struck entry whose place is taken, on a notice of a substitution
    substitutes = models.OneToOneField("NoticeEntry", null=True, on_delete=models.PROTECT, related_name="substitution")
    prepared_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="notice_number"),
            models.CheckConstraint(
                condition=models.Q(
                    published_by__isnull=True, published_at__isnull=True, first_day__isnull=True, last_day__isnull=True
                )
                | models.Q(
                    published_by__isnull=False,
                    published_at__isnull=False,
                    first_day__isnull=False,
                    last_day__isnull=False,
                ),
                name="notice_published_by_and_when",
            ),
            models.CheckConstraint(
                condition=models.Q(prepared_by__isnull=True)
                | models.Q(published_by__isnull=True)
                | ~models.Q(prepared_by=models.F("published_by")),
                name="notice_two_persons",
            ),
        ]
        ordering = ["edition", "number"]

    def __str__(self) -> str:
        return f"notice {self.number} of {self.edition_id}"

    @property
    def subject(self) -> str:
        """How the register names it."""
        return f"notice:{self.pk}"


class NoticeRedating(models.Model):
    """A running notice stands longer because a day of its term is not worked after all. The public reads it with its reason."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="redatings")
    before = models.DateField()
    after = models.DateField()
    reason = models.CharField(max_length=300)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            # a notice is never cut short
            models.CheckConstraint(condition=models.Q(after__gt=models.F("before")), name="redated_later"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="redated_with_a_reason"),
        ]
        ordering = ["notice", "pk"]

    def __str__(self) -> str:
        return f"{self.before} to {self.after}"


class NoticeEntry(models.Model):
    """One person on a notice, with the key of the title and the position within it. Each entry stands and falls for itself."""

    class State(models.TextChoices):
        RUNNING = "running", _("stands before the public")
        SUSPENDED = "suspended", _("suspended")
        STRUCK = "struck", _("struck")
        STOOD = "stood", _("stood undisturbed")

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="entries")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="notice_entries")
    title = models.CharField(max_length=40)
    position = models.PositiveIntegerField()
    # as they stand on the notice, whatever becomes of the dossier: the name, and the other fields that the edition makes public
    name = models.CharField(max_length=100)
    employer = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "dossier"], name="once_on_a_notice"),
            models.UniqueConstraint(fields=["notice", "title", "position"], name="notice_position"),
        ]
        ordering = ["notice", "title", "position"]

    def __str__(self) -> str:
        return f"{self.title} {self.position}: {self.state}"


class NoticeVersion(models.Model):
    """What a notice says, word for word: version 1 as it was published, each released correction a further one. None is changed after
    its release. A correction that waits for its second person is a version without one; a notice has one of these at a time.

    `rows` has for each entry its key, title, name and employer; `checkpoint` is the register's signed head before the release.
    """

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    rows = models.JSONField()
    reason = models.CharField(max_length=300, blank=True)
    checkpoint = models.TextField(blank=True)
    prepared_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    released_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "number"], name="notice_version_number"),
            models.UniqueConstraint(
                fields=["notice"], condition=models.Q(released_at__isnull=True), name="one_correction_waits"
            ),
            models.CheckConstraint(
                condition=models.Q(released_by__isnull=True, released_at__isnull=True)
                | models.Q(released_by__isnull=False, released_at__isnull=False),
                name="version_released_by_and_when",
            ),
            models.CheckConstraint(
                condition=models.Q(prepared_by__isnull=True)
                | models.Q(released_by__isnull=True)
                | ~models.Q(prepared_by=models.F("released_by")),
                name="version_two_persons",
            ),
            # the first is the notice itself; whoever changes it says why
            models.CheckConstraint(
                condition=models.Q(number=1) | ~models.Q(reason=""), name="version_of_a_correction_says_why"
            ),
        ]
        ordering = ["notice", "number"]

    def __str__(self) -> str:
        return f"version {self.number} of {self.notice_id}"
