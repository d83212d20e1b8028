"""What may happen in the recommendation stage."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.kernel.edition import UnitSpec
from jiangbang.nomination import dossiers, facts, holding, policy, queries
from jiangbang.nomination.deadlines import check_deadline, deadline_moment, late_sentence
from jiangbang.nomination.facts import Facts
from jiangbang.nomination.intake import PacketReading, judge_reading
from jiangbang.nomination.models import DeclaredFact, Dossier, Intake, Packet, StoredFile, register_facts
from jiangbang.nomination.queries import PHOTO, accepted_elsewhere, counted_for_quota
from jiangbang.nomination.reading_log import note_reads
from jiangbang.papers.judgement import Judgement
from jiangbang.programme.models import Edition
from jiangbang.queue.jobs import enqueue
from jiangbang.register.acts import Refused, act, nothing_changed, record
from jiangbang.register.canonical import instant

# Findings about the packet as a whole that let none of its people in: without a roster nothing can be cross-checked.
HOLDS_ALL = frozenset({"roster.missing"})
# The job that reads a brought file (tasks.py).
READ_INTAKE, BYTES = "nomination.read_intake", "application/octet-stream"


@act("packet.received", "dossier.accepted", "dossier.waiting", "dossier.held", "dossier.superseded", "facts.declared")
def receive_packet(
    reading: PacketReading,
    *,
    edition: Edition,
    unit: UnitSpec,
    by: User,
    late_reason: str = "",
    late_by: User | None = None,
    received_at: datetime | None = None,
    declared: Mapping[str, Facts] | None = None,
) -> tuple[Packet, Judgement | None]:
    """Receive a packet: clean dossiers are accepted, blocked ones wait with their findings. All of it or nothing.

    Above a quota that binds ("at most") the lowest-ranked newcomers are held, in the order of the roster; the unit is told and chooses.

    The same bytes twice from one unit are recognised: the first packet comes back, with None. People are matched by identity
    number: a corrected packet adds revisions. Receipts of one edition are serialised by the edition's row lock, so two people who
    receive the same packet at once get one packet. `received_at` is when the packet came where that is not now: it counts for the
    deadline and stands on the packet; the register carries the real time all the same. `late_by` accepts it late where that is not `by`.
    `declared` are the facts that the unit declares with the packet, by identity number; what was declared before still counts.

    Refused: `permission`, `late` (after the deadline, without a reason), `unreadable`.
    """
    if not policy.may_bring(by, edition, unit.code):
        raise Refused("permission", _("You may not receive packets in this edition."))
    # no key: whoever brings a file holds the register's head when PostgreSQL checks that the edition exists, and must not wait for us
    edition = Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    twin = Packet.objects.filter(edition=edition, unit_code=unit.code, sha256=reading.sha256).first()
    if twin is not None:
        nothing_changed()
        return twin, None
    arrived = received_at or edition.now()
    late = check_deadline(edition, arrived, by=late_by or by, late_reason=late_reason)
    judgement = judge_packet(reading, edition=edition, unit=unit, declared=declared)
    if judgement.verdict == "unreadable":
        raise Refused("unreadable", unreadable_sentence(judgement))
    above = holding.above_quota(judgement, edition, unit)
    lateness = {"late_reason": late_reason.strip()[:500], "late_by": late_by or by} if late else {}
    arrival = {"received_by": by, "received_at": received_at or timezone.now(), **lateness}
    packet = _keep_packet(judgement, reading, edition, unit, len(above), **arrival)
    _keep_files(reading)
    _keep_dossiers(judgement, packet, above, by=by)
    facts.declare_with_packet(packet, declared or {}, by=by)
    holding.after_receipt(packet, above, by=by)
    return packet, judgement


def judge_packet(
    reading: PacketReading,
    *,
    edition: Edition,
    unit: UnitSpec | None,
    declared: Mapping[str, Facts] | None = None,
) -> Judgement:
    """Judge a reading against the edition as it stands in the database: other units' people, the quota, what was declared."""
    numbers = {str(form.record["id_number"]) for form in reading.forms if form.record.get("id_number")}
    known = queries.declared_by_number(edition, unit, numbers) if unit else {}
    taken = accepted_elsewhere(edition, unit, numbers)
    counted = counted_for_quota(edition, unit, excluding=numbers) if unit else 0
    # whoever takes a title directly is in the packet, but not in the quota
    counted -= len(queries.outside_quota(edition, unit, numbers)) if unit else 0
    return judge_reading(
        reading,
        edition.spec,
        unit,
        recommended_elsewhere=taken.get,
        already_counted=counted,
        declared=known | {number: {**known.get(number, {}), **facts} for number, facts in (declared or {}).items()},
    )


