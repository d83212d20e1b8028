"""Imported lists of firms and of title holders, their rows, and who on a dossier's side was found on them."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiangbang.accounts.models import User
from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition


class NameList(models.Model):
    """One file as somebody published it, read for one edition. A draft is looked at first; only a list in force is compared.

    `kind` is what it is read for: a key of the edition's marks or titles, or `marks` or `titles` where its rows say which.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("to be looked at")
        IN_FORCE = "in_force", _("in force")
        REPLACED = "replaced", _("replaced")
        WITHDRAWN = "withdrawn", _("withdrawn")
        DISCARDED = "discarded", _("discarded")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT)
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    # what was found under which heading, headings of columns that were not needed, the year that a heading gives for all rows
    columns = models.JSONField()
    unused = models.JSONField()
    year = models.PositiveSmallIntegerField(null=True)
    passed_over = models.PositiveIntegerField()
    row_count = models.PositiveIntegerField()
    usable_count = models.PositiveIntegerField()
    problem_count = models.PositiveIntegerField()
    # the marks and titles that usable rows name, and how many rows have each problem
    kinds = models.JSONField()
    problems = models.JSONField()
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="successors")
    brought_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    brought_at = models.DateTimeField()
    imported_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(null=True)
    # when it ceased to be in force, by whom, and why
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["edition", "state", "-brought_at"], name="name_lists_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(imported_by__isnull=True, imported_at__isnull=True)
                | models.Q(imported_by__isnull=False, imported_at__isnull=False),
                name="list_imported_when",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_by__isnull=True, ended_at__isnull=True, reason="")
                | models.Q(models.Q(ended_by__isnull=False, ended_at__isnull=False), ~models.Q(reason="")),
                name="list_ended_when_and_why",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        """How the register names this list."""
        return f"list:{self.pk}"


class ListRow(models.Model):
    """One row for one mark or title; a row that names two stands twice. Never changed.

    `name` is the firm's, or on lists of people the person's, with the firm in `employer`: both are published. An identity number is not:
    only its blind index is kept, in `identity`. `usable`: it names somebody for something, and is compared with dossiers.
    """

    name_list = models.ForeignKey(NameList, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    sheet = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=200, blank=True)
    employer = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=40, blank=True)
    identity = models.CharField(max_length=64, blank=True)
    year = models.PositiveSmallIntegerField(null=True)
    batch = models.CharField(max_length=60, blank=True)
    problems = models.JSONField(default=list)
    # the number of the row that a duplicate repeats
    repeats = models.PositiveIntegerField(null=True)
    usable = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["name_list", "usable", "id"], name="list_rows_in_order")]

    def __str__(self) -> str:
        return f"{self.name_list_id} {self.number}"


class ListMatch(models.Model):
    """A row that may mean this dossier's employer or person, how it was found, and what a person decided.

    `way`: by `identity` number, by `code`, by the firm's full `name` (these are sure), or `near`, with a score of 0 to 100. `counts`: it
    is taken to be so: sure and not rejected, or accepted. `in_force`: its list is; a decision on a list that is not is kept beside.
    """

    class Decision(models.TextChoices):
        NONE = "", _("not decided")
        ACCEPTED = "accepted", _("it is the same")
        REJECTED = "rejected", _("it is another")

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="list_matches")
    row = models.ForeignKey(ListRow, on_delete=models.PROTECT, related_name="matches")
    kind = models.CharField(max_length=60)
    is_title = models.BooleanField()
    way = models.CharField(max_length=10)
    score = models.PositiveSmallIntegerField()
    counts = models.BooleanField()
    # near and undecided, and somebody has to decide: a title that keeps nobody from standing again does not wait
    waits = models.BooleanField()
    in_force = models.BooleanField(default=True)
    decision = models.CharField(max_length=8, choices=Decision, blank=True, default="")
    sealed_reason = models.BinaryField(default=b"")
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["edition", "kind", "counts", "dossier"], name="matches_by_kind"),
            models.Index(fields=["edition", "waits", "-score", "id"], name="matches_to_decide"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "row"], name="one_match_per_row"),
            models.CheckConstraint(
                condition=models.Q(decision="", decided_by__isnull=True, decided_at__isnull=True)
                | models.Q(models.Q(decided_by__isnull=False, decided_at__isnull=False), ~models.Q(decision="")),
                name="match_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.kind} {self.score}"


class ListLook(models.Model):
    """What a dossier was last compared as, with which lists: a digest of both. Another digest, and it is compared again."""

    dossier = models.OneToOneField(Dossier, on_delete=models.CASCADE, primary_key=True, related_name="list_look")
    stamp = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.stamp[:8]}"
