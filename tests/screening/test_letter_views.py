"""The pages of letters: the office's list, the letter of one person, what a unit reads."""

from __future__ import annotations

import pytest
from django.test import Client
from nomination.readings import Cast, MakeReading
from pytest_django import DjangoAssertNumQueries

from jiangbang.accounts.models import Membership, Role, User
from jiangbang.nomination.contacts import ContactRow, keep_contacts
from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition
from jiangbang.register.models import Entry
from jiangbang.screening import acts, letters
from jiangbang.screening.letter_models import Letter

from screening.conftest import FITTING, Screeners, in_screening  # isort: skip

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(edition: Edition, cast: Cast, reading: MakeReading, screeners: Screeners) -> list[Dossier]:
    """Three people who are not eligible."""
    keep_contacts(edition, [ContactRow("330108", "林一", "lin@example.com")], by=cast.organiser)
    people = []
    for number in range(3):
        facts = {**FITTING, "earlier_titles": ["杭州工匠"]}
        people.append(in_screening(edition, cast, reading, facts, number))
        acts.conclude_screening(people[-1], by=screeners.li)
        acts.conclude_screening(people[-1], by=screeners.wang)
    return people


@pytest.fixture
def office(client: Client, screeners: Screeners) -> Client:
    client.force_login(screeners.organiser)
    return client


def of_unit(edition: Edition, code: str) -> User:
    user = User.objects.create(username=f"unit-{code}")
    Membership.objects.create(user=user, role=Role.UNIT, edition=edition.key, scope=code)
    return user


def test_the_office_reads_changes_and_sends_it(office: Client, failed: list[Dossier]) -> None:
    address = f"/screening/{failed[0].pk}/letter/"
    page = office.get(address).content.decode()
    assert "已获评的称号：杭州工匠" in page
    assert "lin@example.com" in page
    looked = office.post(address, {"grounds": "另一依据", "look": "yes"}).content.decode()
    assert "认定依据：<br>另一依据" in looked
    assert Letter.objects.count() == 0
    answer = office.post(address, {"grounds": "另一依据", "send": "yes"}, follow=True).content.decode()
    assert "告知书数匠初审〔2023〕1号已发出" in answer
    assert 'name="send"' not in answer


def test_a_refusal_keeps_what_was_written(office: Client, failed: list[Dossier]) -> None:
    sent = {"grounds": "另一依据", "candidate": "nowhere", "send": "yes"}
    page = office.post(f"/screening/{failed[0].pk}/letter/", sent).content.decode()
    assert "另一依据</textarea>" in page
    assert 'value="nowhere"' in page


def test_a_screener_reads_and_does_not_send(client: Client, failed: list[Dossier], screeners: Screeners) -> None:
    client.force_login(screeners.li)
    assert 'name="send"' not in client.get(f"/screening/{failed[0].pk}/letter/").content.decode()
    assert client.post(f"/screening/{failed[0].pk}/letter/", {"send": "yes"}).status_code == 403


def test_the_list_says_who_is_still_to_be_written_to(office: Client, failed: list[Dossier], cast: Cast) -> None:
    letters.send_letter(failed[0], grounds="有", by=cast.organiser)
    answer = office.get("/screening/letters/")
    assert (answer.context["sent"], answer.context["total"], len(answer.context["page"].rows)) == (1, 3, 3)
    waiting = office.get("/screening/letters/?letter=waiting").context["page"].rows
    assert {row.pk for row in waiting} == {failed[1].pk, failed[2].pk}


def test_an_empty_list_says_what_must_come_first(office: Client, edition: Edition) -> None:
    assert "目前无需制发告知书" in office.get("/screening/letters/").content.decode()


def test_the_list_takes_the_same_queries_for_one_and_for_three(
    office: Client, failed: list[Dossier], cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    office.get("/screening/letters/")
    with django_assert_num_queries(8):
        office.get("/screening/letters/")
    for one in failed:
        letters.send_letter(one, grounds="有", by=cast.organiser)
    with django_assert_num_queries(8):
        office.get("/screening/letters/")
    office.get("/screening/letters/?letter=waiting")
    Letter.objects.filter(dossier=failed[0]).delete()
    with django_assert_num_queries(8):
        answer = office.get("/screening/letters/?letter=waiting")
    assert len(answer.context["page"].rows) == 1


@pytest.mark.parametrize("kind", ["pdf", "docx"])
@pytest.mark.parametrize("receiver", ["unit", "candidate"])
def test_the_office_takes_it_away_and_the_register_knows(
    office: Client, failed: list[Dossier], cast: Cast, receiver: str, kind: str
) -> None:
    made = letters.send_letter(failed[0], grounds="有", by=cast.organiser)
    answer = office.get(f"/letters/{made.pk}/{receiver}.{kind}")
    assert answer.content[:2] in (b"%P", b"PK")
    entry = Entry.objects.latest("index")
    assert (entry.subject, entry.facts) == (failed[0].subject, {"file": f"letter.{kind}"})


@pytest.mark.parametrize("rest", ["unit.exe", "employer.pdf"])
def test_there_is_no_other_letter(office: Client, failed: list[Dossier], cast: Cast, rest: str) -> None:
    made = letters.send_letter(failed[0], grounds="有", by=cast.organiser)
    assert office.get(f"/letters/{made.pk}/{rest}").status_code == 404


def test_a_unit_reads_its_own_letters_and_nobody_elses(
    client: Client, failed: list[Dossier], cast: Cast, edition: Edition
) -> None:
    made = letters.send_letter(failed[0], grounds="有", by=cast.organiser)
    client.force_login(of_unit(edition, "330108"))
    assert made.number in client.get("/unit/letters/").content.decode()
    assert client.get(f"/unit/letters/{made.pk}/letter.pdf").content.startswith(b"%PDF")
    assert Entry.objects.latest("index").facts == {"file": "letter.pdf"}
    client.force_login(of_unit(edition, "330106"))
    assert "还没有收到告知书" in client.get("/unit/letters/").content.decode()
    assert client.get(f"/unit/letters/{made.pk}/letter.pdf").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_a_units_list_takes_the_same_queries_for_one_and_for_three(
    client: Client,
    failed: list[Dossier],
    cast: Cast,
    edition: Edition,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for one in failed[:count]:
        letters.send_letter(one, grounds="有", by=cast.organiser)
    client.force_login(of_unit(edition, "330108"))
    client.get("/unit/letters/")
    with django_assert_num_queries(8):
        answer = client.get("/unit/letters/")
    assert len(answer.context["page"].rows) == count