def unreadable_sentence(judgement: Judgement) -> str:
    """The first reason why nothing could be read."""
    reasons = [finding.message() for finding in judgement.findings if finding.severity == "block"]
    return reasons[0] if reasons else _("The packet holds neither a form nor a roster.")


def _keep_packet(
    judgement: Judgement,
    reading: PacketReading,
    edition: Edition,
    unit: UnitSpec,
    above: int,
    **arrival: Any,
) -> Packet:
    sequence = Packet.objects.filter(edition=edition, unit_code=unit.code).count() + 1
    held = holds_all(judgement)
    accepted = 0 if held else sum(dossier.clean for dossier in judgement.dossiers) - above
    return Packet.objects.create(
        edition=edition,
        unit_code=unit.code,
        sequence=sequence,
        number=f"{edition.slug}-{unit.code}-{sequence:03d}",
        file_name=reading.file_name,
        sha256=reading.sha256,
        size=reading.size,
        members=[asdict(member) for member in reading.members],
        findings=[finding.as_stored() for finding in judgement.findings],
        roster=judgement.roster_source and {"source": judgement.roster_source, "rows": len(judgement.roster_rows)},
        verdict=judgement.verdict,
        accepted_count=accepted,
        waiting_count=len(judgement.dossiers) - accepted,
        **arrival,
    )


def holds_all(judgement: Judgement) -> bool:
    """Whether something about the whole packet lets none of its people in."""
    return any(finding.code in HOLDS_ALL and finding.severity == "block" for finding in judgement.findings)


def _keep_files(reading: PacketReading) -> None:
    """Rows for the evidence that the reading has put into storage."""
    files = [StoredFile(sha256=reading.sha256, size=reading.size, media_type=BYTES)]
    files += [StoredFile(sha256=sha, size=size, media_type=kind) for sha, (kind, size) in reading.photos.items()]
    StoredFile.objects.bulk_create(files, ignore_conflicts=True, batch_size=500)


def _keep_dossiers(judgement: Judgement, packet: Packet, above: Set[int], *, by: User) -> None:
    """Match each judged person to a dossier, add its revision, and say so in the register."""
    kept = dossiers.keep_judged(judgement, packet, hold_all=holds_all(judgement), above=above)
    edition = packet.edition.key
    record(
        "packet.received",
        by=by,
        edition=edition,
        subject=f"packet:{packet.pk}",
        facts=register_facts(
            {
                "sha256": packet.sha256,
                "unit": packet.unit_code,
                "number": packet.number,
                "verdict": packet.verdict,
                "members": len(packet.members),
                "accepted": packet.accepted_count,
                "waiting": packet.waiting_count,
                "late": True if packet.late_reason else None,
                "late_reason": packet.late_reason or None,
                "late_by": f"user:{packet.late_by_id}" if packet.late_by_id else None,
                "programme_sha256": packet.edition.sha256,
            }
        ),
    )
    _record_dossiers(kept.revisions, packet, edition, by=by)
    for subject in kept.superseded:
        record("dossier.superseded", by=by, edition=edition, subject=subject, facts={"packet": packet.number})


def _record_dossiers(revisions: Iterable[dossiers.KeptRevision], packet: Packet, edition: str, *, by: User) -> None:
    for revision in revisions:
        told: dict[str, Any] = {
            "packet": packet.number,
            "revision": revision.number,
            "commitment": revision.commitment,
            "photo": revision.photo_sha256 or None,
        }
        if revision.state == Dossier.State.WAITING:
            told["findings"] = list(revision.block_codes)
        record(
            f"dossier.{revision.state}",
            by=by,
            edition=edition,
            subject=revision.subject,
            facts=register_facts(told),
        )


