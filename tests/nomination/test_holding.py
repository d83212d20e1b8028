"""Above a quota that binds: who is held, and that the unit is told."""

from __future__ import annotations

import pytest
from nomination.readings import Cast, MakeReading, person

from jiangbang.nomination import acts
from jiangbang.nomination.contacts import ContactRow, keep_contacts
from jiangbang.nomination.models import Dossier
from jiangbang.nomination.queries import counted_for_quota, ledger, ledger_line
from jiangbang.outbox.models import Message
from jiangbang.programme.models import Edition

pytestmark = pytest.mark.django_db
UNIT = "330108"


def receive(edition: Edition, cast: Cast, reading: object, unit: str = UNIT) -> None:
    acts.receive_packet(reading, edition=edition, unit=edition.spec.unit(unit), by=cast.organiser)  # type: ignore[arg-type]


def held() -> set[str]:
    return set(Dossier.objects.filter(state="held").values_list("name", flat=True))


def test_one_packet_of_too_many_holds_the_end_of_the_roster(edition: Edition, cast: Cast, reading: MakeReading) -> None:
    receive(edition, cast, reading([person(number) for number in range(33)]))
    assert held() == {person(number)["name"] for number in (30, 31, 32)}
    assert Dossier.objects.filter(state="accepted").count() == 30
    assert all(one.accepted_revision_id for one in Dossier.objects.filter(state="held"))


def test_who_has_a_seat_keeps_it_when_the_unit_sends_all_again(
    edition: Edition, cast: Cast, reading: MakeReading
) -> None:
    receive(edition, cast, reading([person(number) for number in range(30)]))
    receive(edition, cast, reading([person(number) for number in (31, *range(30))], salt="again"))
    assert held() == {person(31)["name"]}


def test_a_soft_quota_holds_nobody(edition: Edition, cast: Cast, reading: MakeReading) -> None:
    receive(edition, cast, reading([person(number) for number in range(7)], unit="经信"), unit="I01")
    assert held() == set()


def test_a_direct_title_takes_no_seat(edition: Edition, cast: Cast, reading: MakeReading) -> None:
    people = [person(number) for number in range(31)]
    receive(edition, cast, reading(people[:30]))
    Dossier.objects.filter(name=people[0]["name"]).update(direct_title="craftsman_direct")
    unit = edition.spec.unit(UNIT)
    assert counted_for_quota(edition, unit) == 29
    packet, _judged = acts.receive_packet(reading(people, salt="all"), edition=edition, unit=unit, by=cast.organiser)
    assert (held(), packet.verdict) == (set(), "clean")
    line = ledger_line(edition, unit)
    assert (line.accepted, line.direct, line.quota.counted, line.quota.state) == (31, 1, 30, "within")
    assert line in ledger(edition)


def test_the_units_contacts_are_told_once(edition: Edition, cast: Cast, reading: MakeReading) -> None:
    rows = [ContactRow(UNIT, "林一", "lin@example.com"), ContactRow("330102", "别人", "other@example.com")]
    keep_contacts(edition, rows, by=cast.organiser)
    receive(edition, cast, reading([person(number) for number in range(31)]))
    (message,) = Message.objects.filter(template="quota.held")
    assert (message.name, "推荐人数超出名额" in message.subject) == ("林一", True)


def test_nobody_is_told_within_the_quota(edition: Edition, cast: Cast, reading: MakeReading) -> None:
    keep_contacts(edition, [ContactRow(UNIT, "林一", "lin@example.com")], by=cast.organiser)
    receive(edition, cast, reading([person(number) for number in range(30)]))
    assert not Message.objects.exists()
