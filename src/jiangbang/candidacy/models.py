"""What a candidacy is before it is submitted: the draft's fields with versions, files, consents."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiangbang.accounts.models import User
from jiangbang.nomination.models import Dossier, Person
from jiangbang.programme.models import Edition

if TYPE_CHECKING:
    from jiangbang.kernel.edition import UnitSpec


class Candidacy(models.Model):
    """Somebody whom a unit has invited in one edition, and what has become of the form.

    Every value of the form is sealed with the person's own key; the name alone stands in clear, for lists.
    """

    class State(models.TextChoices):
        INVITED = "invited", _("invited")
        DRAFTING = "drafting", _("being filled in")
        WITH_EMPLOYER = "with_employer", _("with the employer")
        WITH_UNIT = "with_unit", _("with the unit")
        SUBMITTED = "submitted", _("submitted")
        RETURNED = "returned", _("returned for correction")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT)
    unit_code = models.CharField(max_length=20)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="candidacies")
    state = models.CharField(max_length=14, choices=State, default=State.INVITED)
    # the candidate's account, once the invitation has been used
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # the unit's order of its nominees; 1 is the first
    rank = models.PositiveSmallIntegerField(null=True, blank=True)
    name = models.CharField(max_length=100)
    invited_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    # when it went to the employer, when the employer confirmed, when it came to the unit: empty again after it was called back
    handed_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    with_unit_at = models.DateTimeField(null=True, blank=True)
    # given back by the office: it may still be mended until then, whatever the deadline
    mend_until = models.DateTimeField(null=True, blank=True)
    # what was handed over, as the register knows it, and the salt (sealed) that proves it
    commitment = models.CharField(max_length=64, blank=True)
    sealed_salt = models.BinaryField(blank=True, default=b"")
    dossier = models.ForeignKey(Dossier, null=True, blank=True, on_delete=models.PROTECT, related_name="candidacies")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state__in=("with_employer", "with_unit", "submitted"))
                | models.Q(handed_at__isnull=False),
                name="candidacy_handed_over_has_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="submitted") | models.Q(dossier__isnull=False),
                name="candidacy_submitted_has_a_dossier",
            ),
        ]
        indexes = [
            models.Index(fields=["edition", "unit_code", "rank", "invited_at"], name="candidacies_by_unit"),
            models.Index(fields=["edition", "state"], name="candidacies_by_state"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """How the register names this candidacy."""
        return f"candidacy:{self.pk}"

    @property
    def unit(self) -> UnitSpec:
        """The unit as the edition declares it."""
        return self.edition.spec.unit(self.unit_code)


class DraftField(models.Model):
    """One answer. `version` counts its changes: who saves must know the version that he changed, so nothing is overwritten unseen.

    Keys are those of the form, `fact.<key>` for what the form does not carry, `opinions.employer`, `opinions.unit`, `remark`.
    """

    candidacy = models.ForeignKey(Candidacy, on_delete=models.CASCADE, related_name="fields")
    key = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    # JSON, with the person's key
    sealed = models.BinaryField()
    edited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["candidacy", "key"], name="one_row_per_draft_field")]

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"


class Attachment(models.Model):
    """A file of the draft. `claim` is what it proves: `skill_level`, `achievements.<item id>`, `fact.union_member`; else empty.

    A photo that another took the place of is kept, with `replaced_at`, until the form is handed over.
    """

    class Kind(models.TextChoices):
        PHOTO = "photo", _("photo")
        EVIDENCE = "evidence", _("evidence")
        EMPLOYER_SCAN = "employer_scan", _("form sealed by the employer")
        UNIT_SCAN = "unit_scan", _("form sealed by the unit")
        EXTRA = "extra", _("other paper")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    candidacy = models.ForeignKey(Candidacy, on_delete=models.CASCADE, related_name="attachments")
    kind = models.CharField(max_length=14, choices=Kind)
    claim = models.CharField(max_length=80, blank=True)
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["candidacy"],
                condition=models.Q(kind="photo", replaced_at__isnull=True),
                name="one_photo_that_counts",
            ),
        ]
        indexes = [models.Index(fields=["sha256"], name="attachments_by_content")]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"


class Consent(models.Model):
    """What the candidate has agreed to. The row says how it stands; the register keeps each giving and each withdrawal."""

    class Purpose(models.TextChoices):
        PROCESSING = "processing", _("use of what I write")
        SENSITIVE = "sensitive", _("use of sensitive data")
        PUBLICATION = "publication", _("publication")

    candidacy = models.ForeignKey(Candidacy, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=12, choices=Purpose)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["candidacy", "purpose"], name="one_consent_per_purpose")]

    def __str__(self) -> str:
        return f"{self.purpose} {'withdrawn' if self.withdrawn_at else 'given'}"
