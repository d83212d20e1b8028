"""What may happen in the recommendation stage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.kernel.edition import UnitSpec
from jiangbang.nomination import dossiers, policy, queries
from jiangbang.nomination.intake import PacketReading, judge_reading
from jiangbang.nomination.models import Dossier, Intake, Packet, StoredFile, register_facts
from jiangbang.nomination.queries import PHOTO, accepted_elsewhere, counted_for_quota
from jiangbang.papers.judgement import Judgement
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, nothing_changed, record

# Findings about the packet as a whole that let none of its people in: without a roster nothing can be cross-checked; above a
# hard quota ("at most") the unit must choose whom it withdraws.
HOLDS_ALL = frozenset({"roster.missing", "quota.over_range"})


@act("packet.received", "dossier.accepted", "dossier.waiting", "dossier.superseded")
def receive_packet(
    reading: PacketReading,
    *,
    edition: Edition,
    unit: UnitSpec,
    by: User,
    late_reason: str = "",
    received_at: datetime | None = None,
) -> tuple[Packet, Judgement | None]:
    """Receive a packet: clean dossiers are accepted, blocked ones wait with their findings. All of it or nothing.

    The same bytes twice from one unit are recognised: the first packet comes back, with None. People are matched by identity
    number: a corrected packet adds revisions. Receipts of one edition are serialised by the edition's row lock, so two people who
    receive the same packet at once get one packet. `received_at` is when the packet came where that is not now: it counts for the
    deadline and stands on the packet; the register carries the real time all the same.

    Refused: `permission`, `late` (after the deadline, without a reason), `unreadable` (nothing in it could be read).
    """
    if not policy.may_receive_packets(by, edition):
        raise Refused("permission", _("You may not receive packets in this edition."))
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    twin = Packet.objects.filter(edition=edition, unit_code=unit.code, sha256=reading.sha256).first()
    if twin is not None:
        nothing_changed()
        return twin, None
    arrived = received_at or edition.now()
    late = check_deadline(edition, arrived, by=by, late_reason=late_reason)
    judgement = judge_packet(reading, edition=edition, unit=unit)
    if judgement.verdict == "unreadable":
        raise Refused("unreadable", unreadable_sentence(judgement))
    packet = _keep_packet(
        judgement, reading, edition, unit, by, late_reason if late else "", received_at or timezone.now()
    )
    _keep_files(reading)
    _keep_dossiers(judgement, packet, by=by)
    return packet, judgement


def check_deadline(edition: Edition, at: datetime, *, by: User, late_reason: str) -> bool:
    """Whether `at` is late. Refused (`late`) unless a person with the right gives a reason. L-3: the whole last day counts."""
    deadline = edition.spec.deadline
    if at <= deadline:
        return False
    if not late_reason.strip():
        raise Refused(
            "late",
            _(
                "The deadline was %(deadline)s; this packet came at %(at)s. It was not received. "
                "An organiser may accept it late by giving a reason."
            )
            % {"deadline": _clock_text(deadline, deadline), "at": _clock_text(at, deadline)},
        )
    if not policy.may_accept_late(by, edition):
        raise Refused("permission", _("You may not accept papers after the deadline."))
    return True


def judge_packet(reading: PacketReading, *, edition: Edition, unit: UnitSpec | None) -> Judgement:
    """Judge a reading against the edition as it stands in the database: other units' people, the quota so far."""
    numbers = {str(form.record["id_number"]) for form in reading.forms if form.record.get("id_number")}
    taken = accepted_elsewhere(edition, unit, numbers)
    return judge_reading(
        reading,
        edition.spec,
        unit,
        recommended_elsewhere=taken.get,
        already_counted=counted_for_quota(edition, unit, excluding=numbers) if unit else 0,
    )


def unreadable_sentence(judgement: Judgement) -> str:
    """The first reason why nothing could be read."""
    reasons = [finding.message() for finding in judgement.findings if finding.severity == "block"]
    return reasons[0] if reasons else _("The packet holds neither a form nor a roster.")


def _clock_text(at: datetime, zone_of: datetime) -> str:
    return at.astimezone(zone_of.tzinfo).strftime("%Y-%m-%d %H:%M:%S")


def _keep_packet(
    judgement: Judgement,
    reading: PacketReading,
    edition: Edition,
    unit: UnitSpec,
    by: User,
    late_reason: str,
    received_at: datetime,
) -> Packet:
    sequence = Packet.objects.filter(edition=edition, unit_code=unit.code).count() + 1
    held = holds_all(judgement)
    accepted = 0 if held else sum(dossier.clean for dossier in judgement.dossiers)
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
        received_at=received_at,
        received_by=by,
        late_reason=late_reason,
    )


