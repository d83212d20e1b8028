"""The office confers, hands over and revokes on its pages; certificates leave signed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conferral.conferred import conferred
from django.test import Client
from django.urls import reverse
from nomination.readings import Cast
from notice.noticed import noticed

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role
from jiangbang.conferral.award_models import Award, HandedOver, Revocation
from jiangbang.conferral.issuers import issuer_keys, make_issuer_key
from jiangbang.kernel.statement import Verdict
from jiangbang.notice.notice_models import NoticeEntry
from jiangbang.papers.signature import check_pdf
from jiangbang.programme.models import Edition
from jiangbang.register.models import Entry


@pytest.fixture
def office(client: Client, cast: Cast, own_home: Path) -> Client:
    client.force_login(cast.organiser)
    return client


@pytest.fixture
def awards(edition: Edition, cast: Cast) -> Sequence[Award]:
    return conferred(edition, cast.organiser)


def page(client: Client, name: str, *arguments: object) -> str:
    answer = client.get(reverse(name, args=arguments))
    assert answer.status_code == 200
    return answer.content.decode()


def test_whoever_stood_is_conferred_from_the_desk(office: Client, edition: Edition, cast: Cast) -> None:
    assert "尚无可授予称号的人选" in page(office, "conferral_desk")
    notice = noticed(edition, cast.organiser, days_over=True)
    NoticeEntry.objects.filter(notice=notice).update(state="stood")
    assert "3人待授予称号" in page(office, "conferral_desk")
    office.post(reverse("conferral_make"))
    after = page(office, "conferral_desk")
    assert "数匠〔2023〕001号" in after
    assert "待授予称号" not in after


def test_the_desk_asks_as_much_for_one_as_for_many(
    office: Client, awards: Sequence[Award], django_assert_num_queries: Any
) -> None:
    desk = reverse("conferral_desk")
    office.get(desk)
    with django_assert_num_queries(9):
        office.get(desk)
    Award.objects.exclude(pk=awards[0].pk).delete()
    NoticeEntry.objects.exclude(dossier_id=awards[0].dossier_id).update(state="struck")
    with django_assert_num_queries(9):
        office.get(desk)


def test_ticks_are_set_and_taken_back_on_the_phone(office: Client, awards: Sequence[Award]) -> None:
    tick = reverse("award_tick", args=[awards[0].pk])
    answer = office.post(tick, {"item": "奖牌"})
    assert answer.headers["Location"] == f"{reverse('conferral_ceremony')}#award-{awards[0].pk}"
    assert 'aria-pressed="true"' in page(office, "conferral_ceremony")
    office.post(tick, {"item": "奖牌", "back": "yes", "to": "award"})
    assert HandedOver.objects.count() == 0
    assert 'aria-pressed="true"' not in page(office, "award", awards[0].pk)


def test_certificates_leave_signed_alone_and_as_an_archive(office: Client, awards: Sequence[Award], cast: Cast) -> None:
    make = reverse("conferral_certificates")
    assert office.post(make).status_code == 302
    make_issuer_key("杭州市总工会", date(2023, 1, 1), date(2025, 12, 31), by=cast.organiser)
    alone = office.post(make, {"award": awards[0].pk})
    found = check_pdf(alone.content, issuer_keys(), {})
    assert (found.verdict, found.statement and found.statement.number) == (Verdict.GENUINE, awards[0].number)
    archive = office.post(make)
    with zipfile.ZipFile(io.BytesIO(b"".join(archive.streaming_content))) as packed:  # type: ignore[attr-defined]
        assert packed.testzip() is None
        verdicts = [check_pdf(packed.read(name), issuer_keys(), {}).verdict for name in packed.namelist()]
    assert verdicts == [Verdict.GENUINE] * 3
    assert Entry.objects.filter(type="certificates.issued").count() == 2


def test_a_title_is_revoked_on_the_pages_by_two(
    office: Client, awards: Sequence[Award], edition: Edition, client: Client
) -> None:
    award = awards[0]
    office.post(reverse("award_revocation", args=[award.pk, "propose"]), {"ground": "不实", "resolution": "撤1号"})
    office.post(reverse("award_revocation", args=[award.pk, "confirm"]))
    assert Revocation.objects.get().state == "proposed"
    assert "须由另一人确认" in page(office, "award", award.pk)
    second = Client()
    second.force_login(create_account("second", role=Role.ORGANISER, password=None, edition=edition.key))
    second.post(reverse("award_revocation", args=[award.pk, "confirm"]))
    assert Award.objects.get(pk=award.pk).state == "revoked"
    second.post(reverse("award_revocation", args=[award.pk, "recover"]))
    assert "收回" in page(second, "award", award.pk)
    assert second.post(reverse("award_revocation", args=[award.pk, "eat"])).status_code == 404


@pytest.mark.parametrize("kind", ["pdf", "docx"])
@pytest.mark.parametrize("which", ["decision", "handing"])
def test_the_papers_are_there_once_something_is_conferred(
    office: Client, edition: Edition, cast: Cast, which: str, kind: str
) -> None:
    address = reverse("conferral_paper", args=[which, kind])
    assert office.get(address).status_code == 404
    conferred(edition, cast.organiser)
    assert office.get(address).content[:2] == {"pdf": b"%P", "docx": b"PK"}[kind]
    assert office.get(reverse("conferral_paper", args=["letter", kind])).status_code == 404
