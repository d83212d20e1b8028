"""A rehearsed recommendation stage: brought in through the acts, the same for the same seed, refused where it does not belong."""

from __future__ import annotations

from pathlib import Path

import pytest

from jiangbang.accounts.models import User
from jiangbang.nomination import evidence
from jiangbang.nomination.dossiers import commitment_holds, full_record
from jiangbang.nomination.models import Dossier, Packet, Revision
from jiangbang.programme.acts import document_hash, load_programme
from jiangbang.programme.models import Edition
from jiangbang.register.models import Entry
from jiangbang.rehearsal.faults import SPOILERS
from jiangbang.rehearsal.plan import plan_stage
from jiangbang.rehearsal.stages import ACCOUNT, CannotRehearseError, Summary, packet_slips, rehearse_recommendation

BUNDLED = Path(__file__).resolve().parents[2] / "programmes" / "hangzhou-digital-craftsman"
ROSTER_ONLY = ("specialty", "remarks")

pytestmark = pytest.mark.django_db


@pytest.fixture
def maker() -> User:
    return User.objects.create(username="maker")


@pytest.fixture
def edition(maker: User) -> Edition:
    load_programme(BUNDLED, by=maker)
    return Edition.objects.get(slug="2023")


def rehearse(edition: Edition, count: int, *, seed: int = 3, fault_rate: float = 0.08) -> Summary:
    said: list[str] = []
    summary = rehearse_recommendation(
        dossiers=count, seed=seed, say=said.append, edition=edition, fault_rate=fault_rate
    )
    assert len(said) == 2
    return summary


def test_a_small_stage_is_received_whole(edition: Edition) -> None:
    summary = rehearse(edition, 30, fault_rate=0)
    assert (summary.people, summary.accepted, summary.waiting, summary.superseded) == (30, 30, 0, 0)
    assert (summary.register_whole, summary.already_received) == (True, 1)
    assert summary.packets == Packet.objects.count()
    assert {packet.received_by.username for packet in Packet.objects.select_related("received_by")} == {ACCOUNT}


def test_records_are_those_of_the_people(edition: Edition) -> None:
    rehearse(edition, 12, fault_rate=0)
    spec = edition.spec
    expected = {}
    for visit in plan_stage(spec, 12, seed=3, fault_rate=0):
        expected.update({slip.person.id_number: slip.person.record for slip in packet_slips(visit, spec, 3)})
    kept = [full_record(revision) for revision in Revision.objects.select_related("person", "dossier__edition")]
    assert {str(record["id_number"]): record for record in kept} == expected


def test_packets_bear_the_arrivals_of_the_plan_and_the_register_real_time(edition: Edition) -> None:
    rehearse(edition, 12, fault_rate=0)
    planned = [visit.at for visit in plan_stage(edition.spec, 12, seed=3, fault_rate=0) if visit.kind == "first"]
    assert list(Packet.objects.order_by("pk").values_list("received_at", flat=True)) == planned
    assert min(Entry.objects.values_list("at", flat=True)) > planned[-1]


def test_commitments_hold_and_photos_lie_in_the_evidence(edition: Edition) -> None:
    rehearse(edition, 6, fault_rate=0)
    for revision in Revision.objects.select_related("person", "dossier__edition"):
        assert commitment_holds(revision)
        assert evidence.read_bytes(revision.photo_sha256).startswith(b"\xff\xd8")


def test_the_register_names_every_packet_and_dossier(edition: Edition) -> None:
    summary = rehearse(edition, 12, fault_rate=0)
    types = list(Entry.objects.values_list("type", flat=True))
    assert types.count("packet.received") == summary.packets
    assert types.count("dossier.accepted") == 12


def test_nobody_can_sign_in_with_the_rehearsal_s_account(edition: Edition) -> None:
    rehearse(edition, 1, fault_rate=0)
    assert not User.objects.get(username=ACCOUNT).has_usable_password()


@pytest.mark.slow
def test_a_demonstration_meets_every_fault_and_is_half_mended(edition: Edition) -> None:
    summary = rehearse(edition, 130, seed=2023)
    wanted = {*SPOILERS, "roster.missing", "duplicate.in_edition", "quota.over_range", "packet.name"}
    assert wanted - set(summary.findings) == set()
    assert summary.corrected > 0
    assert summary.waiting > 0
    assert summary.register_whole
    assert Dossier.objects.filter(state="waiting", block_count=0).count() <= 2


def test_an_edition_with_packets_is_refused(edition: Edition) -> None:
    rehearse(edition, 1, fault_rate=0)
    with pytest.raises(CannotRehearseError, match="holds packets already"):
        rehearse(edition, 1)


def test_an_edition_on_the_real_clock_is_refused(edition: Edition) -> None:
    del edition.document["edition"]["calendar"]["clock"]
    edition.sha256 = document_hash(edition.document)
    with pytest.raises(CannotRehearseError, match="real clock"):
        rehearse(edition, 1)
    assert not Packet.objects.exists()


def test_a_house_without_edition_is_refused() -> None:
    with pytest.raises(CannotRehearseError, match="no edition"):
        rehearse_recommendation(dossiers=1, seed=1, say=print)