def holds_all(judgement: Judgement) -> bool:
    """Whether something about the whole packet lets none of its people in."""
    return any(finding.code in HOLDS_ALL and finding.severity == "block" for finding in judgement.findings)


def _keep_files(reading: PacketReading) -> None:
    """Rows for the evidence that the reading has put into storage."""
    files = [StoredFile(sha256=reading.sha256, size=reading.size, media_type="application/octet-stream")]
    files += [StoredFile(sha256=sha, size=size, media_type=kind) for sha, (kind, size) in reading.photos.items()]
    StoredFile.objects.bulk_create(files, ignore_conflicts=True, batch_size=500)


def _keep_dossiers(judgement: Judgement, packet: Packet, *, by: User) -> None:
    """Match each judged person to a dossier, add its revision, and say so in the register."""
    kept = dossiers.keep_judged(judgement, packet, hold_all=holds_all(judgement))
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
                "programme_sha256": packet.edition.sha256,
            }
        ),
    )
    _record_dossiers(kept.revisions, packet, edition, by=by)
    for subject in kept.superseded:
        record("dossier.superseded", by=by, edition=edition, subject=subject, facts={"packet": packet.number})


def _record_dossiers(revisions: Iterable[dossiers.KeptRevision], packet: Packet, edition: str, *, by: User) -> None:
    for revision in revisions:
        facts: dict[str, Any] = {
            "packet": packet.number,
            "revision": revision.number,
            "commitment": revision.commitment,
            "photo": revision.photo_sha256 or None,
        }
        if not revision.accepted:
            facts["findings"] = list(revision.block_codes)
        record(
            "dossier.accepted" if revision.accepted else "dossier.waiting",
            by=by,
            edition=edition,
            subject=revision.subject,
            facts=register_facts(facts),
        )


@act("packet.arrived")
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
) -> Intake:
    """Put a file that lies in the evidence storage into the queue; a worker reads it."""
    if not policy.may_receive_packets(by, edition):
        raise Refused("permission", _("You may not receive packets in this edition."))
    intake = Intake.objects.create(
        edition=edition,
        unit_code=unit_code,
        file_name=file_name[-255:],
        sha256=sha256,
        size=size,
        channel=channel,
        brought_by=by,
        late_reason=late_reason,
    )
    record(
        "packet.arrived",
        by=by,
        edition=edition.key,
        subject=f"intake:{intake.pk}",
        facts={"sha256": sha256, "size": size, "unit": unit_code, "channel": channel},
    )
    return intake


@act("packet.refused")
def refuse_intake(intake: Intake, *, code: str, sentence: str) -> None:
    """End an intake that cannot become a packet, with the reason. The file stays in the evidence storage."""
    intake.state = Intake.State.FAILED
    intake.failure_code, intake.failure = code, sentence[:500]
    intake.lease_until = None
    intake.save(update_fields=["state", "failure_code", "failure", "lease_until"])
    record(
        "packet.refused",
        by=intake.brought_by,
        edition=intake.edition.key,
        subject=f"intake:{intake.pk}",
        facts={"sha256": intake.sha256, "unit": intake.unit_code, "reason": code},
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
def note_download(subject: str, what: str, *, edition: Edition, by: User, sha256: str | None = None) -> None:
    """Register that papers with personal data left the house. Call before the bytes are sent.

    Refused: `permission`.
    """
    if not policy.may_export(by, edition):
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
    late = intake.state == Intake.State.FAILED and intake.failure_code == "late"
    if not late and intake.state != Intake.State.NEEDS_UNIT:
        raise Refused("not_waiting", _("This file is not waiting for an answer."))
    if late and not late_reason.strip():
        raise Refused("no_reason", _("Give the reason why this packet is accepted after the deadline."))
    if (unit_code and unit_code not in {unit.code for unit in intake.edition.spec.units}) or not (late or unit_code):
        raise Refused("unknown_unit", _("Choose the unit that this packet comes from."))
    intake.unit_code = unit_code or intake.unit_code
    intake.late_reason = late_reason.strip()[:500] or intake.late_reason
    intake.state, intake.attempts = Intake.State.WAITING, 0
    intake.failure_code = intake.failure = ""
    intake.save(update_fields=["unit_code", "late_reason", "state", "attempts", "failure_code", "failure"])
    record(
        "packet.arrived",
        by=by,
        edition=intake.edition.key,
        subject=f"intake:{intake.pk}",
        facts={"sha256": intake.sha256, "size": intake.size, "unit": intake.unit_code, "channel": "answer"},
    )
