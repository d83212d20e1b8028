"""Answers in the browser, and from paper by two people."""

from __future__ import annotations

import threading

import pytest
from consultation.asked import asked, contact
from decision.group import shortlisted
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from nomination.readings import Cast

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role, User
from jiangbang.consultation import answering
from jiangbang.consultation.answering import Given
from jiangbang.consultation.models import Inquiry, Question, Reply
from jiangbang.consultation.sealing import text_of, values_of
from jiangbang.nomination.models import StoredFile
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db


def refused(code: str) -> object:
    return pytest.raises(Refused, check=lambda refusal: refusal.code == code)


@pytest.fixture
def letter(edition: Edition, cast: Cast) -> Inquiry:
    shortlisted(edition, cast.organiser, 3, cleared=False)
    return asked(edition, cast.organiser)


@pytest.fixture
def colleague(cast: Cast) -> User:
    return create_account("colleague", role=Role.ORGANISER, password=None)


def keys(letter: Inquiry) -> list[int]:
    return list(letter.questions.order_by("position").values_list("pk", flat=True))


def scan() -> str:
    return answering.kept_file(SimpleUploadedFile("reply.pdf", b"%PDF-1.4\n%%EOF\n"))


def test_a_department_answers_person_by_person(edition: Edition, letter: Inquiry) -> None:
    first, second, third = keys(letter)
    police = contact(edition, "公安")
    given = {first: Given("none"), third: Given("concern", " 有记录 ", scan())}
    reply = answering.sign_answers(letter, given, name="王建国", by=police)
    assert values_of(reply) == {"name": "王建国"}
    rows = {row.pk: row for row in Question.objects.select_related("dossier__person")}
    assert [rows[pk].answer for pk in (first, second, third)] == ["none", "open", "concern"]
    assert text_of(rows[third], bytes(rows[third].sealed_reason)) == "有记录"
    assert StoredFile.objects.get(pk=rows[third].file_sha256).media_type == "application/pdf"
    facts = Entry.objects.latest("index").facts
    assert facts == {"department": "公安", "count": 2, "concerns": 1, "channel": "web"}
    with refused("answered"):
        answering.sign_answers(letter, {first: Given("concern", "x")}, name="王", by=police)
    answering.sign_answers(letter, {second: Given("none")}, name="王", by=police)
    assert not letter.questions.filter(answer="open").exists()


def test_nobody_answers_for_another_department(edition: Edition, letter: Inquiry, cast: Cast) -> None:
    for other in (contact(edition, "税务"), cast.organiser, cast.stranger):
        with refused("permission"):
            answering.sign_answers(letter, {keys(letter)[0]: Given("none")}, name="王", by=other)


@pytest.mark.parametrize(
    ("given", "name", "code"),
    [
        (None, "王", "nothing"),
        (Given("none"), " ", "name"),
        (Given("perhaps"), "王", "answer"),
        (Given("concern", "  "), "王", "no_reason"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_kept(
    edition: Edition, letter: Inquiry, given: Given | None, name: str, code: str
) -> None:
    first = keys(letter)[0]
    with refused(code):
        answering.sign_answers(letter, {first: given} if given else {}, name=name, by=contact(edition, "公安"))
    assert (Reply.objects.count(), letter.questions.exclude(answer="open").count()) == (0, 0)


def test_a_person_of_another_letter_is_unknown(edition: Edition, letter: Inquiry, cast: Cast) -> None:
    other = asked(edition, cast.organiser, "发改（信用）")
    with refused("unknown"):
        answering.sign_answers(letter, {keys(other)[0]: Given("none")}, name="王", by=contact(edition, "公安"))


def test_paper_counts_when_a_second_person_has_compared(letter: Inquiry, cast: Cast, colleague: User) -> None:
    first, second, _third = keys(letter)
    given = {first: Given("none"), second: Given("concern", "见附件")}
    reply = answering.enter_paper(letter, given, scan=scan(), by=cast.organiser)
    assert not letter.questions.exclude(answer="open").exists()
    with refused("same"):
        answering.confirm_paper(reply, by=cast.organiser)
    with refused("waits"):
        answering.enter_paper(letter, given, scan=scan(), by=colleague)
    answering.confirm_paper(reply, by=colleague)
    assert [row.answer for row in letter.questions.order_by("position")] == ["none", "concern", "open"]
    reply.refresh_from_db()
    assert (reply.state, reply.settled_by, bytes(reply.sealed)) == ("counts", colleague, b"")
    with refused("settled"):
        answering.reject_paper(reply, reason="x", by=colleague)


def test_paper_that_says_something_else_is_taken_back(letter: Inquiry, cast: Cast, colleague: User) -> None:
    reply = answering.enter_paper(letter, {keys(letter)[0]: Given("none")}, scan=scan(), by=cast.organiser)
    with refused("no_reason"):
        answering.reject_paper(reply, reason="", by=colleague)
    answering.reject_paper(reply, reason="序号错位", by=colleague)
    assert not letter.questions.exclude(answer="open").exists()
    assert answering.enter_paper(letter, {keys(letter)[0]: Given("none")}, scan=scan(), by=cast.organiser)


def test_paper_needs_its_scan_and_the_office(edition: Edition, letter: Inquiry, cast: Cast) -> None:
    given = {keys(letter)[0]: Given("none")}
    with refused("no_scan"):
        answering.enter_paper(letter, given, scan="", by=cast.organiser)
    with refused("permission"):
        answering.enter_paper(letter, given, scan="x", by=contact(edition, "公安"))


def test_the_database_knows_the_two_people_too(letter: Inquiry, cast: Cast) -> None:
    reply = answering.enter_paper(letter, {keys(letter)[0]: Given("none")}, scan=scan(), by=cast.organiser)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reply.objects.filter(pk=reply.pk).update(state="counts", settled_by=cast.organiser)


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [("x.pdf", b"", "empty"), ("x.pdf", b"MZ\x90", "wrong_kind"), ("x.html", b"<html>", "wrong_kind")],
)
def test_only_pictures_and_pdf_are_taken(db: None, name: str, data: bytes, code: str) -> None:
    with refused(code):
        answering.kept_file(SimpleUploadedFile(name, data))


@pytest.mark.django_db(transaction=True)
def test_two_confirm_at_once_and_it_counts_once(letter: Inquiry, cast: Cast, colleague: User) -> None:
    third = create_account("third", role=Role.ORGANISER, password=None)
    reply = answering.enter_paper(letter, {pk: Given("none") for pk in keys(letter)}, scan=scan(), by=cast.organiser)
    outcomes: list[str] = []
    ready = threading.Barrier(2)

    def confirm(by: User) -> None:
        try:
            ready.wait()
            answering.confirm_paper(reply, by=by)
            outcomes.append("counts")
        except Refused as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=confirm, args=(by,)) for by in (colleague, third)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(outcomes) == ["counts", "settled"]
    assert Entry.objects.filter(type="consultation.answered").count() == 1
