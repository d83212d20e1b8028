"""Reading a packet for receiving or for checking; the worker's ways are in test_tasks."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from nomination.packet_files import make_packet
from nomination.readings import Cast, make_reading, person

from jiangbang.nomination import evidence, intake
from jiangbang.programme.models import Edition

pytestmark = pytest.mark.django_db


def test_a_packet_is_read_with_its_hash_and_progress(edition: Edition, cast: Cast, tmp_path: Path) -> None:
    path, records = make_packet(tmp_path, edition.spec.form, 2, first=60)
    steps: list[tuple[int, int]] = []
    read = intake.read_packet(
        path,
        edition.spec.form,
        name=path.name,
        keep=True,
        progress=lambda done, total, _name: steps.append((done, total)),
    )
    assert (read.sha256, read.size) == (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_size)
    assert steps[-1] == (3, 3)
    assert steps == sorted(steps)
    assert {form.record["name"] for form in read.forms} == {record["name"] for record in records}
    assert [form.photo for form in read.forms] == [None, None]
    kept = {sha256: (kind, size) for sha256, (kind, size) in read.photos.items()}
    assert {sha256: ("image/jpeg", len(evidence.read_bytes(sha256))) for sha256 in read.photos} == kept


def test_checking_keeps_nothing(edition: Edition, tmp_path: Path) -> None:
    path, _ = make_packet(tmp_path, edition.spec.form, 1, first=77)
    read = intake.read_packet(path, edition.spec.form, name=path.name)
    with pytest.raises(FileNotFoundError):
        evidence.read_bytes(next(iter(read.photos)))


def test_a_file_that_is_not_there_is_an_error(edition: Edition, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        intake.read_packet(tmp_path / "nowhere.zip", edition.spec.form, name="nowhere.zip")


def test_no_packet_at_all_is_read_as_findings(edition: Edition, tmp_path: Path) -> None:
    path = tmp_path / "滨江+数字工匠推荐.zip"
    path.write_bytes(b"")
    read = intake.read_packet(path, edition.spec.form, name=path.name)
    assert (read.forms, read.rosters, read.size) == ((), (), 0)
    assert read.sha256 == hashlib.sha256(b"").hexdigest()
    assert "block" in {finding.severity for finding in read.findings}
    assert intake.judge_reading(read, edition.spec, None).verdict == "unreadable"


def test_the_unit_is_told_by_the_name_and_else_by_the_roster() -> None:
    assert intake.unit_hint(make_reading([person(1)], unit="滨江")) == "滨江"


def test_a_judgement_asks_who_is_recommended_elsewhere(edition: Edition) -> None:
    unit = edition.spec.unit("330108")
    judged = intake.judge_reading(
        make_reading([person(1)]),
        edition.spec,
        unit,
        recommended_elsewhere={person(1)["id_number"]: "余杭区总工会"}.get,
    )
    assert "duplicate.in_edition" in [finding.code for finding in judged.dossiers[0].findings]
    assert intake.judge_reading(make_reading([person(1)]), edition.spec, unit).verdict == "clean"
