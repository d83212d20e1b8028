"""The pages of likenesses."""

from __future__ import annotations

import pytest
from django.test import Client
from nomination.readings import Cast
from pytest_django import DjangoAssertNumQueries
from screening.conftest import Screeners
from screening.likenesses import DEEDS, OTHER, REWORKED, UNITS, received, someone

from jiangbang.accounts.models import Membership, Role
from jiangbang.kernel.identity import check_digit
from jiangbang.programme.models import Edition
from jiangbang.queue.models import Job
from jiangbang.screening import acts
from jiangbang.screening.duplicates_acts import decide_pair
from jiangbang.screening.duplicates_finding import find_duplicates
from jiangbang.screening.duplicates_models import DuplicatePair
from jiangbang.screening.duplicates_pages import Part, parts_of
from jiangbang.screening.models import Screening

pytestmark = pytest.mark.django_db
LIST = "/screening/duplicates/"


@pytest.fixture
def li(client: Client, screeners: Screeners) -> Client:
    """A screener's browser."""
    client.force_login(screeners.li)
    return client


def alike(edition: Edition, cast: Cast, count: int = 1) -> list[DuplicatePair]:
    """So many pairs of like deeds."""
    texts = (DEEDS, OTHER, "".join(chr(0x6000 + 13 * place) for place in range(120)))
    received(edition, cast, *(someone(number, deeds=texts[number]) for number in range(count)))
    received(edition, cast, *(someone(5 + number, deeds=texts[number]) for number in range(count)), unit=UNITS[1])
    find_duplicates(edition.programme)
    return list(DuplicatePair.objects.order_by("-score", "-id"))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_for_one_pair_and_for_three(
    li: Client, edition: Edition, cast: Cast, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    alike(edition, cast, count)
    li.get(LIST)
    with django_assert_num_queries(7):
        answer = li.get(LIST)
    assert [(row.score, row.kind) for row in answer.context["rows"]] == [("100%", "事迹雷同")] * count


def test_an_empty_list_says_that_dossiers_are_compared(li: Client, edition: Edition) -> None:
    assert "未发现疑似重复" in li.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 3),
        ("?kind=text", 2),
        ("?kind=two_units", 1),
        ("?kind=text_before", 0),
        ("?decided=yes", 1),
        ("?decided=no", 2),
        ("?unit=330106", 3),
        ("?unit=330102", 0),
        ("?kind=%00&decided=perhaps", 3),
    ],
)
def test_the_address_narrows_the_list(
    li: Client, edition: Edition, cast: Cast, screeners: Screeners, query: str, found: int
) -> None:
    received(edition, cast, someone(9))
    received(edition, cast, someone(9), unit=UNITS[1])
    alike(edition, cast, 2)
    decide_pair(DuplicatePair.objects.filter(kind="text")[0], decision="copied", reason="照搬", by=screeners.li)
    assert len(li.get(f"{LIST}{query}").context["rows"]) == found


def test_both_texts_stand_side_by_side_with_what_is_common_marked(li: Client, edition: Edition, cast: Cast) -> None:
    received(edition, cast, someone(0, deeds=DEEDS), someone(1, deeds=REWORKED))
    find_duplicates(edition.programme)
    pair = DuplicatePair.objects.get()
    answer = li.get(f"{LIST}{pair.pk}/")
    sheet = answer.context["sheet"]
    texts = {"".join(part.text for part in side.parts) for side in (sheet.first, sheet.second)}
    assert texts == {DEEDS, REWORKED}
    common = [{part.passage: part.text for part in side.parts if part.passage} for side in (sheet.first, sheet.second)]
    assert common[0].keys() == common[1].keys()
    assert "产线并牵头起草行业标准一项".replace("并", "") not in common[0].values()
    assert any("高速视觉检测系统" in text for text in common[0].values())
    assert (sheet.share > 60, sheet.likeness > 80, sheet.changed) == (True, True, False)
    assert '<mark data-passage="1">' in answer.content.decode()


