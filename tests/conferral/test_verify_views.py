"""The public page that checks certificates, for a browser that cannot check by itself."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from nomination.readings import Cast
from papers.certificates import ADDRESS, certificate, statement

from jiangbang.conferral.issuers import issuer_for, make_issuer_key
from jiangbang.kernel.statement import read_keys, sign_statement
from jiangbang.papers.certificate import write_certificate
from jiangbang.papers.signature import sign_pdf


@pytest.fixture
def token(own_home: Path, cast: Cast) -> str:
    make_issuer_key("杭州市总工会", date(2023, 1, 1), date(2025, 12, 31), by=cast.organiser)
    issuer = issuer_for(date(2023, 5, 18))
    assert issuer is not None
    return sign_statement(statement(), issuer.seed)


def shown(client: Client, **sent: Any) -> tuple[str, str]:
    """The verdict of the answer's card, and the page."""
    answer = client.post(reverse("verify"), sent)
    assert answer.status_code == 200
    return answer.context["found"]["verdict"], answer.content.decode()


def test_the_page_opens_to_anybody_without_a_query(client: Client, token: str, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        answer = client.get(reverse("verify"))
    page = answer.content.decode()
    assert (answer.status_code, answer.context["found"]) == (200, None)
    assert page.count("<template data-verdict=") == 6


def test_code_and_address_give_the_verdict_with_what_is_said(client: Client, token: str) -> None:
    for code in (token, f"{ADDRESS}#{token}", f" {token.lower()} "):
        verdict, page = shown(client, code=code)
        assert verdict == "genuine"
        assert statement().name in page
        assert statement().number in page


def test_each_wrong_code_is_told_apart(client: Client, token: str) -> None:
    middle = len(token) // 2
    altered = token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1 :]
    verdicts = [shown(client, code=code)[0] for code in (altered, sign_statement(statement(), bytes(32)), "", "王")]
    assert verdicts == ["altered", "forged", "malformed", "malformed"]


def test_the_file_is_checked_and_not_kept(client: Client, token: str, own_home: Path) -> None:
    issuer = issuer_for(date(2023, 5, 18))
    assert issuer is not None
    pdf = sign_pdf(write_certificate(certificate()), issuer.signatory, address=ADDRESS, token=token)
    before = sorted(own_home.rglob("*"))
    whole = SimpleUploadedFile("certificate.pdf", pdf, "application/pdf")
    damaged = SimpleUploadedFile("certificate.pdf", pdf.replace(b"/Type", b"/type", 1), "application/pdf")
    assert [shown(client, file=one)[0] for one in (whole, damaged)] == ["genuine", "altered"]
    assert sorted(own_home.rglob("*")) == before


def test_a_claim_stands_as_text_on_the_page(client: Client, token: str) -> None:
    claim = sign_statement(statement(name="<b>王</b>"), bytes(32))
    verdict, page = shown(client, code=claim)
    assert verdict == "forged"
    assert "&lt;b&gt;王&lt;/b&gt;" in page
    assert "<b>王</b>" not in page


def test_the_keys_are_public_for_checking_elsewhere(client: Client, token: str) -> None:
    answer = client.get(reverse("verify_keys"))
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert [key.issuer for key in read_keys(json.loads(answer.content))] == ["杭州市总工会"]
    assert b"sealed" not in answer.content