@act("facts.declared")
def declare_facts(
    dossier: Dossier, declared: Facts, *, source: DeclaredFact.Source, by: User, evidence: str = ""
) -> list[str]:
    """Say of a dossier what its form does not carry; None takes a fact back. Returns the keys that changed.

    `evidence` is the hash of the stored file that shows it. What was declared before is kept beside it.

    Refused: `permission`; `unknown_fact` for a key that the edition does not ask for, or a value of another kind.
    """
    rows = Dossier.objects.select_for_update(of=("self",)).select_related("edition", "person")
    dossier = rows.defer("edition__document").get(pk=dossier.pk)
    if not policy.may_declare_facts(by, dossier.edition, dossier.unit_code):
        raise Refused("permission", _("You may not declare facts about this person."))
    changed = facts.declare(dossier, declared, source=source, by=by, evidence=evidence)
    if not changed:
        nothing_changed()
    return changed


@act("packet.arrived", "packet.refused")
def bring_packet(
    *,
    edition: Edition,
    file_name: str,
    sha256: str,
    size: int,
    unit_code: str,
    channel: str,
    by: User,
    late_reason: str = "",
    arrived_at: datetime | None = None,
) -> Intake:
    """Put a file that lies in the evidence storage into the queue; a worker reads it.

    `arrived_at` is when the server had the whole file, where that is not now: waiting for the disk or the database makes nothing late.
    What comes after the deadline without a reason is held within the grace and refused after it, at once and unread.

    Refused: `permission`.
    """
    if not policy.may_bring(by, edition, unit_code):
        raise Refused("permission", _("You may not receive packets in this edition."))
    intake = Intake.objects.create(
        edition=edition,
        unit_code=unit_code,
        file_name=file_name[-255:],
        sha256=sha256,
        size=size,
        channel=channel,
        brought_by=by,
        brought_at=arrived_at or timezone.now(),
        late_reason=late_reason,
        late_by=by if late_reason else None,
    )
    StoredFile.objects.bulk_create([StoredFile(sha256=sha256, size=size, media_type=BYTES)], ignore_conflicts=True)
    record(
        "packet.arrived",
        by=by,
        edition=edition.key,
        subject=f"intake:{intake.pk}",
        facts={"sha256": sha256, "size": size, "unit": unit_code, "channel": channel},
    )
    arrived = deadline_moment(intake)
    if not late_reason.strip() and edition.deadline.standing(arrived) != "open":
        refuse_intake(intake, code="late", sentence=late_sentence(edition, arrived))
    else:
        enqueue(READ_INTAKE, intake=str(intake.pk))
    return intake


@act("packet.refused")
def refuse_intake(intake: Intake, *, code: str, sentence: str) -> None:
    """End an intake that cannot become a packet, with the reason. The file stays in the evidence storage.

    What is late within the grace is held instead: it is no refusal, and nothing is registered before an organiser has decided.
    """
    at = deadline_moment(intake)
    held = code == "late" and intake.edition.deadline.standing(at) == "grace"
    intake.state = Intake.State.HELD if held else Intake.State.FAILED
    intake.failure_code, intake.failure = code, sentence[:500]
    intake.save(update_fields=["state", "failure_code", "failure"])
    if held:
        nothing_changed()
        return
    times = {"deadline": instant(intake.edition.deadline.at), "arrived": instant(at)} if code == "late" else {}
    record(
        "packet.refused",
        by=intake.brought_by,
        edition=intake.edition.key,
        subject=f"intake:{intake.pk}",
        facts={"sha256": intake.sha256, "unit": intake.unit_code, "reason": code, **times},
    )


