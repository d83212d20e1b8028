"""From what was conferred to the sheets: the words of the edition, the address of the verify page, the issuer's signature."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from nomination.readings import Cast

from jiangbang.conferral.certificates import ARTWORK, issue, specimen, stated, verify_address, words_of
from jiangbang.conferral.issuers import issuer_for, issuer_keys, make_issuer_key
from jiangbang.kernel.statement import Verdict, check_token
from jiangbang.programme.models import Edition

DAY = date(2023, 5, 18)


def _text(pdf: bytes) -> str:
    return pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range().replace("\r\n", "")


def test_a_sheet_is_issued_in_the_words_of_the_edition(edition: Edition, own_home: Path, cast: Cast) -> None:
    make_issuer_key("杭州市总工会", date(2023, 1, 1), date(2025, 12, 31), by=cast.organiser)
    issuer = issuer_for(DAY)
    assert issuer is not None
    title = next(one for one in edition.spec.titles if one.key == "nominee")
    said = stated(edition, title, number="1号", name="王䶮", unit="甲公司", issued=DAY, issuer=issuer.key.issuer)
    sheet = issue(edition, title, said, issuer)
    assert (said.programme, said.edition) == ("杭州数字工匠", "首届“杭州数字工匠”认定")
    found = check_token(sheet.token, issuer_keys())
    assert (found.verdict, found.statement) == (Verdict.GENUINE, said)
    assert sheet.address == verify_address()


def test_the_bundled_edition_is_signed_by_hosts_and_organiser(edition: Edition) -> None:
    words = words_of(edition)
    assert words.bodies == ("杭州市总工会政研室", "杭州市经信工会", "杭州市数字经济行业工会联合会")
    assert words.chop == "杭州数字工匠"


@pytest.mark.parametrize("kind", [*ARTWORK])
def test_a_proof_says_that_it_is_one_and_has_no_statement(edition: Edition, kind: str) -> None:
    proof = specimen(edition, edition.spec.titles[0], DAY)
    made = ARTWORK[kind](proof)
    assert proof.token == ""
    if kind.endswith("pdf"):
        assert "样张" in _text(made)
    else:
        assert made[:4] in (b"\x89PNG", b"<svg")
