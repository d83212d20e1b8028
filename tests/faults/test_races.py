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
from jiangbang.nomination.models import Dossier, Intake, Packet
from jiangbang.nomination.tasks import take_next
from jiangbang.programme.acts import load_programme
from jiangbang.programme.models import Edition
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


def test_many_acts_at_once_leave_one_unbroken_register(people: tuple[User, User]) -> None:
    names = [f"clerk{number}" for number in range(12)]
    results = at_once(
        *(lambda name=name: create_account(name, role=Role.ORGANISER, password=None, by=people[0]) for name in names)
    )
    assert [result for result in results if isinstance(result, BaseException)] == []
    report = verify_register()
    assert (report.problems, report.size) == ([], 14)


def test_two_workers_never_take_the_same_intake(edition: Edition, people: tuple[User, User]) -> None:
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
    results = at_once(*(take_next for _ in range(6)))
    taken = [result.pk for result in results if isinstance(result, Intake)]
    assert len(taken) == len(set(taken))
    while (more := take_next()) is not None:
        taken.append(more.pk)
    assert sorted(taken) == sorted(Intake.objects.values_list("pk", flat=True))
