"""The candidate's pages: what they show, what saving answers, whom they refuse, and that nobody else sees a value."""

from __future__ import annotations

import json
import logging
import re
from typing import Any
from uuid import uuid4

import pytest
from candidacy.drafting import Players, afresh, again, agree
from candidacy.test_acts import after_the_deadline
from django.test import Client
from nomination.readings import person
from pytest_django import DjangoAssertNumQueries

from jiangbang.accounts.models import User
from jiangbang.candidacy import acts, handing
from jiangbang.candidacy.drafts import answers_of
from jiangbang.candidacy.models import Candidacy
from jiangbang.candidacy.queries import consents_of
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db

# Values that must stand in no page of others and in no log.
CANARIES = {
    "id_number": str(person(1)["id_number"]),
    "mobile": str(person(1)["mobile"]),
    "telephone": str(person(1)["telephone"]),
    "address": str(person(1)["address"]),
    "native_place": "浙江杭州",
    "motto": str(person(1)["motto"]),
}


def enter(client: Client, user: User) -> Client:
    client.force_login(afresh(user))
    return client


def text(answer: Any) -> str:
    found: str = answer.content.decode()
    return found


def page_of(client: Client, candidacy: Candidacy, rest: str = "") -> str:
    return text(client.get(f"/candidacies/{candidacy.pk}/{rest}"))


def send(client: Client, candidacy: Candidacy, key: str, value: str, version: int = 0) -> Any:
    return client.post(
        f"/candidacies/{candidacy.pk}/save/",
        {"key": key, key: value, f"{key}.version": version},
        headers={"X-Requested-With": "fetch"},
    )


def test_the_first_page_asks_for_consent_and_shows_no_field(
    client: Client, invited: Candidacy, players: Players
) -> None:
    page = page_of(enter(client, players.candidate), invited)
    assert re.findall(r'name="purpose" value="(\w+)"', page) == ["processing", "sensitive", "publication"]
    assert 'id="draft"' not in page


def test_agreeing_opens_the_form(client: Client, invited: Candidacy, players: Players) -> None:
    enter(client, players.candidate)
    client.post(f"/candidacies/{invited.pk}/consent/", {"purpose": ["processing", "publication"]})
    page = page_of(client, invited)
    for spec in invited.edition.spec.form:
        if spec.kind != "opinions":
            assert f'id="f-{spec.key}"' in page
    assert 'name="mobile"' not in page
    assert 'name="motto"' in page
    client.post(f"/candidacies/{invited.pk}/consent/", {"purpose": "sensitive"})
    assert 'name="mobile"' in page_of(client, invited)


def test_agreeing_to_nothing_is_told(client: Client, invited: Candidacy, players: Players) -> None:
    answer = enter(client, players.candidate).post(f"/candidacies/{invited.pk}/consent/", follow=True)
    assert "未经同意不会使用" in text(answer)
    assert consents_of(invited) == {}


def test_a_saved_field_answers_with_version_time_and_findings(
    client: Client, draft: Candidacy, players: Players
) -> None:
    answer = send(enter(client, players.candidate), draft, "years_in_industry", "很多年")
    said = json.loads(text(answer))
    assert (answer.status_code, said["version"], said["shown"]) == (200, 1, "很多年")
    assert re.fullmatch(r"\d\d:\d\d", said["time"])
    assert [one["severity"] for one in said["findings"]["years_in_industry"]] == ["block"]
    assert "整数年数" in said["findings"]["years_in_industry"][0]["message"]


def test_findings_come_in_the_readers_language(client: Client, draft: Candidacy, players: Players) -> None:
    enter(client, players.candidate).cookies["jiangbang_language"] = "en"
    said = json.loads(text(send(client, draft, "years_in_industry", "很多年")))
    assert "write whole years" in said["findings"]["years_in_industry"][0]["message"]


