"""The expert's pages of scoring, and the chief's of assignment and progress."""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from nomination.readings import Cast
from pytest_django import DjangoAssertNumQueries
from review.cards import WHOLE, at_work, first_card, released

from jiangbang.accounts.models import User
from jiangbang.outbox.models import Message
from jiangbang.papers.table_reading import rows_of
from jiangbang.programme.models import Edition
from jiangbang.review.models import Card, Seat

pytestmark = pytest.mark.django_db

FETCH = {"HTTP_X_REQUESTED_WITH": "fetch"}


@pytest.fixture
def seat(edition: Edition, cast: Cast, client: Client) -> Seat:
    released(edition, cast.organiser)
    found, judge = at_work()
    client.force_login(judge)
    return found


def sent(scores: dict[str, str]) -> dict[str, str]:
    return {f"score-{key}": value for key, value in scores.items()}


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries_for_one_dossier_and_for_three(
    client: Client, edition: Edition, cast: Cast, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    released(edition, cast.organiser, count)
    _seat, judge = at_work()
    client.force_login(judge)
    client.get("/review/mine/cards/")
    with django_assert_num_queries(11):
        assert client.get("/review/mine/cards/").status_code == 200


def test_points_are_kept_by_script_and_by_button(client: Client, seat: Seat) -> None:
    card = first_card(seat)
    page = f"/review/mine/cards/{card.pk}/"
    kept = client.post(page, {**sent({"technology": "88"}), "version": "0"}, **FETCH)  # type: ignore[arg-type]
    assert (kept.status_code, kept.json()["version"]) == (200, 1)
    stale = client.post(page, {**sent({"economy": "70"}), "version": "0"}, **FETCH)  # type: ignore[arg-type]
    assert (stale.status_code, stale.json()["scores"]) == (409, {"technology": 88})
    wrong = client.post(page, {**sent({"economy": "700"}), "version": "1"}, **FETCH)  # type: ignore[arg-type]
    assert (wrong.status_code, wrong.json()["code"]) == (422, "points")
    assert client.post(page, sent(WHOLE))["Location"].endswith(f"#{card.reviewed.code}")
    client.post(page, sent({"economy": "x"}))
    card.refresh_from_db()
    assert card.scores == {"technology": 88, "economy": 75, "society": 60}


def test_signing_says_what_is_left(client: Client, seat: Seat) -> None:
    assert "尚无评完" in client.post("/review/mine/cards/sign/", follow=True).content.decode()
    client.post(f"/review/mine/cards/{first_card(seat).pk}/", sent(WHOLE))
    text = client.post("/review/mine/cards/sign/", follow=True).content.decode()
    assert "1 份已签名锁定" in text
    assert "锁定" in client.get("/review/mine/cards/").content.decode()


def test_recognising_somebody_takes_the_dossier_away(client: Client, seat: Seat) -> None:
    card = first_card(seat)
    client.post(f"/review/mine/cards/{card.pk}/recuse/", {"kind": "teacher", "reason": "学生"})
    assert client.post(f"/review/mine/cards/{card.pk}/", sent(WHOLE)).status_code == 404


def test_a_sheet_goes_out_and_comes_back_checked(client: Client, seat: Seat) -> None:
    rows = rows_of(client.get("/review/mine/cards/sheet.xlsx").content)
    assert [row[0] for row in rows[1:]] == [card.reviewed.code for card in seat.cards.order_by("reviewed__code")]

    def back(changes: dict[tuple[int, int], object]) -> SimpleUploadedFile:
        out = io.BytesIO()
        with xlsxwriter.Workbook(out) as book:
            sheet = book.add_worksheet()
            for line, row in enumerate(rows):
                sheet.write_row(line, 0, [changes.get((line, place), cell) for place, cell in enumerate(row)])
        return SimpleUploadedFile("评分表.xlsx", out.getvalue())

    wrong = client.post("/review/mine/cards/sheet/", {"file": back({(1, 1): 88, (2, 1): 200, (3, 0): "D999"})})
    assert (wrong.status_code, [one.line for one in wrong.context["problems"]]) == (422, [3, 4])
    assert Card.objects.filter(version__gt=0).count() == 0
    client.post("/review/mine/cards/sheet/", {"file": back({(1, 1): 88, (1, 4): "扎实"})})
    card = first_card(seat)
    assert (card.scores, card.version) == ({"technology": 88}, 1)
    assert "扎实" in client.get("/review/mine/cards/").content.decode()
    assert client.post("/review/mine/cards/sheet/", {}).status_code == 302
    assert client.post("/review/mine/cards/sheet/", {"file": SimpleUploadedFile("x.xlsx", b"\0")}).status_code == 302


def test_printed_sheets_are_a_pdf(client: Client, seat: Seat) -> None:
    assert client.get("/review/mine/cards/sheet.pdf").content.startswith(b"%PDF")


def test_before_the_declaration_no_page_opens(client: Client, seat: Seat) -> None:
    Seat.objects.update(declared_at=None)
    for page in ("", "sheet.xlsx", "sheet.pdf", "sign/"):
        assert client.get(f"/review/mine/cards/{page}").status_code in (403, 405)


def office(client: Client, cast: Cast) -> User:
    client.force_login(cast.organiser)
    return cast.organiser


@pytest.mark.parametrize("count", [1, 3])
def test_the_chiefs_pages_take_the_same_queries_for_one_row_and_for_three(
    client: Client, edition: Edition, cast: Cast, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    released(edition, cast.organiser, count)
    office(client, cast)
    client.get("/review/assignment/")
    with django_assert_num_queries(15):
        assert len(client.get("/review/assignment/").context["rows"]) == count
    with django_assert_num_queries(8):
        client.get("/review/progress/")


def test_the_chief_assigns_moves_releases_and_reminds(client: Client, edition: Edition, cast: Cast, seat: Seat) -> None:
    office(client, cast)
    card = Card.objects.earliest("pk")
    taken = Card.objects.filter(reviewed=card.reviewed).values("seat")
    other = Seat.objects.filter(state="confirmed").exclude(pk__in=taken)[0]
    page = f"/review/assignment/cards/{card.pk}/move/"
    client.post(page, {"seat": "x", "reason": "x"})
    client.post(page, {"seat": other.pk, "reason": "专业更合适"})
    card.refresh_from_db()
    assert card.state == "void"
    for name in ("assign", "clear", "release"):
        assert client.post(f"/review/assignment/{name}/").status_code == 302
    client.post("/review/progress/remind/")
    client.post("/review/progress/remind/")
    waiting = Card.objects.filter(state="open").values("seat").distinct().count()
    assert Message.objects.filter(template="review.reminder").count() == waiting
    assert "progress-board" in client.get("/review/progress/?live").content.decode()
    assert "<html" not in client.get("/review/progress/?live").content.decode()


def test_the_chief_opens_a_signed_card_again(client: Client, edition: Edition, cast: Cast, seat: Seat) -> None:
    client.post(f"/review/mine/cards/{first_card(seat).pk}/", sent(WHOLE))
    client.post("/review/mine/cards/sign/")
    office(client, cast)
    card = Card.objects.get(state="signed")
    client.post(f"/review/progress/cards/{card.pk}/reopen/", {"reason": "误填"})
    card.refresh_from_db()
    assert card.state == "open"