@act("value.revealed")
def reveal_value(dossier: Dossier, field: str, *, by: User) -> str:
    """Unmask one sensitive value for one person; the register says who saw which field of whom, never the value.

    Refused: `permission`; `unknown_field`; `absent` when the value is not given.
    """
    if not policy.may_reveal(by, dossier.edition):
        raise Refused("permission", _("You may not see sensitive values in this edition."))
    if field not in dossier.edition.spec.form.keys_of("sensitive") or dossier.revision is None:
        raise Refused("unknown_field", _("There is no such field to reveal."))
    value = dossiers.full_record(dossier.revision).get(field)
    if value is None or not isinstance(value, str | int):
        raise Refused("absent", _("This value was not given."))
    note_reads([dossier.pk], field, by=by)
    record(
        "value.revealed",
        by=by,
        edition=dossier.edition.key,
        subject=dossier.subject,
        facts={"field": field, "revision": dossier.revision.number},
    )
    return str(value)


@act("value.revealed")
def note_photo_look(dossier: Dossier, *, by: User) -> None:
    """Register that a person looked at the photo: once a day for each dossier, for it is on the page whatever they came for.

    Call before the bytes are sent. The day is that of the server's clock. Refused: `permission`; `absent` when there is no photo.
    """
    if not policy.may_reveal(by, dossier.edition):
        raise Refused("permission", _("You may not see sensitive values in this edition."))
    if dossier.revision is None or not dossier.revision.photo_sha256:
        raise Refused("absent", _("This value was not given."))
    note_reads([dossier.pk], PHOTO, by=by)
    if queries.photo_seen_since(dossier, _midnight(), by=by):
        nothing_changed()
        return
    record(
        "value.revealed",
        by=by,
        edition=dossier.edition.key,
        subject=dossier.subject,
        facts={"field": PHOTO, "revision": dossier.revision.number},
    )


def _midnight() -> datetime:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


@act("file.downloaded")
def note_download(
    subject: str,
    what: str,
    *,
    edition: Edition,
    by: User,
    sha256: str | None = None,
    may: Callable[[User, Edition], bool] = policy.may_export,
) -> None:
    """Register that papers or a list left the house; before the bytes are sent. `may`: who takes this one away. Refused: `permission`."""
    if not may(by, edition):
        raise Refused("permission", _("You may not take papers of this edition away."))
    record(
        "file.downloaded",
        by=by,
        edition=edition.key,
        subject=subject,
        facts=register_facts({"file": what, "sha256": sha256}),
    )


@act("packet.arrived")
def answer_intake(intake: Intake, *, by: User, unit_code: str = "", late_reason: str = "") -> None:
    """Put a file that waited for a person's word back into the queue: its unit, or the reason why it is accepted late.

    Refused: `permission`; `not_waiting` when nothing was asked; `unknown_unit`; `no_reason`.
    """
    intake = Intake.objects.select_for_update().select_related("edition").get(pk=intake.pk)
    if not policy.may_receive_packets(by, intake.edition):
        raise Refused("permission", _("You may not receive packets in this edition."))
    late = intake.failure_code == "late" and intake.state in (Intake.State.FAILED, Intake.State.HELD)
    if not late and intake.state != Intake.State.NEEDS_UNIT:
        raise Refused("not_waiting", _("This file is not waiting for an answer."))
    if late and not late_reason.strip():
        raise Refused("no_reason", _("Give the reason why this packet is accepted after the deadline."))
    if late and not policy.may_accept_late(by, intake.edition):
        raise Refused("permission", _("You may not accept papers after the deadline."))
    if (unit_code and unit_code not in {unit.code for unit in intake.edition.spec.units}) or not (late or unit_code):
        raise Refused("unknown_unit", _("Choose the unit that this packet comes from."))
    intake.unit_code = unit_code or intake.unit_code
    if late:
        intake.late_reason, intake.late_by = late_reason.strip()[:500], by
    intake.state = Intake.State.WAITING
    intake.failure_code = intake.failure = ""
    intake.save(update_fields=["unit_code", "late_reason", "late_by", "state", "failure_code", "failure"])
    enqueue(READ_INTAKE, intake=str(intake.pk))
    record(
        "packet.arrived",
        by=by,
        edition=intake.edition.key,
        subject=f"intake:{intake.pk}",
        facts={"sha256": intake.sha256, "size": intake.size, "unit": intake.unit_code, "channel": "answer"},
    )
