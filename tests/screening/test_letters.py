"""The letter that says "not eligible": what it says, to whom it goes, when it is refused."""

from __future__ import annotations

from collections.abc import Callable
from unittest import mock

import pytest
from nomination.readings import Cast, MakeReading
from papers.test_pdf import squeezed, text_of

from jiangbang.nomination.contacts import ContactRow, keep_contacts
from jiangbang.nomination.models import Dossier
from jiangbang.outbox.acts import edit_template
from jiangbang.outbox.models import Enclosure, Message
from jiangbang.outbox.templates import Text
from jiangbang.papers.paper import Signature
from jiangbang.papers.pdf import write_pdf
from jiangbang.programme.models import Edition
from jiangbang.register import acts as register_acts
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry
from jiangbang.screening import acts, letters
from jiangbang.screening.letter_models import Letter
from jiangbang.screening.standings import standings_of

from screening.conftest import FITTING, Screeners, in_screening  # isort: skip

pytestmark = pytest.mark.django_db
GROUNDS = "经核对，本人已于2019年获评“杭州工匠”。#not markup <b>"
Make = Callable[..., Dossier]


@pytest.fixture
def failed(edition: Edition, cast: Cast, reading: MakeReading, screeners: Screeners) -> Make:
    """Somebody who was concluded as not eligible by two persons."""

    def make(number: int = 1, **facts: object) -> Dossier:
        wrong = facts or {"earlier_titles": ["杭州工匠"]}
        dossier = in_screening(edition, cast, reading, {**FITTING, **wrong}, number)
        acts.conclude_screening(dossier, by=screeners.li)
        acts.conclude_screening(dossier, by=screeners.wang)
        return dossier

    return make


@pytest.fixture
def contact(edition: Edition, cast: Cast) -> None:
    keep_contacts(edition, [ContactRow("330108", "林一", "lin@example.com")], by=cast.organiser)


def send(dossier: Dossier, screeners: Screeners, **more: object) -> Letter:
    said = {"grounds": GROUNDS, "by": screeners.organiser, **more}
    return letters.send_letter(dossier, **said)  # type: ignore[arg-type]


def refused(dossier: Dossier, screeners: Screeners, **more: object) -> str:
    with pytest.raises(Refused) as refusal:
        send(dossier, screeners, **more)
    return refusal.value.code


@pytest.mark.usefixtures("contact")
def test_unit_and_candidate_get_it_as_text_pdf_and_word(failed: Make, screeners: Screeners) -> None:
    made = send(failed(), screeners, candidate="zhang@example.com")
    assert (made.number, made.clauses, made.unit_messages, made.candidate_messages) == (
        "数匠初审〔2023〕1号",
        "X1",
        1,
        1,
    )
    assert sorted(Message.objects.values_list("template", "name")) == [
        ("screening.not_eligible_candidate", made.dossier.name),
        ("screening.not_eligible_unit", "林一"),
    ]
    names = set(Enclosure.objects.values_list("file_name", flat=True))
    assert names == {"数匠初审〔2023〕1号.docx", "数匠初审〔2023〕1号.pdf"}
    assert all(made.dossier.name not in one.subject for one in Message.objects.all())


@pytest.mark.usefixtures("contact")
def test_it_names_clause_grounds_and_the_way_to_object(failed: Make, screeners: Screeners) -> None:
    made = send(failed(), screeners)
    text = squeezed(text_of(write_pdf(letters.letter_paper(made, "unit"))))
    for part in (
        "关于首届“杭州数字工匠”认定初审结果的告知书",
        "滨江区总工会：",
        f"贵单位推荐的{made.dossier.name}同志",
        "1.已获评“浙江工匠”、“杭州工匠”的不予推荐（条款X1）。",
        squeezed(GROUNDS),
        "7日内，即2023年3月27日前",
        "电话0571-00000000，邮箱tuijian@example.org",
        "2023年3月20日",
    ):
        assert part in text, part
    assert made.objection_until.isoformat() == "2023-03-27T23:59:59+08:00"


@pytest.mark.usefixtures("contact")
def test_the_register_keeps_number_and_clauses_and_no_name(failed: Make, screeners: Screeners) -> None:
    made = send(failed(), screeners)
    entry = Entry.objects.get(type="letter.sent")
    assert entry.subject == made.dossier.subject
    assert entry.facts == {
        "number": "数匠初审〔2023〕1号",
        "clauses": ["X1"],
        "due": "2023-03-27T23:59:59+08:00",
        "count": 1,
        "on_paper": False,
    }
    assert GROUNDS.encode() not in bytes(Letter.objects.get().sealed)


