"""The list of dossiers: filters from the address, orders, pages by key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nomination.readings import Cast, MakeReading, person
from pytest_django import DjangoAssertNumQueries

from jiangbang.nomination import acts, listing
from jiangbang.nomination.listing import ORDERS, Listing, Page, page_of
from jiangbang.nomination.models import Dossier
from jiangbang.nomination.queries import DossierFilter
from jiangbang.programme.models import Edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(edition: Edition, cast: Cast, reading: MakeReading, monkeypatch: pytest.MonkeyPatch) -> Edition:
    """Twenty-three people of two units, in pages of five."""
    monkeypatch.setattr(listing.keyset, "__kwdefaults__", {"after": "", "before": "", "size": 5})
    for unit, numbers in (("330108", range(12)), ("330102", range(12, 23))):
        acts.receive_packet(
            reading([person(n) for n in numbers]), edition=edition, unit=edition.spec.unit(unit), by=cast.organiser
        )
    return edition


def walk(edition: Edition, order: str) -> list[Page[dict[str, object]]]:
    pages = [page_of(edition, Listing(DossierFilter(), order))]
    while pages[-1].after:
        pages.append(page_of(edition, Listing(DossierFilter(), order), after=pages[-1].after))
    return pages


@pytest.mark.parametrize("order", ORDERS)
def test_pages_together_are_the_whole_list_in_its_order(people: Edition, order: str) -> None:
    walked = [row["id"] for page in walk(people, order) for row in page.rows]
    assert walked == list(Dossier.objects.order_by(*ORDERS[order]).values_list("id", flat=True))


@pytest.mark.parametrize("order", ORDERS)
def test_going_back_shows_the_same_pages(people: Edition, order: str) -> None:
    there = walk(people, order)
    back = there[-1]
    for expected in reversed(there[:-1]):
        back = page_of(people, Listing(DossierFilter(), order), before=back.before)
        assert back.rows == expected.rows
    assert back.before == ""


def test_the_total_is_counted_once_and_travels_in_the_cursor(
    people: Edition, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        first = page_of(people, Listing(DossierFilter()))
    with django_assert_num_queries(1):
        second = page_of(people, Listing(DossierFilter()), after=first.after)
    assert (first.total, second.total) == (23, 23)


@pytest.mark.parametrize("cursor", ["x", "AAAA", "WzEsMl0", "bnVsbA", "W10", "e30", "ä", "W1siYSJdLDIsM10"])
def test_a_cursor_that_we_did_not_make_shows_the_first_page(people: Edition, cursor: str) -> None:
    first = page_of(people, Listing(DossierFilter()))
    assert page_of(people, Listing(DossierFilter()), after=cursor) == first


@given(st.text(max_size=60))
def test_reading_a_cursor_never_fails(cursor: str) -> None:
    total, key = listing._read_cursor(cursor, ("name", "id"))
    assert key is None or (isinstance(total, int) and len(key) == 2)


def test_the_address_narrows_the_list(people: Edition) -> None:
    def count(**query: str) -> int:
        return page_of(people, Listing.from_query(query)).total

    assert count() == 23
    assert count(unit="330102") == 11
    assert count(state="accepted") == 23
    assert count(state="waiting") == 0
    assert count(q="张甲") == 3
    assert count(q="云栖智联") == 23
    assert count(q="%") == 0
    assert count(finding="id_number.region_unknown") == 23
    assert count(finding="photo.missing") == 0
    assert count(**{"class": "0301"}) == 23
    assert count(state="nonsense", sort="nonsense") == 23
