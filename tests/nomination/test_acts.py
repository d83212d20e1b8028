"""Receiving packets, revealing values, taking papers away."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from unittest import mock

import pytest
from django.db import connection
from nomination.readings import Cast, MakeReading, person

from jiangbang.nomination import acts, dossiers, queries
from jiangbang.nomination.models import Dossier, Intake, Packet, Person, Revision
from jiangbang.programme.models import Edition
from jiangbang.queue.models import Job
from jiangbang.register import acts as register_acts
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db
CHINA = timezone(timedelta(hours=8))


def receive(edition: Edition, cast: Cast, reading: object, unit: str = "330108", **more: object) -> Packet:
    packet, _ = acts.receive_packet(reading, edition=edition, unit=edition.spec.unit(unit), by=cast.organiser, **more)  # type: ignore[arg-type]
    return packet


def entry_types() -> list[str]:
    return list(Entry.objects.filter(type__regex="^(packet|dossier)").order_by("index").values_list("type", flat=True))


def test_a_clean_packet_is_accepted_whole(edition: Edition, cast: Cast, reading: MakeReading) -> None:
    packet = receive(edition, cast, reading([person(n) for n in range(12)]))
    assert (packet.number, packet.verdict, packet.accepted_count, packet.waiting_count) == (
        "2023-330108-001",
        "clean",
        12,
        0,
    )
    assert Dossier.objects.filter(state="accepted").count() == 12
    assert entry_types() == ["packet.received"] + ["dossier.accepted"] * 12
    entry = Entry.objects.get(type="packet.received")
    assert entry.facts == {
        "sha256": packet.sha256,
        "unit": "330108",
        "number": "2023-330108-001",
        "verdict": "clean",
        "members": 13,
        "accepted": 12,
        "waiting": 0,
        "programme_sha256": edition.sha256,
    }


def test_the_kept_record_is_the_read_one_with_the_rosters_columns(
    edition: Edition, cast: Cast, reading: MakeReading
) -> None:
    receive(edition, cast, reading([person(1)]))
    revision = Revision.objects.get()
    assert dossiers.full_record(revision) == person(1)
    assert dossiers.commitment_holds(revision)


def test_sensitive_and_personal_values_never_lie_in_clear(edition: Edition, cast: Cast, reading: MakeReading) -> None:
    record = person(3, political_status="民盟盟员", native_place="江西上饶")
    receive(edition, cast, reading([record]))
    tables = connection.introspection.table_names()
    found = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                text = repr(row)
                found += [
                    (table, key)
                    for key in ("id_number", "mobile", "address", "political_status", "native_place")
                    if str(record[key]) in text
                ]
    assert found == []


def test_blocked_dossiers_wait_and_clean_ones_go_in(edition: Edition, cast: Cast, reading: MakeReading) -> None:
    packet = receive(edition, cast, reading([person(1), person(2, mobile=None)]))
    assert (packet.verdict, packet.accepted_count, packet.waiting_count) == ("blocked", 1, 1)
    waiting = Dossier.objects.get(state="waiting")
    assert waiting.name == person(2)["name"]
    assert [finding.code for finding in waiting.revision.found if finding.severity == "block"] == ["field.missing"]  # type: ignore[union-attr]
    assert Entry.objects.get(type="dossier.waiting").facts["findings"] == ["field.missing"]


def test_the_same_bytes_twice_are_one_packet(edition: Edition, cast: Cast, reading: MakeReading) -> None:
    first = receive(edition, cast, reading([person(1)]))
    entries = Entry.objects.count()
    packet, judgement = acts.receive_packet(
        reading([person(1)]), edition=edition, unit=edition.spec.unit("330108"), by=cast.organiser
    )
    assert (packet, judgement) == (first, None)
    assert (Packet.objects.count(), Revision.objects.count(), Entry.objects.count()) == (1, 1, entries)


def test_a_corrected_packet_replaces_by_identity_number(edition: Edition, cast: Cast, reading: MakeReading) -> None:
    receive(edition, cast, reading([person(1), person(2, mobile=None)]))
    receive(edition, cast, reading([person(1), person(2)]))
    assert {dossier.state for dossier in Dossier.objects.all()} == {"accepted"}
    second = Dossier.objects.get(name=person(2)["name"])
    assert [(r.number, r.blocks) for r in queries.revisions(second)] == [(2, False), (1, True)]
    assert second.accepted_revision == second.revision
    assert Person.objects.count() == 2


def test_a_corrected_identity_number_continues_the_waiting_dossier(
    edition: Edition, cast: Cast, reading: MakeReading
) -> None:
    right = str(person(2)["id_number"])
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    receive(edition, cast, reading([person(2, id_number=wrong)]))
    receive(edition, cast, reading([person(2)]))
    dossier = Dossier.objects.get()
    assert dossier.state == "accepted"
    numbers = [dossiers.full_record(revision)["id_number"] for revision in queries.revisions(dossier)]
    assert numbers == [right, wrong]


def test_an_accepted_dossier_stays_accepted_when_its_correction_is_blocked(
    edition: Edition, cast: Cast, reading: MakeReading
) -> None:
    receive(edition, cast, reading([person(1)]))
    receive(edition, cast, reading([person(1, motto=None)]))
    dossier = Dossier.objects.get()
    assert (dossier.state, dossier.revision.number, dossier.accepted_revision.number) == ("accepted", 2, 1)  # type: ignore[union-attr]


def test_doubles_in_a_packet_both_wait_until_one_is_left(edition: Edition, cast: Cast, reading: MakeReading) -> None:
    receive(edition, cast, reading([person(1), person(1, motto="另一句。")], roster_of=[person(1)]))
    assert list(Dossier.objects.values_list("state", flat=True)) == ["waiting", "waiting"]
    receive(edition, cast, reading([person(1)]))
    assert sorted(Dossier.objects.values_list("state", flat=True)) == ["accepted", "superseded"]
    assert entry_types()[-2:] == ["dossier.accepted", "dossier.superseded"]


def test_a_person_recommended_by_another_unit_waits(edition: Edition, cast: Cast, reading: MakeReading) -> None:
    receive(edition, cast, reading([person(1)]))
    receive(edition, cast, reading([person(1)], unit="余杭"), unit="330110")
    second = Dossier.objects.get(unit_code="330110")
    assert second.state == "waiting"
    assert "duplicate.in_edition" in [finding.code for finding in second.revision.found]  # type: ignore[union-attr]
    assert "滨江区总工会" in next(f.message() for f in second.revision.found if f.code == "duplicate.in_edition")  # type: ignore[union-attr]


def test_a_row_without_a_form_is_a_waiting_dossier(edition: Edition, cast: Cast, reading: MakeReading) -> None:
    receive(edition, cast, reading([person(1)], roster_of=[person(1), person(2)]))
    dossier = Dossier.objects.get(name=person(2)["name"])
    assert (dossier.state, dossier.revision.source) == ("waiting", "")  # type: ignore[union-attr]


def test_without_a_roster_nobody_is_accepted(edition: Edition, cast: Cast, reading: MakeReading) -> None:
    packet = receive(edition, cast, reading([person(1), person(2)], with_roster=False))
    assert (packet.accepted_count, packet.waiting_count) == (0, 2)
    assert "roster.missing" in [finding.code for finding in packet.found]


def test_above_a_hard_quota_the_lowest_of_the_roster_is_held(
    edition: Edition, cast: Cast, reading: MakeReading
) -> None:
    receive(edition, cast, reading([person(n) for n in range(29)]))
    packet = receive(edition, cast, reading([person(n) for n in (30, 29)]))
    assert (packet.verdict, packet.accepted_count, packet.waiting_count) == ("blocked", 1, 1)
    states = dict(Dossier.objects.filter(revision__packet=packet).values_list("name", "state"))
    assert states == {person(30)["name"]: "accepted", person(29)["name"]: "held"}
    line = queries.ledger_line(edition, edition.spec.unit("330108"))
    assert (line.accepted, line.held, line.waiting, line.packets, line.quota.state) == (30, 1, 0, 2, "within")
    assert entry_types()[-2:] == ["dossier.accepted", "dossier.held"]


def test_above_a_soft_quota_people_are_accepted_with_a_warning(
    edition: Edition, cast: Cast, reading: MakeReading
) -> None:
    packet = receive(edition, cast, reading([person(n) for n in range(6)], unit="经信"), unit="I01")
    assert packet.accepted_count == 6
    assert [(f.code, f.severity) for f in packet.found if f.code.startswith("quota")] == [("quota.over_range", "warn")]


def test_a_correction_of_the_same_people_does_not_count_twice(
    edition: Edition, cast: Cast, reading: MakeReading
) -> None:
    people = [person(n) for n in range(30)]
    receive(edition, cast, reading(people))
    packet = receive(edition, cast, reading(people, salt="again"))
    assert (packet.verdict, packet.accepted_count) == ("clean", 30)


def test_a_late_packet_is_refused_with_the_time(ended_edition: Edition, cast: Cast, reading: MakeReading) -> None:
    at = datetime(2023, 4, 1, 0, 0, 0, tzinfo=CHINA)
    with pytest.raises(Refused) as refusal:
        receive(ended_edition, cast, reading([person(1)]), received_at=at)
    assert refusal.value.code == "late"
    assert "2023-03-31 23:59:59" in str(refusal.value)
    assert "2023-04-01 00:00:00" in str(refusal.value)
    assert Packet.objects.count() == 0


def test_the_last_second_of_the_last_day_counts(ended_edition: Edition, cast: Cast, reading: MakeReading) -> None:
    packet = receive(
        ended_edition, cast, reading([person(1)]), received_at=datetime(2023, 3, 31, 23, 59, 59, tzinfo=CHINA)
    )
    assert packet.late_reason == ""


def test_a_late_packet_is_accepted_by_a_named_person_with_a_reason(
    ended_edition: Edition, cast: Cast, reading: MakeReading
) -> None:
    packet = receive(ended_edition, cast, reading([person(1)]), late_reason="邮路中断，已核实")
    assert packet.late_reason == "邮路中断，已核实"
    entry = Entry.objects.get(type="packet.received")
    assert (entry.facts["late"], entry.facts["late_reason"]) == (True, "邮路中断，已核实")
    assert entry.actor == f"user:{cast.organiser.pk}"


@pytest.mark.parametrize("who", ["discipline", "system", "stranger"])
def test_only_the_office_receives(edition: Edition, cast: Cast, reading: MakeReading, who: str) -> None:
    with pytest.raises(Refused) as refusal:
        acts.receive_packet(reading([person(1)]), edition=edition, unit=edition.spec.units[0], by=getattr(cast, who))
    assert refusal.value.code == "permission"


def test_a_packet_with_nothing_readable_is_refused(edition: Edition, cast: Cast, reading: MakeReading) -> None:
    with pytest.raises(Refused) as refusal:
        receive(edition, cast, reading([], with_roster=False))
    assert refusal.value.code == "unreadable"


def test_a_failed_register_write_receives_nothing(edition: Edition, cast: Cast, reading: MakeReading) -> None:
    with mock.patch.object(register_acts, "_append", side_effect=OSError("full")), pytest.raises(OSError, match="full"):
        receive(edition, cast, reading([person(1)]))
    assert (Packet.objects.count(), Dossier.objects.count(), Person.objects.count(), entry_types()) == (0, 0, 0, [])


def test_the_number_of_queries_does_not_grow_with_the_packet(
    edition: Edition, cast: Cast, reading: MakeReading, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(32):  # type: ignore[operator]
        receive(edition, cast, reading([person(1)]))
    with django_assert_max_num_queries(32):  # type: ignore[operator]
        receive(edition, cast, reading([person(n) for n in range(2, 22)], unit="西湖"), unit="330106")


def test_a_reveal_is_registered_without_the_value(edition: Edition, cast: Cast, reading: MakeReading) -> None:
    receive(edition, cast, reading([person(1)]))
    dossier = Dossier.objects.get()
    assert acts.reveal_value(dossier, "id_number", by=cast.discipline) == person(1)["id_number"]
    entry = Entry.objects.latest("index")
    assert (entry.type, entry.subject, entry.facts) == (
        "value.revealed",
        f"dossier:{dossier.pk}",
        {"field": "id_number", "revision": 1},
    )
    assert entry.actor == f"user:{cast.discipline.pk}"


@pytest.mark.parametrize(
    ("who", "field", "code"),
    [
        ("system", "id_number", "permission"),
        ("stranger", "id_number", "permission"),
        ("organiser", "deeds", "unknown_field"),
        ("organiser", "nothing", "unknown_field"),
        ("organiser", "photo", "absent"),
    ],
)
def test_a_reveal_is_refused(
    edition: Edition, cast: Cast, reading: MakeReading, who: str, field: str, code: str
) -> None:
    receive(edition, cast, reading([person(1)]))
    entries = Entry.objects.count()
    with pytest.raises(Refused) as refusal:
        acts.reveal_value(Dossier.objects.get(), field, by=getattr(cast, who))
    assert refusal.value.code == code
    assert Entry.objects.count() == entries


def test_a_download_is_registered_and_may_be_refused(edition: Edition, cast: Cast) -> None:
    acts.note_download("packet:1", "roster.xlsx", edition=edition, by=cast.organiser)
    assert Entry.objects.latest("index").facts == {"file": "roster.xlsx"}
    with pytest.raises(Refused):
        acts.note_download("packet:1", "roster.xlsx", edition=edition, by=cast.discipline)


def test_bringing_a_packet_queues_it(edition: Edition, cast: Cast) -> None:
    intake = acts.bring_packet(
        edition=edition,
        file_name="滨江+数字工匠推荐.zip",
        sha256="0" * 64,
        size=5,
        unit_code="",
        channel="web",
        by=cast.organiser,
    )
    assert Intake.objects.get().state == "waiting"
    assert (Job.objects.get().name, Job.objects.get().arguments) == (acts.READ_INTAKE, {"intake": str(intake.pk)})
    assert Entry.objects.latest("index").subject == f"intake:{intake.pk}"
    with pytest.raises(Refused):
        acts.bring_packet(
            edition=edition, file_name="x.zip", sha256="0" * 64, size=5, unit_code="", channel="web", by=cast.system
        )


def brought(edition: Edition, cast: Cast, **state: object) -> Intake:
    intake = acts.bring_packet(
        edition=edition, file_name="a.zip", sha256="0" * 64, size=5, unit_code="", channel="web", by=cast.organiser
    )
    Intake.objects.filter(pk=intake.pk).update(**state)
    intake.refresh_from_db()
    return intake


def test_an_answer_puts_the_file_back_into_the_queue(edition: Edition, cast: Cast) -> None:
    intake = brought(edition, cast, state="needs_unit")
    acts.answer_intake(intake, unit_code="330110", by=cast.organiser)
    intake.refresh_from_db()
    assert (intake.state, intake.unit_code) == ("waiting", "330110")
    assert [job.arguments for job in Job.objects.all()] == [{"intake": str(intake.pk)}] * 2
    entry = Entry.objects.latest("index")
    assert (entry.type, entry.subject, entry.facts) == (
        "packet.arrived",
        f"intake:{intake.pk}",
        {"sha256": "0" * 64, "size": 5, "unit": "330110", "channel": "answer"},
    )


def test_a_late_answer_keeps_its_reason_within_the_column(edition: Edition, cast: Cast) -> None:
    intake = brought(edition, cast, state="failed", failure_code="late", failure="晚了", unit_code="330108")
    acts.answer_intake(intake, late_reason=" 邮路中断 " + "长" * 600, by=cast.organiser)
    intake.refresh_from_db()
    assert (intake.state, intake.unit_code, intake.failure_code, intake.failure) == ("waiting", "330108", "", "")
    assert (len(intake.late_reason), intake.late_reason[:4]) == (500, "邮路中断")


LATE = {"state": "failed", "failure_code": "late"}


@pytest.mark.parametrize(
    ("state", "who", "answer", "code"),
    [
        ({"state": "needs_unit"}, "discipline", {"unit_code": "330108"}, "permission"),
        ({"state": "needs_unit"}, "stranger", {"unit_code": "330108"}, "permission"),
        ({"state": "needs_unit"}, "organiser", {}, "unknown_unit"),
        ({"state": "needs_unit"}, "organiser", {"unit_code": "nowhere"}, "unknown_unit"),
        ({"state": "needs_unit"}, "organiser", {"late_reason": "因故"}, "unknown_unit"),
        (LATE, "organiser", {"unit_code": "330108"}, "no_reason"),
        (LATE, "organiser", {"late_reason": " \n"}, "no_reason"),
        (LATE, "organiser", {"late_reason": "因故", "unit_code": "nowhere"}, "unknown_unit"),
        (LATE, "system", {"late_reason": "因故"}, "permission"),
        ({"state": "waiting"}, "organiser", {"unit_code": "330108"}, "not_waiting"),
        ({"state": "reading"}, "organiser", {"unit_code": "330108"}, "not_waiting"),
        ({"state": "done"}, "organiser", {"unit_code": "330108"}, "not_waiting"),
        ({"state": "failed", "failure_code": "unreadable"}, "organiser", {"unit_code": "330108"}, "not_waiting"),
    ],
)
def test_an_answer_is_refused(
    edition: Edition, cast: Cast, state: dict[str, str], who: str, answer: dict[str, str], code: str
) -> None:
    intake = brought(edition, cast, **state)
    before = (Entry.objects.count(), Intake.objects.values().get())
    with pytest.raises(Refused) as refusal:
        acts.answer_intake(intake, by=getattr(cast, who), **answer)
    assert refusal.value.code == code
    assert (Entry.objects.count(), Intake.objects.values().get()) == before


def test_an_intake_ends_with_its_reason(edition: Edition, cast: Cast) -> None:
    intake = brought(edition, cast, state="reading", unit_code="330108")
    acts.refuse_intake(intake, code="unreadable", sentence="压缩包设了密码。" * 100)
    intake.refresh_from_db()
    assert (intake.state, intake.failure_code, len(intake.failure)) == ("failed", "unreadable", 500)
    entry = Entry.objects.latest("index")
    assert (entry.type, entry.actor, entry.facts) == (
        "packet.refused",
        f"user:{cast.organiser.pk}",
        {"sha256": "0" * 64, "unit": "330108", "reason": "unreadable"},
    )


@pytest.mark.parametrize("name", ["bring_packet", "answer_intake", "refuse_intake", "reveal_value", "note_download"])
def test_a_failed_register_write_undoes_each_act(edition: Edition, cast: Cast, reading: MakeReading, name: str) -> None:
    receive(edition, cast, reading([person(1)]))
    intake = brought(edition, cast, state="needs_unit")
    perform = {
        "bring_packet": lambda: brought(edition, cast),
        "answer_intake": lambda: acts.answer_intake(intake, unit_code="330108", by=cast.organiser),
        "refuse_intake": lambda: acts.refuse_intake(intake, code="fault", sentence="出错了。"),
        "reveal_value": lambda: acts.reveal_value(Dossier.objects.get(), "mobile", by=cast.organiser),
        "note_download": lambda: acts.note_download("packet:1", "original", edition=edition, by=cast.organiser),
    }[name]
    before = (Entry.objects.count(), list(Intake.objects.values()))
    with mock.patch.object(register_acts, "_append", side_effect=OSError("full")), pytest.raises(OSError, match="full"):
        perform()
    assert (Entry.objects.count(), list(Intake.objects.values())) == before