@pytest.mark.usefixtures("contact")
def test_letters_are_numbered_one_after_the_other(failed: Make, screeners: Screeners) -> None:
    numbers = [send(failed(number), screeners).number for number in (1, 2)]
    assert numbers == ["数匠初审〔2023〕1号", "数匠初审〔2023〕2号"]


@pytest.mark.usefixtures("contact")
def test_the_office_words_it_and_what_was_sent_stays(failed: Make, screeners: Screeners, edition: Edition) -> None:
    first = send(failed(1), screeners)
    text = Text("另一标题", "{unit}：\n\n{candidate}不符合。\n{clauses}\n\n{office}\n{day}\n")
    edit_template("screening.not_eligible_unit", edition=edition.key, language="zh", text=text, by=screeners.organiser)
    second = letters.letter_paper(send(failed(2), screeners), "unit")
    assert (second.title, second.to) == ("另一标题", "滨江区总工会")
    assert letters.letter_paper(first, "unit").title.startswith("关于首届")


@pytest.mark.usefixtures("contact")
def test_clauses_of_which_one_would_be_enough_stand_together(failed: Make, screeners: Screeners) -> None:
    dossier = failed(1, innovation_with_benefit=False)
    lines = letters.clause_lines(letters.failing(dossier.edition, standings_of([dossier])[dossier.pk])).split("\n")
    assert lines[0] in (
        "1. 下列各项须至少符合一项，经审均不符合：",
        "1. Of the following at least one must be met; none is:",
    )
    assert [line[:3] for line in lines[1:]] == ["（1）", "（2）", "（3）", "（4）"]
    assert send(dossier, screeners).clauses == "C1 C2 C3 C4"


def test_the_grounds_are_proposed_from_the_facts_and_from_the_reason(failed: Make, screeners: Screeners) -> None:
    dossier = failed(1)
    assert letters.proposed_grounds(dossier, standings_of([dossier])[dossier.pk]) == "X1　已获评的称号：杭州工匠"


@pytest.mark.usefixtures("contact")
def test_one_letter_for_each_conclusion(failed: Make, screeners: Screeners) -> None:
    dossier = failed(1)
    send(dossier, screeners)
    assert refused(dossier, screeners) == "sent"
    acts.reopen_screening(dossier, reason="单位提出异议", by=screeners.organiser)
    assert refused(dossier, screeners) == "not_concluded"
    acts.conclude_screening(dossier, by=screeners.li)
    acts.conclude_screening(dossier, by=screeners.wang)
    assert send(dossier, screeners).sequence == 2


@pytest.mark.usefixtures("contact")
@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"grounds": "  \n"}, "no_grounds"),
        ({"grounds": "字" * 2001}, "too_long"),
        ({"candidate": "nowhere"}, "address"),
    ],
)
def test_what_cannot_be_sent_is_refused(failed: Make, screeners: Screeners, more: dict[str, object], code: str) -> None:
    assert (refused(failed(1), screeners, **more), Letter.objects.count()) == (code, 0)


def test_it_must_go_to_somebody_or_be_handed_over_on_paper(failed: Make, screeners: Screeners) -> None:
    dossier = failed(1)
    assert refused(dossier, screeners) == "nobody"
    made = send(dossier, screeners, on_paper=True)
    assert (made.on_paper, Message.objects.count()) == (True, 0)


@pytest.mark.usefixtures("contact")
@pytest.mark.parametrize("who", ["li", "discipline", "stranger"])
def test_only_the_organiser_sends(failed: Make, screeners: Screeners, who: str) -> None:
    assert refused(failed(1), screeners, by=getattr(screeners, who)) == "permission"


@pytest.mark.usefixtures("contact")
def test_who_is_eligible_or_not_concluded_gets_none(dossier: Dossier, screeners: Screeners) -> None:
    assert refused(dossier, screeners) == "not_concluded"
    acts.conclude_screening(dossier, by=screeners.li)
    assert refused(dossier, screeners) == "not_concluded"


@pytest.mark.usefixtures("contact")
def test_a_failed_register_write_sends_nothing(failed: Make, screeners: Screeners) -> None:
    dossier = failed(1)
    with mock.patch.object(register_acts, "_append", side_effect=OSError("full")), pytest.raises(OSError, match="full"):
        send(dossier, screeners)
    assert (Letter.objects.count(), Message.objects.count()) == (0, 0)


def test_a_wording_without_addressee_or_signature_is_set_as_it_is() -> None:
    paper = letters.paper_of("题", "只有一段。", number="")
    assert (paper.to, [type(block).__name__ for block in paper.blocks]) == ("", ["Text"])
    signed = letters.paper_of("题", "滨江：\n\n正文。\n\n办公室\n2023年3月20日", number="")
    assert (signed.to, signed.blocks[-1]) == ("滨江", Signature(("办公室", "2023年3月20日")))