def test_the_number_is_compared_when_birth_or_gender_changes(
    client: Client, draft: Candidacy, players: Players
) -> None:
    enter(client, players.candidate)
    send(client, draft, "id_number", CANARIES["id_number"])
    said = json.loads(text(send(client, draft, "birth_month", "1999.01")))
    assert "出生年月" in said["findings"]["id_number"][0]["message"]


def test_a_conflict_answers_with_the_other_text(client: Client, draft: Candidacy, players: Players) -> None:
    acts.save_field(draft, "motto", "单位写的", expected=0, by=players.unit)
    answer = send(enter(client, players.candidate), draft, "motto", "我写的")
    said = json.loads(text(answer))
    assert (answer.status_code, said["code"], said["shown"], said["version"], said["who"]) == (
        409,
        "conflict",
        "单位写的",
        1,
        "unit",
    )
    assert answers_of(draft)["motto"].value == "单位写的"


def test_a_late_save_answers_with_the_time(client: Client, draft: Candidacy, players: Players) -> None:
    enter(client, players.candidate)
    with after_the_deadline(draft.edition):  # type: ignore[attr-defined]
        answer = send(client, draft, "motto", "晚了")
        page = page_of(client, draft)
    assert (answer.status_code, json.loads(text(answer))["code"]) == (422, "late")
    assert "2023-04-01 00:00:00" in json.loads(text(answer))["message"]
    assert "已过截止时间" in page
    assert 'id="draft"' not in page


def test_a_plain_form_saves_every_field(client: Client, draft: Candidacy, players: Players) -> None:
    sent = {
        "motto": "慢一点",
        "motto.version": 0,
        "education": "本科",
        "education.version": 0,
        "achievements": ["甲", ""],
    }
    answer = enter(client, players.candidate).post(f"/candidacies/{draft.pk}/save/", sent)
    held = answers_of(draft)
    assert (answer.status_code, held["motto"].value, held["education"].value) == (302, "慢一点", "本科")
    assert [item["text"] for item in held["achievements"].value] == ["甲"]


def test_a_plain_form_in_conflict_shows_both_texts(client: Client, draft: Candidacy, players: Players) -> None:
    acts.save_field(draft, "motto", "单位写的", expected=0, by=players.unit)
    answer = enter(client, players.candidate).post(
        f"/candidacies/{draft.pk}/save/", {"motto": "我写的", "motto.version": 0, "education": "本科"}
    )
    assert answer.status_code == 409
    assert "单位写的" in text(answer)
    assert "我写的</textarea>" in text(answer)
    assert 'name="motto.version" value="1"' in text(answer)
    assert answers_of(draft)["education"].value == "本科"


@pytest.mark.parametrize("version", ["", "-1", "x", "99999999999999999999", "１"])
def test_a_strange_version_overwrites_nothing(client: Client, draft: Candidacy, players: Players, version: str) -> None:
    acts.save_field(draft, "motto", "先写的", expected=0, by=players.candidate)
    answer = send(enter(client, players.candidate), draft, "motto", "后写的", version)  # type: ignore[arg-type]
    assert (answer.status_code, answers_of(draft)["motto"].value) in [(409, "先写的"), (200, "后写的")]
    assert (answer.status_code == 200) == (version == "１")


def test_what_is_left_is_told_by_field_and_by_clause(client: Client, draft: Candidacy, players: Players) -> None:
    page = page_of(enter(client, players.candidate), draft, "standing/")
    assert 'href="#f-deeds"' in page
    assert 'href="#f-fact-union_member"' in page
    assert page.count('class="condition"') == len(draft.edition.spec.clauses)


def test_a_whole_form_is_ready(client: Client, whole: Candidacy, players: Players) -> None:
    page = page_of(enter(client, players.candidate), whole, "standing/")
    assert 'href="#hand-over"' in page
    assert "推荐表已填完整" in page