def test_of_two_numbers_only_what_differs_is_shown(li: Client, edition: Edition, cast: Cast) -> None:
    mine = str(someone(0)["id_number"])
    wrong = mine[:14] + "7" + mine[15:17]
    theirs = wrong + check_digit(wrong)
    received(edition, cast, someone(0))
    received(edition, cast, someone(0, id_number=theirs, deeds=OTHER), unit=UNITS[1])
    find_duplicates(edition.programme)
    answer = li.get(f"{LIST}{DuplicatePair.objects.get().pk}/")
    numbers = next(value for value in answer.context["sheet"].values if value.label == "身份证号")
    shown = {"".join(part.text for part in side) for side in (numbers.first, numbers.second)}
    assert shown == {"•" * 14 + number[14] + "••" + number[17] for number in (mine, theirs)}
    assert mine not in answer.content.decode()
    assert theirs not in answer.content.decode()


def test_deciding_leads_to_the_next_and_can_be_taken_back(li: Client, edition: Edition, cast: Cast) -> None:
    first, second = alike(edition, cast, 2)
    sent = {"decision": "copied", "reason": "照搬"}
    answer = li.post(f"{LIST}{first.pk}/decide/?decided=no", sent)
    assert answer["Location"] == f"{LIST}{second.pk}/?decided=no"
    assert li.post(f"{LIST}{second.pk}/decide/?decided=no", sent)["Location"] == f"{LIST}?decided=no"
    assert "照搬" in li.get(f"{LIST}{first.pk}/").content.decode()
    assert li.post(f"{LIST}{first.pk}/undo/")["Location"] == f"{LIST}{first.pk}/"
    assert DuplicatePair.objects.get(pk=first.pk).decision == ""
    assert "尚未作出处理" in li.post(f"{LIST}{first.pk}/undo/", follow=True).content.decode()


def test_a_refused_decision_is_said_on_the_page(li: Client, edition: Edition, cast: Cast) -> None:
    (pair,) = alike(edition, cast)
    answer = li.post(f"{LIST}{pair.pk}/decide/", {"decision": "copied", "reason": ""}, follow=True)
    assert "请写明理由" in answer.content.decode()
    assert li.get(f"{LIST}999999/").status_code == 404


def test_the_text_of_an_edition_where_the_reader_has_no_role_is_not_shown(
    client: Client, edition: Edition, cast: Cast, screeners: Screeners
) -> None:
    later = Edition.objects.get(programme=edition.programme, slug="2024")
    received(edition, cast, someone(0, deeds=DEEDS))
    received(later, cast, someone(1, deeds=DEEDS), unit=later.spec.units[0].code)
    find_duplicates(edition.programme)
    Membership.objects.filter(user=screeners.li).delete()
    Membership.objects.create(user=screeners.li, role=Role.SCREENER, edition=later.key)
    client.force_login(screeners.li)
    sheet = client.get(f"{LIST}{DuplicatePair.objects.get().pk}/").context["sheet"]
    assert (sheet.first.readable, sheet.first.parts, sheet.second.readable, sheet.values) == (False, (), True, ())


def test_a_dossier_under_screening_tells_its_likenesses(li: Client, edition: Edition, cast: Cast) -> None:
    (pair,) = alike(edition, cast)
    acts.begin_screening(edition, by=cast.organiser)
    here = Screening.objects.values_list("pk", flat=True)[0]
    there = pair.second if pair.first_id == here else pair.first
    answer = li.get(f"/screening/{here}/")
    hints = [(hint.name, hint.score, hint.decision) for hint in answer.context["likenesses"]]
    assert hints == [(there.name, "100%", "")]
    assert f"{LIST}{pair.pk}/" in answer.content.decode()


def test_a_comparison_can_be_asked_for(li: Client, edition: Edition) -> None:
    answer = li.post(f"{LIST}compare/", follow=True)
    assert "正在比对" in answer.content.decode()
    assert Job.objects.get().name == "screening.compare"


def test_a_text_is_cut_at_its_passages() -> None:
    assert parts_of("零一二三四五", [(4, 1), (1, 2)]) == (
        Part("零", 0),
        Part("一二", 2),
        Part("三", 0),
        Part("四", 1),
        Part("五", 0),
    )
    assert parts_of("", []) == ()
