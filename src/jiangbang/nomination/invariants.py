"""What must always hold of packets, people, dossiers and files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.core.files.storage import default_storage
from django.db.models import Count, F, Max, OuterRef, Q, Subquery
from django.utils import timezone

from jiangbang.nomination.acts import READ_INTAKE
from jiangbang.nomination.evidence import storage_name
from jiangbang.nomination.mailbox_models import Mail, MailPacket
from jiangbang.nomination.models import (
    DeclaredFact,
    Dossier,
    ErasedFile,
    FindingCount,
    Intake,
    Packet,
    Revision,
    StoredFile,
)
from jiangbang.programme.models import Edition
from jiangbang.queue.models import Job
from jiangbang.register.invariant import Invariant, gaps, unlike, unsaid

State = Dossier.State
_ACTS: Final = "it was written past the acts: compare with the register, and restore from a backup"
_FILES: Final = "restore the files from the backup of the same day: jiangbang restore"
# Whoever receives writes the file first and its row last: a file as old as this was left behind by a process that died.
_SETTLED: Final = timedelta(days=1)
_ENTRIES: Final = ("dossier.accepted", "dossier.waiting", "dossier.held", "value.corrected")


# -- dossiers ------------------------------------------------------------------------------------------------------------


def _never_accepted() -> Iterator[str]:
    """Whoever goes was accepted with a packet, or was held and then chosen or granted a direct title."""
    accepted = Dossier.objects.filter(state=State.ACCEPTED)
    return unsaid(accepted, "dossier", "dossier.accepted", "dossier.held", "direct.granted")


def _revisions() -> Iterator[tuple[object, int]]:
    return iter(Revision.objects.order_by().values_list("dossier_id").annotate(many=Count("pk")))


def _stale() -> Iterator[str]:
    newest = Revision.objects.filter(dossier=OuterRef("pk")).order_by("-number").values("pk")[:1]
    rows = Dossier.objects.annotate(newest=Subquery(newest))
    return (one.subject for one in rows.exclude(revision=F("newest")).only("pk"))


def _foreign() -> Iterator[str]:
    rows = Dossier.objects.exclude(accepted_revision=None).exclude(accepted_revision__dossier=F("pk"))
    return (one.subject for one in rows.only("pk"))


def _impersonal() -> Iterator[str]:
    rows = Dossier.objects.exclude(revision=None).exclude(revision__person=F("person"))
    return (one.subject for one in rows.only("pk"))


def _blocked() -> Iterator[str]:
    going = Dossier.objects.filter(state__in=(State.ACCEPTED, State.HELD), revision=F("accepted_revision"))
    return (one.subject for one in going.filter(block_count__gt=0).only("pk"))


def _uncounted() -> Iterator[str]:
    """Dossiers with findings that lists by code would not show."""
    coded = FindingCount.objects.values("dossier")
    rows = Dossier.objects.filter(Q(block_count__gt=0) | Q(warn_count__gt=0)).exclude(pk__in=coded)
    return (one.subject for one in rows.only("pk"))


def _above_quota() -> Iterator[str]:
    """Units with more people than a quota that binds allows; direct titles stand outside."""
    going = Dossier.objects.filter(state=State.ACCEPTED, direct_title="").order_by()
    counted = going.values_list("edition_id", "unit_code").annotate(many=Count("pk"))
    many = {(edition, unit): number for edition, unit, number in counted}
    for edition in Edition.objects.filter(pk__in={pk for pk, _unit in many}):
        for unit in edition.spec.units:
            if unit.hard and (number := many.get((edition.pk, unit.code), 0)) > unit.quota_max:
                yield f"{edition.key} {unit.code}: {number} of {unit.quota_max}"


def _superseded() -> Iterator[str]:
    return unsaid(Dossier.objects.filter(state=State.SUPERSEDED), "dossier", "dossier.superseded")


# -- packets, mails, files -----------------------------------------------------------------------------------------------


def _packets() -> Iterator[tuple[object, int]]:
    return ((pk, 1) for pk in Packet.objects.values_list("pk", flat=True))


def _miscounted() -> Iterator[str]:
    # what the office corrected later did not come with the packet
    brought = Count("revisions", filter=Q(revisions__corrected=False))
    rows = Packet.objects.annotate(held=brought).exclude(held=F("accepted_count") + F("waiting_count"))
    return (one.number for one in rows.only("number"))


def _arrived() -> Iterator[str]:
    return unsaid(Intake.objects.all(), "intake", "packet.arrived")


def _stranded() -> Iterator[str]:
    """Files that wait to be read, and nobody is going to read them."""
    work = Job.objects.filter(name=READ_INTAKE, state__in=(Job.State.WAITING, Job.State.RUNNING))
    coming = {arguments.get("intake") for arguments in work.values_list("arguments", flat=True)}
    waiting = Intake.objects.filter(state__in=(Intake.State.WAITING, Intake.State.READING))
    return (f"intake:{pk}" for pk in waiting.values_list("pk", flat=True) if str(pk) not in coming)


def _mails() -> Iterator[str]:
    return unsaid(Mail.objects.all(), "mail", "mail.taken", "mail.held", "mail.set_aside")


def _stored() -> set[str]:
    """Names of the files in the evidence storage."""
    if not default_storage.exists("evidence"):
        return set()
    folders, _files = default_storage.listdir("evidence")
    return {name for folder in folders for name in default_storage.listdir(f"evidence/{folder}")[1]}


def _lost() -> Iterator[str]:
    stored = _stored()
    return (sha256 for sha256 in StoredFile.objects.values_list("pk", flat=True) if sha256 not in stored)


def _left_behind() -> Iterator[str]:
    known, settled = set(StoredFile.objects.values_list("pk", flat=True)), timezone.now() - _SETTLED
    for sha256 in sorted(_stored() - known):
        if default_storage.get_modified_time(storage_name(sha256)) < settled:
            yield sha256


def _rowless(rows: Iterator[str]) -> Iterator[str]:
    known = set(StoredFile.objects.values_list("pk", flat=True)) | set(ErasedFile.objects.values_list("pk", flat=True))
    return (sha256 for sha256 in rows if sha256 and sha256 not in known)


def _named() -> Iterator[str]:
    """Hashes that packets, mails and revisions name."""
    yield from Packet.objects.values_list("sha256", flat=True)
    yield from Mail.objects.values_list("sha256", flat=True)
    yield from MailPacket.objects.values_list("sha256", flat=True)
    yield from Intake.objects.values_list("sha256", flat=True)
    yield from Revision.objects.values_list("photo_sha256", flat=True).distinct()


INVARIANTS: Final = (
    Invariant("nomination.accepted_registered", "Every accepted dossier has its entry.", _ACTS, _never_accepted),
    Invariant(
        "nomination.revisions_registered",
        "The register has as many entries of a dossier as packets brought it.",
        _ACTS,
        lambda: unlike(_revisions(), "dossier", *_ENTRIES),
    ),
    Invariant(
        "nomination.revisions_numbered",
        "The revisions of a dossier are numbered without a gap.",
        _ACTS,
        lambda: gaps(Revision.objects.all(), "number", "dossier_id"),
    ),
    Invariant("nomination.newest_revision", "A dossier stands at its newest revision.", _ACTS, _stale),
    Invariant("nomination.own_revision", "The revision that counts is the dossier's own.", _ACTS, _foreign),
    Invariant("nomination.one_person", "A dossier and its newest revision are of one person.", _ACTS, _impersonal),
    Invariant("nomination.accepted_clean", "Nobody goes on whose form has something to be mended.", _ACTS, _blocked),
    Invariant(
        "nomination.findings_listed",
        "Dossiers with findings are found by the lists of findings.",
        "receive the unit's packet again",
        _uncounted,
    ),
    Invariant(
        "nomination.quota_kept",
        "No unit has more people than a quota that binds allows.",
        "let the unit choose who goes, on its page of people",
        _above_quota,
    ),
    Invariant("nomination.superseded_registered", "A dossier that counts no more says why.", _ACTS, _superseded),
    Invariant(
        "nomination.facts_numbered",
        "What was declared of somebody is numbered without a gap.",
        _ACTS,
        lambda: gaps(DeclaredFact.objects.all(), "number", "dossier_id", "key"),
    ),
    Invariant(
        "nomination.packets_numbered",
        "The packets of a unit are numbered without a gap.",
        _ACTS,
        lambda: gaps(Packet.objects.all(), "sequence", "edition_id", "unit_code"),
    ),
    Invariant(
        "nomination.packets_registered",
        "The register knows the receipt of every packet, once.",
        _ACTS,
        lambda: unlike(_packets(), "packet", "packet.received"),
    ),
    Invariant("nomination.packets_whole", "A packet holds the people that it counts.", _ACTS, _miscounted),
    Invariant(
        "nomination.intake_ended",
        "A file was received if and only if it became a packet.",
        _ACTS,
        lambda: Intake.objects.filter(
            Q(state=Intake.State.DONE, packet=None) | Q(packet__isnull=False) & ~Q(state=Intake.State.DONE)
        ),
    ),
    Invariant("nomination.intake_registered", "The register knows the arrival of every file.", _ACTS, _arrived),
    Invariant(
        "nomination.intake_on_its_way",
        "Every file that waits to be read has work waiting to read it.",
        "bring the file again on the receiving page",
        _stranded,
    ),
    Invariant("nomination.mails_registered", "The register knows every mail that was taken in.", _ACTS, _mails),
    Invariant(
        "nomination.mail_packets_brought",
        "Every packet of a mail that was taken went on to be read.",
        "give the mail to its unit on the mailbox page",
        lambda: MailPacket.objects.filter(mail__state=Mail.State.TAKEN, intake=None),
    ),
    Invariant(
        "nomination.mail_packets_numbered",
        "The packets of a mail are numbered from 0 without a gap.",
        _ACTS,
        lambda: (
            Mail.objects.annotate(many=Count("packets"), last=Max("packets__position"))
            .filter(many__gt=0)
            .exclude(many=F("last") + 1)
        ),
    ),
    Invariant(
        "nomination.files_known",
        "Every file that a packet, a mail or a photo names has its row.",
        _FILES,
        lambda: _rowless(_named()),
    ),
    Invariant("nomination.files_there", "Every file that has a row lies in the storage.", _FILES, _lost),
    Invariant(
        "nomination.no_stray_file",
        "Every file in the storage has a row, but for those of the last day.",
        "a process died while it received: bring the packet again, or delete the file, which is sealed",
        _left_behind,
    ),
)