def test_ones_own_form_is_the_first_room(client: Client, draft: Candidacy, players: Players) -> None:
    enter(client, players.candidate)
    assert client.get("/")["Location"] == "/my/"
    assert client.get("/my/")["Location"] == f"/candidacies/{draft.pk}/"
    enter(client, players.employer)
    assert client.get("/my/")["Location"] == f"/candidacies/{draft.pk}/employer/"


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("organiser", 403),
        ("discipline", 403),
        ("other_candidate", 403),
        ("other_unit", 403),
        ("employer", 403),
        ("stranger", 404),
    ],
)
def test_others_do_not_enter(client: Client, whole: Candidacy, players: Players, who: str, status: int) -> None:
    enter(client, getattr(players, who))
    for rest in ("", "standing/", "paper/", "form.docx", "photo/"):
        assert (rest, client.get(f"/candidacies/{whole.pk}/{rest}").status_code) == (rest, status)
    assert send(client, whole, "motto", "x").status_code == status


def test_a_form_that_is_not_there_is_404(client: Client, draft: Candidacy, players: Players) -> None:
    del draft
    assert enter(client, players.candidate).get(f"/candidacies/{uuid4()}/").status_code == 404


def test_canaries_stand_in_no_page_of_others_and_in_no_log(
    client: Client, handed: Candidacy, players: Players, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    seen = []
    for who in ("organiser", "discipline", "other_unit", "other_candidate", "stranger"):
        enter(client, getattr(players, who))
        addresses = [f"/candidacies/{handed.pk}/{rest}" for rest in ("", "paper/", "employer/", "standing/")]
        for address in ["/", "/register/", "/dossiers/", "/packets/", *addresses]:
            page = text(client.get(address, follow=True))
            seen += [(who, address, key) for key, value in CANARIES.items() if value in page]
    for user, key in ((players.candidate, "motto"), (players.employer, "mobile")):
        send(enter(client, user), handed, key, CANARIES[key], 7)
    entries = repr(list(Entry.objects.values("facts", "subject")))
    assert seen == []
    assert [key for key, value in CANARIES.items() if value in caplog.text or value in entries] == []


def test_the_forms_page_takes_the_same_queries_for_a_little_and_for_much(
    client: Client, draft: Candidacy, players: Players, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    enter(client, players.candidate)
    address = f"/candidacies/{draft.pk}/"
    acts.save_field(draft, "honours", ["一"], expected=0, by=players.candidate)
    client.get(address)
    with django_assert_num_queries(11):
        client.get(address)
    acts.save_field(draft, "honours", ["一", "二", "三"], expected=1, by=players.candidate)
    acts.save_field(draft, "motto", "慢一点", expected=0, by=players.unit)
    with django_assert_num_queries(11):
        client.get(address)


def test_consents_are_taken_back_with_their_consequences(client: Client, whole: Candidacy, players: Players) -> None:
    enter(client, players.candidate)
    answer = client.post(f"/candidacies/{whole.pk}/consent/", {"withdraw": "sensitive"}, follow=True)
    assert "您的身份证号、照片、电话和地址已删除" in text(answer)
    assert CANARIES["mobile"] not in text(answer)
    answer = client.post(f"/candidacies/{whole.pk}/consent/", {"withdraw": "processing"}, follow=True)
    assert "已退出推荐" in text(answer)
    assert again(whole).state == "withdrawn"


def test_the_unit_sees_that_it_is_not_taken_up_yet(client: Client, invited: Candidacy, players: Players) -> None:
    page = page_of(enter(client, players.unit), invited)
    assert "尚未接受邀请" in page
    agree(invited, players.candidate)
    assert 'id="draft"' in page_of(client, invited)


def test_a_remark_stands_above_the_form(client: Client, handed: Candidacy, players: Players) -> None:
    handing.return_by_employer(handed, "从业年限与档案不符。", by=players.employer)
    page = page_of(enter(client, players.candidate), handed)
    assert "所在单位请您修改" in page
    assert "从业年限与档案不符。" in page
