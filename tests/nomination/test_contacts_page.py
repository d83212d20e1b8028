"""The page of the units' contacts."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from nomination.readings import Cast

from jiangbang.nomination.contact_models import UnitContact
from jiangbang.nomination.contacts import ContactRow, keep_contacts
from jiangbang.programme.models import Edition

pytestmark = pytest.mark.django_db
PAGE = "/units/contacts/"


@pytest.fixture
def office(client: Client, cast: Cast, edition: Edition) -> Client:
    client.force_login(cast.organiser)
    return client


@pytest.mark.parametrize("count", [1, 3])
def test_contacts_are_listed(
    office: Client, cast: Cast, edition: Edition, count: int, django_assert_num_queries: Any
) -> None:
    rows = [ContactRow("330108", f"联络人{number}", f"c{number}@example.com") for number in range(count)]
    keep_contacts(edition, rows, by=cast.organiser)
    office.get(PAGE)
    with django_assert_num_queries(8):
        answer = office.get(PAGE)
    assert answer.content.decode().count("@example.com") == count
    # eleven days before the deadline every unit is still to begin
    assert [one["count"] for one in answer.context["reminders"]] == [len(edition.spec.units)]


def test_an_empty_list_says_what_to_do(office: Client) -> None:
    assert "还没有联络人" in office.get(PAGE).content.decode()


def test_a_pasted_table_is_kept(office: Client) -> None:
    page = office.post(PAGE, {"rows": "滨江\t林一\tlin@example.com\n余杭\t陈二\tchen@example.com"}, follow=True)
    assert "已保存 2 位联络人。" in page.content.decode()
    assert UnitContact.objects.count() == 2


def test_a_refused_table_stays_in_the_form(office: Client) -> None:
    page = office.post(PAGE, {"rows": "滨江\t<林>\tnobody\n滨江\t林\t没有"}).content.decode()
    assert "第 2 行" in page
    assert "&lt;林&gt;" in page
    assert UnitContact.objects.count() == 0


def test_a_contact_is_removed(office: Client, cast: Cast, edition: Edition) -> None:
    keep_contacts(edition, [ContactRow("330108", "林一", "lin@example.com")], by=cast.organiser)
    pk = UnitContact.objects.get().pk
    assert "不再写信给林一。" in office.post(f"{PAGE}{pk}/remove/", follow=True).content.decode()
    assert UnitContact.objects.count() == 0
    assert office.post(f"{PAGE}{pk}/remove/").status_code == 404
