"""The office's pages of publicity."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from nomination.readings import Cast

from jiangbang.conferral.award_models import Award
from jiangbang.programme.models import Edition
from jiangbang.publicity.consents import record_consent, withdraw_consent
from jiangbang.publicity.models import Coverage

pytestmark = pytest.mark.django_db


def test_nobody_has_a_poster_without_agreement(office: Client, held: Sequence[Award], cast: Cast) -> None:
    address = reverse("publicity_poster", args=[held[0].dossier_id, "card.png"])
    assert office.get(address).status_code == 404
    sent = {"paper": "同意书第1号"}
    office.post(reverse("publicity_consent", args=[held[0].dossier_id, "record"]), sent)
    answer = office.get(address)
    assert (answer.status_code, answer.content[:8]) == (200, b"\x89PNG\r\n\x1a\n")
    assert office.get(reverse("publicity_poster", args=[held[0].dossier_id, "card.pdf"])).status_code == 404
    office.post(reverse("publicity_consent", args=[held[0].dossier_id, "withdraw"]))
    assert office.get(address).status_code == 404


def test_the_press_kit_has_those_who_agree_and_nobody_else(office: Client, held: Sequence[Award], cast: Cast) -> None:
    for award in held[:2]:
        record_consent(award.dossier, paper="同意书", photo=True, by=cast.organiser)
    withdraw_consent(held[1].dossier, by=cast.organiser)
    answer = office.get(reverse("publicity_kit"))
    kit = zipfile.ZipFile(io.BytesIO(b"".join(answer)))  # type: ignore[call-overload]
    assert kit.testzip() is None
    of_people = [name for name in kit.namelist() if name.startswith("people/")]
    assert of_people == [f"people/001-{held[0].name}-a3.pdf", f"people/001-{held[0].name}-card.png"]
    assert kit.read(of_people[0])[:5] == b"%PDF-"
    assert len(kit.read("people.csv").decode("utf-8-sig").splitlines()) == 2


def test_a_name_that_no_font_can_print_is_announced(office: Client, held: Sequence[Award]) -> None:
    assert "U+323AF" not in office.get(reverse("publicity_desk")).content.decode()
    Award.objects.filter(pk=held[0].pk).update(name="王\U000323af")
    assert "U+323AF" in office.get(reverse("publicity_desk")).content.decode()


def test_a_refused_publication_keeps_what_was_typed(office: Client, edition: Edition) -> None:
    sent = {"channel": "海报", "media": "杭州日报", "headline": "名单揭晓", "day": "2999-01-01", "reach": "12"}
    answer = office.post(reverse("publicity_coverage"), sent)
    assert answer.status_code == 422
    assert 'value="名单揭晓"' in answer.content.decode()
    today = edition.now().astimezone(edition.zone).date()
    assert office.post(reverse("publicity_coverage"), {**sent, "day": today.isoformat()}).status_code == 302
    assert list(Coverage.objects.values_list("headline", "reach")) == [("名单揭晓", 12)]


def test_the_pages_ask_as_much_however_many_there_are(
    office: Client, edition: Edition, held: Sequence[Award], cast: Cast, django_assert_num_queries: Any
) -> None:
    pages = [reverse("publicity_desk"), reverse("publicity_coverage")]
    for page, count in zip(pages, (7, 8), strict=True):
        office.get(page)
        with django_assert_num_queries(count):
            office.get(page)
    for award in held:
        record_consent(award.dossier, paper="同意书", photo=False, by=cast.organiser)
    today = edition.now().astimezone(edition.zone).date().isoformat()
    for media in ("一", "二", "三"):
        office.post(pages[1], {"channel": "海报", "media": media, "headline": "名单", "day": today})
    for page, count in zip(pages, (7, 8), strict=True):
        office.get(page)
        with django_assert_num_queries(count):
            office.get(page)
