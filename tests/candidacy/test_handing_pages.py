"""Handing over by the pages: paper, Word file, the employer's page, scans, calling back, leaving."""

from __future__ import annotations

import pytest
from candidacy.drafting import Players, again, pdf
from candidacy.test_views import CANARIES, enter, text
from django.test import Client

from jiangbang.candidacy.models import Candidacy
from jiangbang.candidacy.queries import record_of
from jiangbang.outbox.models import Message
from jiangbang.papers.nomination_form import read_form

pytestmark = pytest.mark.django_db


def test_the_paper_says_what_was_written(client: Client, whole: Candidacy, players: Players) -> None:
    page = text(enter(client, players.candidate).get(f"/candidacies/{whole.pk}/paper/"))
    assert [value for value in CANARIES.values() if value not in page] == []
    assert "推荐单位（区县市工会、产业工会或行业主管部门等）意见" in page


def test_the_word_file_reads_back_as_the_draft(client: Client, with_unit: Candidacy, players: Players) -> None:
    answer = enter(client, players.candidate).get(f"/candidacies/{with_unit.pk}/form.docx")
    form = with_unit.edition.spec.form
    read = read_form(answer.content, form, source="x").record
    written = record_of(with_unit)
    assert {key: value for key, value in read.items() if value != written[key]} == {}


def test_handing_over_by_link_posts_the_link(client: Client, whole: Candidacy, players: Players) -> None:
    sent = {"way": "link", "name": "吴经理", "address": "wu@example.org"}
    answer = enter(client, players.candidate).post(f"/candidacies/{whole.pk}/hand-over/", sent, follow=True)
    assert "链接正发往单位" in text(answer)
    assert again(whole).state == "with_employer"
    assert Message.objects.filter(template="candidacy.to_employer").count() == 1


@pytest.mark.parametrize(("address", "sentence"), [("", "电子邮箱"), ("not an address", "not an address")])
def test_a_link_needs_an_address(
    client: Client, whole: Candidacy, players: Players, address: str, sentence: str
) -> None:
    sent = {"way": "link", "name": "吴经理", "address": address}
    answer = enter(client, players.candidate).post(f"/candidacies/{whole.pk}/hand-over/", sent, follow=True)
    assert sentence in text(answer)
    assert again(whole).state == "drafting"


def test_on_paper_the_scan_takes_it_on(client: Client, whole: Candidacy, players: Players) -> None:
    enter(client, players.candidate)
    client.post(f"/candidacies/{whole.pk}/hand-over/", {"way": "paper"})
    address = f"/candidacies/{whole.pk}/"
    assert "请先上传" in text(client.post(f"{address}confirm-scan/", follow=True))
    client.post(f"{address}files/", {"claim": "scan", "file": pdf("盖章.pdf")})
    assert "盖章.pdf" in text(client.get(address))
    client.post(f"{address}confirm-scan/")
    assert again(whole).state == "with_unit"


def test_the_employer_reads_and_confirms(client: Client, handed: Candidacy, players: Players) -> None:
    address = f"/candidacies/{handed.pk}/employer/"
    page = text(enter(client, players.employer).get(address))
    assert CANARIES["motto"] in page
    unsure = text(client.post(address, {"answer": "confirm", "opinion": "属实。"}))
    assert "请勾选" in unsure
    assert "属实。</textarea>" in unsure
    client.post(address, {"answer": "confirm", "opinion": "属实。", "entitled": "yes"})
    assert again(handed).state == "with_unit"
    assert "您已确认此推荐表" in text(client.get(address))


def test_the_employer_returns_it(client: Client, handed: Candidacy, players: Players) -> None:
    address = f"/candidacies/{handed.pk}/employer/"
    enter(client, players.employer)
    assert "请写明要改什么" in text(client.post(address, {"answer": "return", "remark": ""}))
    answer = client.post(address, {"answer": "return", "remark": "年限不符"}, follow=True)
    assert again(handed).state == "drafting"
    assert CANARIES["motto"] not in text(answer)


def test_before_it_is_handed_over_the_employer_sees_nothing(client: Client, whole: Candidacy, players: Players) -> None:
    page = text(enter(client, players.employer).get(f"/candidacies/{whole.pk}/employer/"))
    assert [value for value in CANARIES.values() if value in page] == []
    assert "推荐表在本人手中" in page


def test_calling_back_and_leaving(client: Client, with_unit: Candidacy, players: Players) -> None:
    enter(client, players.candidate)
    assert "推荐表已回到您这里" in text(client.post(f"/candidacies/{with_unit.pk}/call-back/", follow=True))
    assert "没有可撤回的" in text(client.post(f"/candidacies/{with_unit.pk}/call-back/", follow=True))
    assert "您已退出推荐" in text(client.post(f"/candidacies/{with_unit.pk}/withdraw/", follow=True))
    assert "此前已退出" in text(client.post(f"/candidacies/{with_unit.pk}/withdraw/", follow=True))


@pytest.mark.parametrize("rest", ["call-back/", "withdraw/"])
def test_only_the_candidate_calls_back_and_leaves(
    client: Client, with_unit: Candidacy, players: Players, rest: str
) -> None:
    assert enter(client, players.unit).post(f"/candidacies/{with_unit.pk}/{rest}").status_code == 403
    assert again(with_unit).state == "with_unit"
