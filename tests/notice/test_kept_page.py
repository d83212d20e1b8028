"""The public page is written once and read many times, until something in it changes."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from nomination.readings import Cast
from notice.noticed import noticed
from pytest_django import DjangoAssertNumQueries

from jiangbang.notice import entries, kept_page
from jiangbang.notice.notice_models import NoticeEntry
from jiangbang.programme.models import Edition


def test_readers_after_the_first_cost_one_query(
    client: Client, edition: Edition, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    noticed(edition, cast.organiser)
    address = reverse("notice_page", args=[edition.programme, edition.slug])
    first = client.get(address)
    with django_assert_num_queries(1):
        second = client.get(address)
    assert second.content == first.content
    assert second["Cache-Control"] == "public, max-age=10"


def test_whoever_has_the_page_is_not_sent_it_again(client: Client, edition: Edition, cast: Cast) -> None:
    notice = noticed(edition, cast.organiser)
    address = reverse("notice_page", args=[edition.programme, edition.slug])
    tag = client.get(address)["ETag"]
    again = client.get(address, headers={"if-none-match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    entries.strike(notice.entries.order_by("pk").first(), by=cast.organiser, reason="x")
    changed = client.get(address, headers={"if-none-match": tag})
    assert changed.status_code == 200
    assert changed["ETag"] != tag


def test_whoever_is_struck_is_gone_for_the_next_reader(client: Client, edition: Edition, cast: Cast) -> None:
    entry = noticed(edition, cast.organiser).entries.select_related("dossier").order_by("pk").first()
    address = reverse("notice_page", args=[edition.programme, edition.slug])
    assert entry.name in client.get(address).content.decode()
    entries.strike(entry, by=cast.organiser, reason="x")
    assert entry.name not in client.get(address).content.decode()


def test_two_entries_that_change_places_are_told_apart(client: Client, edition: Edition, cast: Cast) -> None:
    first, other, *_more = noticed(edition, cast.organiser).entries.order_by("pk")
    entries.suspend(first, by=cast.organiser, reason="x")
    address = reverse("notice_page", args=[edition.programme, edition.slug])
    before = client.get(address).content
    entries.resume(first, by=cast.organiser, reason="x")
    entries.suspend(other, by=cast.organiser, reason="x")
    assert client.get(address).content != before


def test_each_language_has_its_own_and_old_pages_are_written_anew(
    client: Client, edition: Edition, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = noticed(edition, cast.organiser).entries.order_by("pk").first()
    address = reverse("notice_page", args=[edition.programme, edition.slug])
    assert "社会公示" in client.get(address).content.decode()
    assert "Public notice" in client.get(address, headers={"accept-language": "en"}).content.decode()
    NoticeEntry.objects.filter(pk=entry.pk).update(name="更正名")
    assert "更正名" not in client.get(address).content.decode()
    monkeypatch.setattr(kept_page, "SECONDS", 0.0)
    assert "更正名" in client.get(address).content.decode()


def test_a_notice_that_is_not_published_is_not_kept(client: Client, edition: Edition, cast: Cast) -> None:
    address = reverse("notice_page", args=[edition.programme, edition.slug])
    assert client.get(address).status_code == 404
    noticed(edition, cast.organiser)
    assert client.get(address).status_code == 200
