"""Two people at once: nothing half-done, nothing twice, the register whole."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from nomination.readings import make_reading, person

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role, User
from jiangbang.nomination import acts
from jiangbang.nomination.models import Dossier, Packet
from jiangbang.outbox.acts import post_message
from jiangbang.outbox.models import Message
from jiangbang.programme.acts import load_programme
from jiangbang.programme.models import Edition
from jiangbang.queue.jobs import discover, enqueue
from jiangbang.queue.models import Job
from jiangbang.queue.worker import claim
from jiangbang.recommendation import quotas
from jiangbang.register.verification import verify_register

pytestmark = pytest.mark.django_db(transaction=True)
BUNDLED = Path(__file__).resolve().parents[2] / "programmes" / "hangzhou-digital-craftsman"


@pytest.fixture
def people() -> tuple[User, User]:
    return (
        create_account("lin", role=Role.ORGANISER, password=None),
        create_account("chen", role=Role.ORGANISER, password=None),
    )


@pytest.fixture
def edition(people: tuple[User, User]) -> Edition:
    load_programme(BUNDLED, by=people[0])
    return Edition.objects.get(slug="2023")


def at_once(*works: Callable[[], object]) -> list[object]:
    """Run all of them at the same moment in threads of their own; results in order, exceptions as results."""
    gate = threading.Barrier(len(works))
    results: list[object] = [None] * len(works)

    def run(place: int, work: Callable[[], object]) -> None:
        try:
            gate.wait(timeout=10)
            results[place] = work()
        except BaseException as error:  # noqa: BLE001 — handed to the test
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def test_two_people_receive_the_same_packet_at_once(edition: Edition, people: tuple[User, User]) -> None:
    unit = edition.spec.unit("330108")
    reading = make_reading([person(number) for number in range(12)])
    results = at_once(
        *(lambda by=by: acts.receive_packet(reading, edition=edition, unit=unit, by=by) for by in (*people, *people))
    )
    packets = {result[0].pk for result in results if isinstance(result, tuple)}
    assert (len(packets), [result for result in results if isinstance(result, BaseException)]) == (1, [])
    assert sum(isinstance(result, tuple) and result[1] is not None for result in results) == 1
    assert (Packet.objects.count(), Dossier.objects.count()) == (1, 12)
    assert verify_register().problems == []


def test_packets_arrive_while_others_are_received(edition: Edition, people: tuple[User, User]) -> None:
    """An arrival refers to the edition that a receipt holds: its check at commit must not wait while it holds the register."""

    def bring(number: int) -> None:
        for part in range(4):
            acts.bring_packet(
                edition=edition,
                file_name="x.zip",
                sha256=f"{10 * number + part:064d}",
                size=1,
                unit_code="",
                channel="web",
                by=people[0],
            )

    def receive(code: str, number: int) -> object:
        reading = make_reading([person(number)], unit=code)
        return acts.receive_packet(reading, edition=edition, unit=edition.spec.unit(code), by=people[1])

    codes = ("330108", "330110", "330106", "330102")
    works = [lambda number=number: bring(number) for number in range(4)]
    works += [lambda code=code, number=number: receive(code, number) for number, code in enumerate(codes)]  # type: ignore[misc]
    results = at_once(*works)
    assert [result for result in results if isinstance(result, BaseException)] == []
    assert Packet.objects.count() == 4
    assert verify_register().problems == []


def test_two_units_recommend_the_same_person_at_once(edition: Edition, people: tuple[User, User]) -> None:
    works = [
        lambda code=code, name=name, by=by: acts.receive_packet(
            make_reading([person(1)], unit=name), edition=edition, unit=edition.spec.unit(code), by=by
        )
        for (code, name), by in zip((("330108", "滨江"), ("330110", "余杭")), people, strict=True)
    ]
    results = at_once(*works)
    assert [result for result in results if isinstance(result, BaseException)] == []
    assert sorted(Dossier.objects.values_list("state", flat=True)) == ["accepted", "waiting"]
    assert verify_register().problems == []


def test_two_of_a_unit_choose_who_goes_at_once(edition: Edition, people: tuple[User, User]) -> None:
    """Each saw the same list and takes another one in: one choice stands, the other is told to look again; 30 seats stay 30."""
    unit = edition.spec.unit("330108")
    acts.receive_packet(make_reading([person(n) for n in range(32)]), edition=edition, unit=unit, by=people[0])
    crowd = quotas.in_order(edition, unit.code)
    stamp = quotas.stamp_of(crowd)
    pair = [
        create_account(name, role=Role.UNIT, password=None, edition=edition.key, scope=unit.code)
        for name in ("zhou", "wu")
    ]
    chosen = ([one.pk for one in crowd[1:31]], [one.pk for one in (*crowd[:29], crowd[31])])
    results = at_once(
        *(
            lambda by=by, mine=mine: quotas.choose_who_goes(edition, unit, mine, stamp=stamp, by=by)
            for by, mine in zip(pair, chosen, strict=True)
        )
    )
    refused = [one for one in results if isinstance(one, BaseException)]
    assert [getattr(one, "code", one) for one in refused] == ["changed"]
    assert Dossier.objects.filter(state="accepted").count() == 30
    assert verify_register().problems == []


def test_a_packet_is_received_while_the_unit_chooses(edition: Edition, people: tuple[User, User]) -> None:
    """Whoever is first, no more than the quota's people are in."""
    unit = edition.spec.unit("330108")
    acts.receive_packet(make_reading([person(n) for n in range(31)]), edition=edition, unit=unit, by=people[0])
    crowd = quotas.in_order(edition, unit.code)
    stamp, by = (
        quotas.stamp_of(crowd),
        create_account("zhou", role=Role.UNIT, password=None, edition=edition.key, scope=unit.code),
    )
    results = at_once(
        lambda: quotas.choose_who_goes(edition, unit, [one.pk for one in crowd[1:31]], stamp=stamp, by=by),
        lambda: acts.receive_packet(make_reading([person(40)], salt="b"), edition=edition, unit=unit, by=people[1]),
    )
    told = [getattr(one, "code", one) for one in results if isinstance(one, BaseException)]
    assert told in ([], ["changed"])
    assert Dossier.objects.filter(state="accepted").count() == 30
    assert verify_register().problems == []


