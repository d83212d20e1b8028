"""Certificates for a list: checked whole, registered before they are written, each with its own statement."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from nomination.readings import Cast

from jiangbang.conferral import issuing
from jiangbang.conferral.issuers import issuer_keys, make_issuer_key
from jiangbang.conferral.issuing import Titled, files_of, issue_certificates, prepare, time_stamper
from jiangbang.kernel.statement import Verdict, check_token
from jiangbang.papers.signature import check_pdf
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry

DAY = date(2023, 5, 18)
PEOPLE = (
    Titled("1号", "王䶮", "甲公司", "craftsman"),
    Titled("2号", "买买提·艾力", "", "nominee"),
)


@pytest.fixture
def keyed(edition: Edition, own_home: Path, cast: Cast) -> Edition:
    make_issuer_key("杭州市总工会", date(2023, 1, 1), date(2025, 12, 31), by=cast.organiser)
    return edition


def test_each_gets_a_signed_file_with_the_own_statement(keyed: Edition, cast: Cast) -> None:
    batch = prepare(keyed, PEOPLE, DAY, by=cast.organiser)
    files = dict(files_of(batch))
    assert list(files) == ["00001-王䶮.pdf", "00002-买买提艾力.pdf"]
    found = [check_pdf(pdf, issuer_keys()) for pdf in files.values()]
    assert [one.verdict for one in found] == [Verdict.GENUINE, Verdict.GENUINE]
    said = [one.statement for one in found if one.statement]
    assert [(one.number, one.name, one.title) for one in said] == [
        ("1号", "王䶮", "杭州数字工匠"),
        ("2号", "买买提·艾力", "“杭州数字工匠”提名奖"),
    ]
    text = pypdfium2.PdfDocument(files["00002-买买提艾力.pdf"])[0].get_textpage().get_text_range()
    assert "荣获“杭州数字工匠”提名奖。特颁此证，以资鼓励。" in text.replace("\r\n", "")


def test_artwork_carries_the_same_statement_and_no_signature(keyed: Edition, cast: Cast) -> None:
    batch = prepare(keyed, PEOPLE[:1], DAY, by=cast.organiser)
    ((name, pdf),) = files_of(batch, "print")
    assert (name, check_pdf(pdf, issuer_keys()).reason) == ("00001-王䶮-print.pdf", "unsigned")
    ((name, svg),) = files_of(batch, "plaque")
    assert (name, svg[:4]) == ("00001-王䶮-plaque.svg", b"<svg")
    assert check_token(batch.sheets[0].token, issuer_keys()).verdict is Verdict.GENUINE


def test_the_register_knows_of_the_batch_and_of_nobody_in_it(keyed: Edition, cast: Cast) -> None:
    batch = prepare(keyed, PEOPLE, DAY, by=cast.organiser)
    issue_certificates(keyed, batch, by=cast.organiser)
    entry = Entry.objects.latest("index")
    facts = {"count": 2, "key": batch.issuer.key.id.hex(), "issued": "2023-05-18", "sha256": batch.fingerprint}
    assert (entry.type, entry.edition, entry.facts) == ("certificates.issued", keyed.key, facts)
    with pytest.raises(Refused) as refused:
        issue_certificates(keyed, batch, by=cast.discipline)
    assert refused.value.code == "permission"


@pytest.mark.parametrize(
    ("people", "day", "code"),
    [
        ((), DAY, "nobody"),
        ((PEOPLE[0], replace(PEOPLE[1], number="1号")), DAY, "number"),
        ((replace(PEOPLE[0], title="mayor"),), DAY, "title"),
        (PEOPLE, date(2022, 5, 18), "no_key"),
        ((replace(PEOPLE[0], name=""),), DAY, "statement"),
        ((replace(PEOPLE[0], name="王\U000323af"),), DAY, "unprintable"),
    ],
)
def test_a_list_with_anything_wrong_is_refused_whole(
    keyed: Edition, cast: Cast, people: tuple[Titled, ...], day: date, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        prepare(keyed, people, day, by=cast.organiser)
    assert refused.value.code == code


def test_who_may_not(keyed: Edition, cast: Cast) -> None:
    for by in (cast.discipline, cast.stranger):
        with pytest.raises(Refused) as refused:
            prepare(keyed, PEOPLE, DAY, by=by)
        assert refused.value.code == "permission"


def test_a_register_that_cannot_be_written_stops_the_batch(
    keyed: Edition, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: object, **_facts: object) -> None:
        raise RuntimeError("register away")

    batch, before = prepare(keyed, PEOPLE, DAY, by=cast.organiser), Entry.objects.count()
    monkeypatch.setattr(issuing, "record", fails)
    with pytest.raises(RuntimeError):
        issue_certificates(keyed, batch, by=cast.organiser)
    assert Entry.objects.count() == before


def test_a_trusted_time_is_asked_where_the_house_has_somebody_to_ask(settings: Any) -> None:
    assert time_stamper() is None
    settings.JIANGBANG_TSA_URL = "http://tsa.example/"
    stamper = time_stamper()
    assert stamper is not None
    assert stamper.url == "http://tsa.example/"
