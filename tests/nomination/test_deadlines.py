"""What comes around the deadline: to the second, with and without grace, in the edition's zone."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from nomination.conftest import BUNDLED
from nomination.readings import Cast, MakeReading, person

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role
from jiangbang.nomination import acts
from jiangbang.nomination.models import Intake, Packet
from jiangbang.programme.acts import extend_deadline, load_programme
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db
CHINA = ZoneInfo("Asia/Shanghai")
DUE = datetime(2023, 3, 31, 23, 59, 59, tzinfo=CHINA)


@pytest.fixture
def gracious(cast: Cast, tmp_path: Path) -> Edition:
    """The edition on the real clock, with ten minutes of grace."""
    folder = Path(shutil.copytree(BUNDLED, tmp_path / "programme"))
    text = (folder / "2023.toml").read_text(encoding="utf-8")
    text = text.replace("clock = 2023-03-20T09:00:00+08:00", "grace_minutes = 10")
    (folder / "2023.toml").write_text(text, encoding="utf-8")
    load_programme(folder, by=cast.organiser)
    return Edition.objects.get(slug="2023")


def bring(edition: Edition, cast: Cast, seconds: float) -> Intake:
    return acts.bring_packet(
        edition=edition,
        file_name="a.zip",
        sha256="0" * 64,
        size=5,
        unit_code="330108",
        channel="web",
        by=cast.organiser,
        arrived_at=DUE + timedelta(seconds=seconds),
    )


@pytest.mark.parametrize(
    ("seconds", "state"), [(-1, "waiting"), (0, "waiting"), (0.999999, "waiting"), (1, "failed"), (2, "failed")]
)
def test_what_came_in_the_last_second_counts_and_the_next_is_refused(
    ended_edition: Edition, cast: Cast, seconds: float, state: str
) -> None:
    intake = bring(ended_edition, cast, seconds)
    assert intake.state == state
    refused = Entry.objects.filter(type="packet.refused")
    assert refused.count() == (state == "failed")
    for entry in refused:
        assert entry.facts["deadline"] == "2023-03-31T15:59:59.000000Z"
        assert entry.facts["arrived"] == f"2023-03-31T16:00:0{int(seconds) - 1}.000000Z"
        assert f"2023-04-01 00:00:0{int(seconds) - 1}" in intake.failure


@pytest.mark.parametrize("seconds", [-1, 0, 0.999999])
def test_a_reading_that_arrived_in_time_is_received(
    ended_edition: Edition, cast: Cast, reading: MakeReading, seconds: float
) -> None:
    at, unit = DUE + timedelta(seconds=seconds), ended_edition.spec.unit("330108")
    packet, _ = acts.receive_packet(
        reading([person(1)]), edition=ended_edition, unit=unit, by=cast.organiser, received_at=at
    )
    assert (packet.received_at, packet.late_by, packet.late_reason) == (at, None, "")


@pytest.mark.parametrize("seconds", [1, 2])
def test_a_reading_that_arrived_late_is_refused(
    ended_edition: Edition, cast: Cast, reading: MakeReading, seconds: float
) -> None:
    at, unit = DUE + timedelta(seconds=seconds), ended_edition.spec.unit("330108")
    with pytest.raises(Refused) as refusal:
        acts.receive_packet(reading([person(1)]), edition=ended_edition, unit=unit, by=cast.organiser, received_at=at)
    assert (refusal.value.code, Packet.objects.count()) == ("late", 0)


@pytest.mark.parametrize(
    ("seconds", "state"), [(0.999999, "waiting"), (1, "held"), (600.9, "held"), (601, "failed"), (3600, "failed")]
)
def test_within_the_grace_a_late_file_is_held_not_refused(
    gracious: Edition, cast: Cast, seconds: float, state: str
) -> None:
    intake = bring(gracious, cast, seconds)
    assert intake.state == state
    assert Entry.objects.filter(type="packet.refused").count() == (state == "failed")


def test_what_is_held_goes_in_by_an_organisers_word_only(gracious: Edition, cast: Cast, reading: MakeReading) -> None:
    intake = bring(gracious, cast, 60)
    with pytest.raises(Refused) as refusal:
        acts.answer_intake(intake, by=cast.organiser)
    assert refusal.value.code == "no_reason"
    second = create_account("second", role=Role.ORGANISER, password=None)
    acts.answer_intake(intake, late_reason="网络中断", by=second)
    intake.refresh_from_db()
    assert (intake.state, intake.late_by, intake.late_reason) == ("waiting", second, "网络中断")


def test_the_grace_makes_nothing_timely(gracious: Edition, cast: Cast, reading: MakeReading) -> None:
    unit, at = gracious.spec.unit("330108"), DUE + timedelta(seconds=1)
    with pytest.raises(Refused) as refusal:
        acts.receive_packet(reading([person(1)]), edition=gracious, unit=unit, by=cast.organiser, received_at=at)
    assert refusal.value.code == "late"
    assert "2023-04-01 00:00:00" in str(refusal.value)


def test_who_may_not_accept_late_accepts_nothing_late(ended_edition: Edition, cast: Cast, reading: MakeReading) -> None:
    unit = ended_edition.spec.unit("330108")
    with pytest.raises(Refused) as refusal:
        acts.receive_packet(
            reading([person(1)]),
            edition=ended_edition,
            unit=unit,
            by=cast.organiser,
            late_reason="因故",
            late_by=cast.system,
        )
    assert refusal.value.code == "permission"


def test_after_an_extension_what_was_late_is_in_time(edition: Edition, cast: Cast) -> None:
    extend_deadline(edition, to=DUE + timedelta(days=1), reason="系统检修", by=cast.organiser)
    edition.refresh_from_db()
    deadline = edition.deadline
    assert deadline.standing(DUE + timedelta(seconds=1)) == "open"
    assert deadline.standing(DUE + timedelta(days=1, seconds=1)) == "closed"
