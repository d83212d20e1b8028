"""What stands in the recommendation stage: intakes, packets, people, dossiers and their revisions."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiangbang.accounts.models import User
from jiangbang.nomination.contact_models import UnitContact  # noqa: F401 — a model
from jiangbang.nomination.mailbox_models import Mail, MailboxLook, MailPacket, MailPlace  # noqa: F401 — models
from jiangbang.nomination.read_models import SensitiveRead  # noqa: F401 — a model
from jiangbang.papers.findings import Finding
from jiangbang.programme.models import Edition

if TYPE_CHECKING:
    from jiangbang.kernel.edition import UnitSpec


# What is written where a name stood: names are copied into lists, papers and pages of every stage, and none of them can forget to say it.
ERASED_NAME: Final = "已删除（erased）"


class Intake(models.Model):
    """A file that somebody brought, on its way to becoming a packet. The queue drives it (tasks.py); the row says how far it is.

    Reading is repeated from the start when a worker died, receiving is one transaction with the job's end: so nothing is half-done.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        READING = "reading", _("being read")
        NEEDS_UNIT = "needs_unit", _("which unit?")
        # came within the grace: late, but not refused before an organiser has had a word
        HELD = "held", _("late: accept it?")
        DONE = "done", _("done")
        FAILED = "failed", _("could not be received")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT)
    unit_code = models.CharField(max_length=20, blank=True)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    channel = models.CharField(max_length=10)
    brought_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # when the server had the whole file: this counts for the deadline
    brought_at = models.DateTimeField(default=timezone.now)
    late_reason = models.CharField(max_length=500, blank=True)
    # who accepts it late; not always who brought it
    late_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    done_members = models.PositiveIntegerField(default=0)
    total_members = models.PositiveIntegerField(default=0)
    current_member = models.CharField(max_length=400, blank=True)
    # a stable code and one sentence: why it could not be received and what to do
    failure_code = models.CharField(max_length=60, blank=True)
    failure = models.CharField(max_length=500, blank=True)
    packet = models.ForeignKey("Packet", null=True, blank=True, on_delete=models.PROTECT, related_name="intakes")

    class Meta:
        indexes = [models.Index(fields=["state", "brought_at"], name="intake_queue")]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.state})"


class Packet(models.Model):
    """One archive (or lone file) of a recommending unit, received whole. Never changed, never deleted."""

    class Verdict(models.TextChoices):
        CLEAN = "clean", _("clean")
        BLOCKED = "blocked", _("to be mended")
        UNREADABLE = "unreadable", _("unreadable")

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT)
    unit_code = models.CharField(max_length=20)
    # the receipt's number: edition, unit, running number within the unit
    number = models.CharField(max_length=60)
    sequence = models.PositiveIntegerField()
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    members = models.JSONField()
    findings = models.JSONField()
    roster = models.JSONField(null=True)
    verdict = models.CharField(max_length=10, choices=Verdict)
    accepted_count = models.PositiveIntegerField()
    waiting_count = models.PositiveIntegerField()
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    late_reason = models.CharField(max_length=500, blank=True)
    late_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            # the same bytes twice from one unit are one packet
            models.UniqueConstraint(fields=["edition", "unit_code", "sha256"], name="same_bytes_once"),
            models.UniqueConstraint(fields=["edition", "unit_code", "sequence"], name="packet_sequence"),
            # accepted late only by a named person with a reason
            models.CheckConstraint(
                condition=models.Q(late_by__isnull=True, late_reason="")
                | models.Q(models.Q(late_by__isnull=False), ~models.Q(late_reason="")),
                name="late_has_who_and_why",
            ),
        ]
        indexes = [models.Index(fields=["edition", "-received_at"], name="packets_by_arrival")]

    def __str__(self) -> str:
        return self.number

    @property
    def unit(self) -> UnitSpec:
        """The unit as the edition declares it."""
        return self.edition.spec.unit(self.unit_code)

    @property
    def found(self) -> list[Finding]:
        """The packet's own findings (people's stand on their dossiers)."""
        return [Finding.from_stored(stored) for stored in self.findings]


