"""The list of dossiers: filters from the address, orders, pages by key."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client
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
    monkeypatch.setattr(listing.keyset, "__kwdefaults__", {"after": "", "before": "", "size": 5, "total": None})
    for unit, numbers in (("330108", range(12)), ("330102", range(12, 23))):
        acts.receive_packet(
            reading([person(n) for n in numbers]), edition=edition, unit=edition.spec.unit(unit), by=cast.organiser
        )
    return edition


NAMES = ("𬱖甲", "王𠅤", "䶮", "阿·𬱖", "Ouyang Xiu", "O'Neil", "50%", "a_b", "é", "田　中")


@pytest.fixture
def many(edition: Edition, cast: Cast, reading: MakeReading) -> Edition:
    """A hundred and twenty-five people of five units; many share a name, half an instant, some wait."""
    codes = ("330108", "330110", "330106", "330102", "330105")
    for place, code in enumerate(codes):
        people = [
            person(n, **({"mobile": None} if n % 7 == 0 else {}), **({"name": NAMES[n % 25]} if n % 25 < 10 else {}))
            for n in range(25 * place, 25 * place + 25)
        ]
        acts.receive_packet(
            reading(people, salt=code), edition=edition, unit=edition.spec.unit(code), by=cast.organiser
        )
    return edition


def shown(client: Client, query: str) -> tuple[list[str], str, str]:
    """The people on a page of the list, and the addresses of the pages before and after it."""
    page = client.get(f"/dossiers/{query}").content.decode()
    links = {rel: html.unescape(link) for rel, link in re.findall(r'rel="(prev|next)" href="([^"]+)"', page)}
    return re.findall(r'<a href="/dossiers/([0-9a-f-]{36})/"', page), links.get("prev", ""), links.get("next", "")


def test_paging_shows_everybody_exactly_once_in_both_directions(many: Edition, cast: Cast, client: Client) -> None:
    client.force_login(cast.organiser)
    for order, columns in ORDERS.items():
        there, query = [], f"?sort={order}"
        while query:
            rows, _, query = shown(client, query)
            there.append(rows)
        assert [len(rows) for rows in there] == [50, 50, 25]
        everybody = [str(pk) for pk in Dossier.objects.order_by(*columns).values_list("pk", flat=True)]
        assert [pk for rows in there for pk in rows] == everybody
        back = [everybody[100:]]
        _, query, _ = shown(client, shown(client, shown(client, f"?sort={order}")[2])[2])
        while query:
            rows, query, _ = shown(client, query)
            back.insert(0, rows)
        assert back == there


def test_a_page_takes_the_same_queries_wherever_it_lies(
    many: Edition, cast: Cast, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(cast.organiser)
    second = shown(client, "")[2]
    third = shown(client, second)[2]
    for query, queries in (("", 7), (second, 7), (third, 7), ("?q=%F0%AC%B1%96", 8)):
        with django_assert_num_queries(queries):
            client.get(f"/dossiers/{query}")


FOUND = {
    "𬱖": 10,
    "𠅤": 5,
    "䶮": 5,
    "王𠅤": 5,
    " 王𠅤 ": 5,
    "ouyang": 5,
    "OUYANG X": 5,
    "o'n": 5,
    "%": 5,
    "_": 5,
    "é": 5,
    "田　中": 5,
    "王𬱖": 0,
}


def test_people_are_found_by_any_part_of_their_name(many: Edition) -> None:
    assert {wanted: page_of(many, Listing.from_query({"q": wanted})).total for wanted in FOUND} == FOUND


def test_filters_narrow_together(many: Edition) -> None:
    def count(**query: str) -> int:
        return page_of(many, Listing.from_query(query)).total

    assert (count(), count(state="waiting"), count(state="accepted")) == (125, 18, 107)
    assert count(state="waiting", unit="330108") == 4
    assert count(state="waiting", unit="330108", q="𬱖甲") == 1
    assert count(finding="field.missing") == count(finding="field.missing", state="waiting") == 18
    assert count(finding="field.missing", state="accepted") == 0


def test_a_filter_survives_from_page_to_page(many: Edition, cast: Cast, client: Client) -> None:
    client.force_login(cast.organiser)
    rows, _, after = shown(client, "?state=accepted&sort=name&q=%E4%BA%91%E6%A0%96")
    seen = list(rows)
    while after:
        rows, _, after = shown(client, after)
        seen += rows
    accepted = Dossier.objects.filter(state="accepted").order_by("name", "id")
    assert seen == [str(pk) for pk in accepted.values_list("pk", flat=True)]


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
    assert count(unit="nowhere") == count(finding="nonsense") == count(**{"class": "9999"}) == 0


KEYS = ("unit", "state", "finding", "class", "q", "sort", "after", "before")
ODD = ("\0", "x\0", "'", "\\", "%", "_", "长" * 20_000, "0" * 5000, "[" * 5000)


def test_nothing_in_the_address_makes_the_list_fail(people: Edition) -> None:
    totals = set()
    for key in KEYS:
        for odd in ODD:
            query = {key: odd}
            listing = Listing.from_query(query)
            totals.add(page_of(people, listing, after=query.get("after", ""), before=query.get("before", "")).total)
    assert totals == {0, 23}


def test_a_cursor_of_one_order_is_none_of_another(people: Edition) -> None:
    by_name = page_of(people, Listing(DossierFilter(), "name")).after
    first = page_of(people, Listing(DossierFilter(), "changed"))
    assert page_of(people, Listing(DossierFilter(), "changed"), after=by_name) == first


def test_a_cursor_that_somebody_altered_is_none(people: Edition) -> None:
    first = page_of(people, Listing(DossierFilter()))
    altered = first.after[:5] + ("A" if first.after[5] != "A" else "B") + first.after[6:]
    assert page_of(people, Listing(DossierFilter()), after=altered) == first
