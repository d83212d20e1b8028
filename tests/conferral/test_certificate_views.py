"""The office's page of certificates."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from decision.decided import decided
from django.test import Client
from django.urls import reverse
from nomination.readings import Cast
from papers.certificates import statement

from jiangbang.conferral.issuers import issuer_for, make_issuer_key
from jiangbang.kernel.statement import read_revoked, sign_statement
from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition


@pytest.fixture
def office(client: Client, edition: Edition, cast: Cast, own_home: Path) -> Client:
    client.force_login(cast.organiser)
    return client


def page(client: Client) -> str:
    answer = client.get(reverse("certificate_desk"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_without_a_key_the_page_says_how_one_is_made(office: Client, cast: Cast) -> None:
    assert "jiangbang certificate keys make" in page(office)
    make_issuer_key("杭州市总工会", date(2023, 1, 1), date(2025, 12, 31), by=cast.organiser)
    after = page(office)
    assert "jiangbang certificate keys make" not in after
    assert "2025-12-31" in after


def test_names_that_no_font_can_print_are_announced_once_the_result_is_out(
    office: Client, edition: Edition, cast: Cast
) -> None:
    decided(edition, cast.organiser)
    assert "U+323AF" not in page(office)
    Dossier.objects.update(name="王\U000323af")
    assert "U+323AF" in page(office)


def test_every_proof_is_a_file(office: Client) -> None:
    types = {"certificate.png": "image/png", "plaque.pdf": "application/pdf", "plaque.svg": "image/svg+xml"}
    for name, media_type in types.items():
        answer = office.get(reverse("certificate_proof", args=["craftsman", name]))
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, media_type)
    for title, name in (("craftsman", "certificate.exe"), ("unknown", "plaque.pdf")):
        assert office.get(reverse("certificate_proof", args=[title, name])).status_code == 404


def test_the_page_asks_as_much_however_many_there_are(
    office: Client, edition: Edition, cast: Cast, django_assert_num_queries: Any
) -> None:
    page(office)
    with django_assert_num_queries(7):
        page(office)
    decided(edition, cast.organiser)
    with django_assert_num_queries(7):
        page(office)


def test_a_revoked_certificate_is_listed_and_verification_knows_at_once(office: Client, cast: Cast) -> None:
    sent = {"number": " 杭数匠〔2023〕第001号 ", "resolution": "数匠撤〔2023〕1号"}
    answer = office.post(reverse("certificate_revoke"), sent, follow=True)
    assert "杭数匠〔2023〕第001号" in answer.content.decode()
    listed = read_revoked(office.get(reverse("verify_revoked")).json())
    assert list(listed) == ["杭数匠〔2023〕第001号"]
    make_issuer_key("杭州市总工会", date(2023, 1, 1), date(2025, 12, 31), by=cast.organiser)
    issuer = issuer_for(date(2023, 5, 18))
    assert issuer is not None
    answer = office.post(reverse("verify"), {"code": sign_statement(statement(), issuer.seed)})
    assert answer.context["found"]["verdict"] == "revoked"
    answer = office.post(reverse("certificate_revoke"), sent, follow=True)
    assert [message.tags for message in answer.context["messages"]] == ["error"]
