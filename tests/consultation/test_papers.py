"""The letter and its list: only the fields that the department needs, and nothing else of anybody."""

from __future__ import annotations

import io
from typing import Any

import msoffcrypto
import openpyxl
import pytest
from consultation.asked import asked
from decision.group import shortlisted
from nomination.readings import Cast

from jiangbang.consultation import papers
from jiangbang.consultation.asking import set_category
from jiangbang.consultation.models import Inquiry
from jiangbang.consultation.sealing import password_of
from jiangbang.nomination.acts import declare_facts
from jiangbang.nomination.dossiers import full_record
from jiangbang.nomination.models import DeclaredFact
from jiangbang.papers.letters import write_letter
from jiangbang.papers.paper import texts_of
from jiangbang.programme.models import Edition

pytestmark = pytest.mark.django_db
CODE = "91330108MA2XXXXX0X"


def letter_to(edition: Edition, cast: Cast, department: str) -> Inquiry:
    people = shortlisted(edition, cast.organiser, 2, cleared=False)
    for one in people:
        set_category(one, "enterprise_technical_lead", by=cast.organiser)
        declare_facts(one, {"employer_code": CODE}, source=DeclaredFact.Source.OFFICE, by=cast.organiser)
    return asked(edition, cast.organiser, department)


def values_of(letter: Inquiry, keys: set[str], *, but: bool = False) -> set[str]:
    """The values of these fields (or of all but these) in the records of the letter's people, that are long enough to be looked for."""
    found = set()
    for row in letter.questions.select_related("revision__person", "revision__dossier__edition"):
        for key, value in full_record(row.revision).items():
            if (key in keys) is not but and key != "gender" and isinstance(value, str) and len(value) > 3:
                found.add(value)
    return found


@pytest.mark.parametrize(
    ("department", "shown"),
    [
        ("公安", {"name", "gender", "id_number"}),
        ("发改（信用）", {"name", "id_number"}),
        ("税务", {"name", "employer_and_position"}),
    ],
)
def test_a_letter_shows_what_its_department_needs_and_nothing_else(
    edition: Edition, cast: Cast, department: str, shown: set[str]
) -> None:
    letter = letter_to(edition, cast, department)
    paper = papers.inquiry_letter(letter)
    text = "\n".join(texts_of(paper))
    assert all(value in text for value in values_of(letter, shown))
    assert not [value for value in values_of(letter, shown, but=True) if value in text]
    assert (CODE in text) is (department == "税务")
    asked_of = {row["name"]: row["to"] for row in edition.document["edition"]["consulted"]}
    assert paper.to == asked_of[department]
    assert write_letter(paper, "pdf")[:5] == b"%PDF-"
    assert write_letter(paper, "docx")[:2] == b"PK"


def test_the_list_opens_with_its_password_only(edition: Edition, cast: Cast) -> None:
    letter = letter_to(edition, cast, "公安")
    sealed = papers.inquiry_workbook(letter, password_of(letter))
    for value in values_of(letter, {"name", "id_number"}):
        assert value.encode() not in sealed
    with pytest.raises(msoffcrypto.exceptions.InvalidKeyError):
        opened(sealed, "wrong")
    rows = opened(sealed, password_of(letter))
    assert rows[0] == ("序号", "姓名", "性别", "身份证号")
    assert [row[1] for row in rows[1:]] == [one.dossier.name for one in letter.questions.order_by("position")]
    assert all(len(str(row[3])) == 18 for row in rows[1:])


def opened(sealed: bytes, password: str) -> list[tuple[Any, ...]]:
    book, plain = msoffcrypto.OfficeFile(io.BytesIO(sealed)), io.BytesIO()
    book.load_key(password=password, verify_password=True)
    book.decrypt(plain)
    return list(openpyxl.load_workbook(plain).active.iter_rows(values_only=True))