def test_many_acts_at_once_leave_one_unbroken_register(people: tuple[User, User]) -> None:
    names = [f"clerk{number}" for number in range(12)]
    results = at_once(
        *(lambda name=name: create_account(name, role=Role.SCREENER, password=None, by=people[0]) for name in names)
    )
    assert [result for result in results if isinstance(result, BaseException)] == []
    report = verify_register()
    assert (report.problems, report.size) == ([], 14)


def test_two_workers_never_take_the_same_intake(edition: Edition, people: tuple[User, User]) -> None:
    discover()
    for number in range(4):
        acts.bring_packet(
            edition=edition,
            file_name=f"{number}.zip",
            sha256=f"{number:064d}",
            size=1,
            unit_code="",
            channel="web",
            by=people[0],
        )
    results = at_once(*(claim for _ in range(6)))
    taken = [result.pk for result in results if isinstance(result, Job)]
    assert len(taken) == len(set(taken))
    while (more := claim()) is not None:
        taken.append(more.pk)
    assert sorted(taken) == sorted(Job.objects.values_list("pk", flat=True))


def test_equal_keys_at_once_are_one_job(people: tuple[User, User]) -> None:
    results = at_once(*(lambda: enqueue("outbox.deliver", key="k", message="", times=1) for _ in range(6)))
    assert [type(result) for result in results] == [Job] * 6
    assert Job.objects.count() == 1


def test_equal_keys_at_once_are_one_message(people: tuple[User, User]) -> None:
    told = {"to": "lin@example.com", "name": "林", "edition": "p/2023", "context": {"edition": "x"}, "key": "k"}
    results = at_once(*(lambda: post_message("outbox.trial", by=people[0], **told) for _ in range(4)))  # type: ignore[arg-type]
    assert [type(result) for result in results] == [Message] * 4
    assert (Message.objects.count(), Job.objects.count()) == (1, 1)