class Person(models.Model):
    """Somebody who is recommended. `index` is the blind index of the identity number: equal numbers, equal index.

    `wrapped_key` is the person's own data key, sealed with the installation's; destroying it makes all that is sealed for the person
    unreadable for ever.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # NULL where no number is known: two unknown people are two people, so the empty text would not do
    index = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001
    wrapped_key = models.BinaryField()

    def __str__(self) -> str:
        return f"person {self.id}"


class Dossier(models.Model):
    """One person's candidacy in one edition."""

    class State(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        WAITING = "waiting", _("waiting for correction")
        # clean, but above a quota that binds: the unit chooses who goes
        HELD = "held", _("held above the quota")
        SUPERSEDED = "superseded", _("superseded")
        # nothing of the person is left in it; the register's entries speak of its number alone
        ERASED = "erased", _("erased")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="dossiers")
    unit_code = models.CharField(max_length=20)
    state = models.CharField(max_length=12, choices=State)
    # copies of open values of the newest revision, for lists and search
    name = models.CharField(max_length=100, blank=True)
    employer = models.CharField(max_length=300, blank=True)
    industry_class = models.CharField(max_length=100, blank=True)
    # the key of the title that this person takes directly, outside seats and quota; empty for everybody else
    direct_title = models.CharField(max_length=40, blank=True)
    block_count = models.PositiveSmallIntegerField(default=0)
    warn_count = models.PositiveSmallIntegerField(default=0)
    revision = models.ForeignKey("Revision", null=True, on_delete=models.PROTECT, related_name="+")
    # the newest revision that was clean; it is what the later stages see
    accepted_revision = models.ForeignKey("Revision", null=True, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "person"], condition=models.Q(state="accepted"), name="accepted_once_per_edition"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("accepted", "held")) | models.Q(accepted_revision__isnull=False),
                name="accepted_has_a_clean_revision",
            ),
        ]
        indexes = [
            models.Index(fields=["edition", "-updated_at", "-id"], name="dossiers_by_change"),
            models.Index(fields=["edition", "unit_code", "state"], name="dossiers_by_unit"),
            models.Index(fields=["edition", "name", "id"], name="dossiers_by_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """How the register names this dossier."""
        return f"dossier:{self.pk}"


class Revision(models.Model):
    """The dossier as one packet brought it. Never changed.

    `open` holds the open fields in clear; `sealed` the personal and sensitive ones with the commitment's salt, encrypted with the
    person's key.
    """

    # made here, so that a dossier and its first revision can point at each other in two inserts
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="revisions")
    # whose key seals it: a corrected identity number gives the dossier another person, and the older revisions keep theirs
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    packet = models.ForeignKey(Packet, on_delete=models.PROTECT, related_name="revisions")
    source = models.CharField(max_length=400, blank=True)
    roster_row = models.PositiveIntegerField(null=True)
    open = models.JSONField()
    sealed = models.BinaryField()
    photo_sha256 = models.CharField(max_length=64, blank=True)
    findings = models.JSONField()
    verdicts = models.JSONField()
    commitment = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    # made by the office on the person's request, not brought by the packet
    corrected = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "number"], name="revision_number")]

    def __str__(self) -> str:
        return f"{self.dossier_id} r{self.number}"

    @property
    def found(self) -> list[Finding]:
        """This revision's findings."""
        return [Finding.from_stored(stored) for stored in self.findings]

    @property
    def blocks(self) -> bool:
        """Whether something in it must be mended by the unit."""
        return any(stored["severity"] == "block" for stored in self.findings)


class DeclaredFact(models.Model):
    """A fact about a dossier that its form does not carry, as somebody declared it. Rows are added, never changed: the one with the
    highest number counts, and None in it takes the fact back. `sealed` is the JSON value under the person's key.
    """

    class Source(models.TextChoices):
        CANDIDATE = "candidate", _("declared by the candidate")
        UNIT = "unit", _("declared by the recommending unit")
        OFFICE = "office", _("established by the office")

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="declared")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    sealed = models.BinaryField()
    source = models.CharField(max_length=10, choices=Source)
    evidence_sha256 = models.CharField(max_length=64, blank=True)
    declared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "key", "number"], name="fact_number")]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.key} {self.number}"


class FindingCount(models.Model):
    """Which finding codes the newest revision of a dossier carries, so that lists filter by code without reading JSON."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="finding_codes")
    code = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "code"], name="one_row_per_code")]
        indexes = [models.Index(fields=["code", "dossier"], name="dossiers_by_code")]

    def __str__(self) -> str:
        return self.code


class StoredFile(models.Model):
    """Bytes in the evidence storage, named by their SHA-256 and encrypted there. `size` counts plain bytes."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)
    stored_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.sha256[:12]} {self.media_type}"


class ErasedFile(models.Model):
    """Bytes that were erased on purpose: what still names them by their SHA-256 says so, and nobody looks for them."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    erased_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.sha256[:12]


def register_facts(values: dict[str, Any]) -> dict[str, Any]:
    """Facts for the register without those that are None."""
    return {key: value for key, value in values.items() if value is not None}
