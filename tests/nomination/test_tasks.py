"""The intake worker: real files, real reading, every ending."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError
from django.utils import timezone
from nomination.packet_files import make_packet
from nomination.readings import Cast

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role
from jiangbang.nomination import acts, evidence, tasks
from jiangbang.nomination import intake as intakes
from jiangbang.nomination.dossiers import full_record
from jiangbang.nomination.models import Dossier, Intake, Packet
from jiangbang.programme.models import Edition
from jiangbang.queue import worker
from jiangbang.queue.jobs import enqueue
from jiangbang.queue.models import Job
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db


def bring(path: Path, edition: Edition, cast: Cast, **more: Any) -> Intake:
    sha256, size = intakes.file_hash(path)
    evidence.keep_file(path, sha256)
    told: dict[str, Any] = {"unit_code": "", "channel": "web", **more}
    return acts.bring_packet(edition=edition, file_name=path.name, sha256=sha256, size=size, by=cast.organiser, **told)


def worked(intake: Intake) -> Intake:
    assert worker.work_once() is True
    intake.refresh_from_db()
    return intake


def test_a_brought_packet_is_read_and_received(edition: Edition, cast: Cast, tmp_path: Path) -> None:
    path, records = make_packet(tmp_path, edition.spec.form, 11)
    intake = worked(bring(path, edition, cast))
    assert (intake.state, intake.failure) == ("done", "")
    packet = Packet.objects.get()
    assert (packet.verdict, packet.accepted_count, intake.packet, intake.unit_code) == ("clean", 11, packet, "330108")
    assert intake.done_members == intake.total_members == 12
    kept = {dossier.name: full_record(dossier.revision) for dossier in Dossier.objects.all()}  # type: ignore[arg-type]
    assert kept == {record["name"]: record for record in records}
    photo = records[0]["photo"]
    assert isinstance(photo, dict)
    assert len(evidence.read_bytes(photo["sha256"])) > 1000
    assert worker.work_once() is False


def test_a_packet_that_names_no_unit_asks_for_it(edition: Edition, cast: Cast, tmp_path: Path) -> None:
    path, _ = make_packet(tmp_path, edition.spec.form, 1, unit="某某")
    intake = worked(bring(path, edition, cast))
    assert (intake.state, Packet.objects.count()) == ("needs_unit", 0)


def test_the_unit_that_was_told_rules(edition: Edition, cast: Cast, tmp_path: Path) -> None:
    path, _ = make_packet(tmp_path, edition.spec.form, 1, unit="某某")
    assert worked(bring(path, edition, cast, unit_code="330110")).state == "done"
    assert Packet.objects.get().unit_code == "330110"


def test_a_file_that_is_no_packet_ends_with_a_sentence(edition: Edition, cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "滨江+数字工匠推荐.zip"
    path.write_bytes(b"this is not an archive")
    intake = worked(bring(path, edition, cast))
    assert (intake.state, intake.failure_code) == ("failed", "unreadable")
    assert intake.failure
    assert Entry.objects.latest("index").type == "packet.refused"


def test_a_late_packet_ends_with_the_time(ended_edition: Edition, cast: Cast, tmp_path: Path) -> None:
    path, _ = make_packet(tmp_path, ended_edition.spec.form, 1)
    intake = bring(path, ended_edition, cast)
    assert (intake.state, intake.failure_code) == ("failed", "late")
    assert "2023-03-31 23:59:59" in intake.failure
    assert worker.work_once() is False


def test_a_late_packet_that_slipped_into_the_queue_is_refused_unread(
    ended_edition: Edition, cast: Cast, tmp_path: Path
) -> None:
    path, _ = make_packet(tmp_path, ended_edition.spec.form, 1)
    intake = bring(path, ended_edition, cast)
    Intake.objects.update(state="waiting", failure_code="")
    enqueue(tasks.read_intake, intake=str(intake.pk))
    with mock.patch.object(intakes, "read_packet") as read:
        worked(intake)
    assert (intake.state, intake.failure_code, read.called) == ("failed", "late", False)


def test_a_packet_that_came_in_time_is_received_though_it_is_read_after_the_deadline(
    ended_edition: Edition, cast: Cast, tmp_path: Path
) -> None:
    path, _ = make_packet(tmp_path, ended_edition.spec.form, 1)
    last_moment = ended_edition.deadline.at + timedelta(microseconds=999_999)
    intake = worked(bring(path, ended_edition, cast, arrived_at=last_moment))
    assert (intake.state, Packet.objects.get().received_at, Packet.objects.get().late_by) == ("done", last_moment, None)


def test_who_accepts_a_late_packet_is_not_always_who_brought_it(
    ended_edition: Edition, cast: Cast, tmp_path: Path
) -> None:
    path, _ = make_packet(tmp_path, ended_edition.spec.form, 1)
    intake = bring(path, ended_edition, cast)
    other = create_account("second", role=Role.ORGANISER, password=None)
    acts.answer_intake(intake, late_reason="邮路中断", by=other)
    worked(intake)
    packet = Packet.objects.get()
    assert (packet.received_by, packet.late_by, packet.late_reason) == (cast.organiser, other, "邮路中断")
    assert Entry.objects.get(type="packet.received").facts["late_by"] == f"user:{other.pk}"


def test_a_late_packet_with_a_reason_is_received(ended_edition: Edition, cast: Cast, tmp_path: Path) -> None:
    path, _ = make_packet(tmp_path, ended_edition.spec.form, 1)
    assert worked(bring(path, ended_edition, cast, late_reason="邮路中断")).state == "done"


def test_a_full_storage_is_said(edition: Edition, cast: Cast, tmp_path: Path) -> None:
    path, _ = make_packet(tmp_path, edition.spec.form, 1)
    intake = bring(path, edition, cast)
    with mock.patch.object(evidence, "keep_bytes", side_effect=OSError(28, "No space left on device")):
        worked(intake)
    assert (intake.state, intake.failure_code) == ("failed", "storage")


def test_a_fault_of_the_program_ends_one_intake_only(edition: Edition, cast: Cast, tmp_path: Path) -> None:
    path, _ = make_packet(tmp_path, edition.spec.form, 1)
    first, second = bring(path, edition, cast), bring(path, edition, cast)
    with mock.patch.object(intakes, "read_packet", side_effect=ZeroDivisionError):
        worked(first)
    assert (first.state, first.failure_code) == ("failed", "fault")
    assert worked(second).state == "done"


def test_a_dead_workers_file_is_read_by_another(edition: Edition, cast: Cast, tmp_path: Path) -> None:
    path, _ = make_packet(tmp_path, edition.spec.form, 1)
    intake = bring(path, edition, cast)
    assert worker.claim() is not None
    assert worker.work_once() is False
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    worker.reap()
    Job.objects.update(run_at=timezone.now())
    assert worked(intake).state == "done"
    assert Job.objects.get().attempts == 2


def test_a_file_that_kills_workers_is_set_aside(edition: Edition, cast: Cast, tmp_path: Path) -> None:
    path, _ = make_packet(tmp_path, edition.spec.form, 1)
    intake = bring(path, edition, cast)
    Intake.objects.update(state="reading")
    Job.objects.update(state="running", attempts=tasks.MAX_ATTEMPTS, lease_until=timezone.now() - timedelta(seconds=1))
    assert worker.reap() == 1
    intake.refresh_from_db()
    assert (intake.state, intake.failure_code, Job.objects.get().state) == ("failed", "fault", "aside")


def test_an_intake_that_has_ended_is_left_alone(edition: Edition, cast: Cast, tmp_path: Path) -> None:
    path, _ = make_packet(tmp_path, edition.spec.form, 1)
    intake = bring(path, edition, cast)
    acts.refuse_intake(intake, code="storage", sentence="no")
    assert (worked(intake).state, Job.objects.get().state) == ("failed", "done")


def test_a_fault_of_the_database_lets_the_queue_try_again(edition: Edition, cast: Cast, tmp_path: Path) -> None:
    path, _ = make_packet(tmp_path, edition.spec.form, 1)
    intake = bring(path, edition, cast)
    with mock.patch.object(intakes, "read_packet", side_effect=OperationalError("the database is away")):
        worked(intake)
    assert (intake.state, Job.objects.get().state) == ("reading", "waiting")
    Job.objects.update(run_at=timezone.now())
    assert worked(intake).state == "done"
