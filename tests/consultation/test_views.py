"""The office's pages of the consultation, and those of a department's contact."""

from __future__ import annotations

import re

import pytest
from consultation.asked import answered, asked, contact
from decision.group import shortlisted
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from nomination.readings import Cast
from pytest_django import DjangoAssertNumQueries

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role, User
from jiangbang.consultation.models import Inquiry, Question, Reply
from jiangbang.consultation.sealing import password_of
from jiangbang.nomination.dossiers import full_record
from jiangbang.programme.models import Edition
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n%%EOF\n"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def office(cast: Cast) -> Client:
    return signed_in(cast.organiser)


@pytest.fixture
def colleague(cast: Cast) -> Client:
    return signed_in(create_account("colleague", role=Role.ORGANISER, password=None))


def text(client: Client, name: str, *arguments: object) -> str:
    answer = client.get(reverse(name, args=arguments))
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_office_asks_all_departments_at_once(edition: Edition, cast: Cast, office: Client) -> None:
    assert "尚无须征求意见的人选" in text(office, "consultation_desk")
    shortlisted(edition, cast.organiser, 2, cleared=False)
    assert "2 人待征求意见" in text(office, "consultation_desk")
    office.post(reverse("consultation_send"), {"due": "2023-03-28"})
    assert [one.department for one in Inquiry.objects.all()] == ["公安", "发改（信用）"]
    assert {one.due.isoformat() for one in Inquiry.objects.all()} == {"2023-03-28"}
    again = office.post(reverse("consultation_send"), {"due": "2023-03-28"}, follow=True)
    assert "均已就全部人选征求意见" in again.content.decode()
    one = Question.objects.first()
    assert one is not None
    office.post(reverse("consultation_category", args=[one.dossier_id]), {"category": "enterprise_technical_lead"})
    assert "企业内直接从事数字经济工作的技术负责人" in text(office, "consultation_desk")


def test_an_invitation_shows_its_link_once(edition: Edition, cast: Cast, office: Client) -> None:
    shortlisted(edition, cast.organiser, 1, cleared=False)
    shown = office.post(reverse("consultation_invite"), {"department": "公安", "name": "王建国"}).content.decode()
    assert "/invitation/" in shown
    assert "/invitation/" not in text(office, "consultation_desk")
    refused = office.post(reverse("consultation_invite"), {"department": "公安", "name": ""}).content.decode()
    assert "请填写姓名" in refused


def test_papers_and_password_leave_with_an_entry(edition: Edition, cast: Cast, office: Client) -> None:
    shortlisted(edition, cast.organiser, 1, cleared=False)
    letter = asked(edition, cast.organiser)
    for kind, start in (("pdf", b"%PDF-"), ("docx", b"PK"), ("xlsx", b"\xd0\xcf\x11\xe0")):
        answer = office.get(reverse("consultation_letter", args=[letter.pk, kind]))
        assert answer.content.startswith(start)
        assert Entry.objects.latest("index").facts == {"file": f"inquiry.{kind}"}
    assert office.get(reverse("consultation_letter", args=[letter.pk, "exe"])).status_code == 404
    assert password_of(letter) not in text(office, "consultation_inquiry", letter.pk)
    shown = office.post(reverse("consultation_password", args=[letter.pk])).content.decode()
    assert password_of(letter) in shown
    assert Entry.objects.latest("index").facts == {"file": "inquiry.password"}


def test_a_contact_reads_only_the_own_letters_and_the_fields_that_are_needed(
    edition: Edition, cast: Cast, office: Client
) -> None:
    (one,) = shortlisted(edition, cast.organiser, 1, cleared=False)
    own, other = asked(edition, cast.organiser), asked(edition, cast.organiser, "发改（信用）")
    police = signed_in(contact(edition, "公安"))
    assert police.get("/", follow=True).redirect_chain[-1][0] == reverse("consultation_mine")
    mine = text(police, "consultation_mine")
    assert own.number in mine
    assert other.number not in mine
    shown = text(police, "consultation_answer", own.pk)
    record = full_record(one.accepted_revision)  # type: ignore[arg-type]
    assert str(record["id_number"]) in shown
    for key in ("mobile", "address", "employer_and_position", "deeds", "motto", "birth_month"):
        assert str(record[key]) not in shown
    for name, arguments in (("consultation_answer", [other.pk]), ("consultation_own_letter", [other.pk, "pdf"])):
        assert police.get(reverse(name, args=arguments)).status_code == 404
    assert police.get(reverse("consultation_own_letter", args=[own.pk, "pdf"])).content.startswith(b"%PDF-")
    for name in ("consultation_desk", "dossier_list", "register"):
        assert police.get(reverse(name)).status_code == 403
    # the office reads the answers, not what the department was shown
    assert str(record["id_number"]) not in text(office, "consultation_inquiry", own.pk)


def test_a_contact_signs_and_what_was_written_is_kept_while_something_is_missing(edition: Edition, cast: Cast) -> None:
    shortlisted(edition, cast.organiser, 3, cleared=False)
    letter, police = asked(edition, cast.organiser), signed_in(contact(edition, "公安"))
    first, second, third = letter.questions.order_by("position").values_list("pk", flat=True)
    address = reverse("consultation_sign", args=[letter.pk])
    half = {f"answer-{first}": "none", f"answer-{second}": "concern", f"reason-{second}": "", "name": "王建国"}
    refused = police.post(address, half)
    assert refused.status_code == 422
    assert re.search(rf'name="answer-{second}" value="concern" checked', refused.content.decode())
    assert not letter.questions.exclude(answer="open").exists()
    file = SimpleUploadedFile("x.pdf", PDF)
    police.post(address, {**half, f"reason-{second}": "有记录", f"file-{second}": file})
    rows = {row.pk: row for row in letter.questions.all()}
    assert [rows[pk].answer for pk in (first, second, third)] == ["none", "concern", "open"]
    assert rows[second].file_sha256
    assert "有记录" in text(police, "consultation_answer", letter.pk)
    police.post(address, {"all": "none", "name": "王建国"})
    assert not letter.questions.filter(answer="open").exists()


def test_a_concern_is_looked_into_and_decided(edition: Edition, cast: Cast, office: Client) -> None:
    shortlisted(edition, cast.organiser, 2, cleared=False)
    letter = asked(edition, cast.organiser)
    answered(letter, contact(edition, "公安"), {1: "有行政处罚记录"})
    assert "有异议，待定" in text(office, "consultation_desk")
    assert "有行政处罚记录" in text(office, "consultation_inquiry", letter.pk)
    concern = letter.questions.get(position=1)
    address = reverse("consultation_decide", args=[concern.pk])
    office.post(address, {"to": "withheld", "reason": "属实，影响恶劣"})
    assert "属实，影响恶劣" in text(office, "consultation_inquiry", letter.pk)
    assert "不再继续" in text(office, "consultation_desk")
    assert office.post(address, {"to": "perhaps"}).status_code == 404


def test_paper_is_entered_by_one_and_confirmed_by_another(
    edition: Edition, cast: Cast, office: Client, colleague: Client
) -> None:
    shortlisted(edition, cast.organiser, 2, cleared=False)
    letter = asked(edition, cast.organiser)
    first, second = letter.questions.order_by("position").values_list("pk", flat=True)
    entered = {f"answer-{first}": "none", f"answer-{second}": "concern", f"reason-{second}": "见函"}
    address = reverse("consultation_enter", args=[letter.pk])
    assert "请上传回函扫描件" in office.post(address, entered, follow=True).content.decode()
    office.post(address, {**entered, "scan": SimpleUploadedFile("x.pdf", PDF)})
    reply = Reply.objects.get()
    settle = reverse("consultation_settle", args=[reply.pk])
    assert "由您录入" in office.post(settle, {"to": "counts"}, follow=True).content.decode()
    assert "见函" in text(colleague, "consultation_inquiry", letter.pk)
    assert colleague.get(reverse("consultation_scan", args=[reply.pk])).content == PDF
    colleague.post(settle, {"to": "counts"})
    assert [row.answer for row in letter.questions.order_by("position")] == ["none", "concern"]
    assert Reply.objects.get().state == "counts"


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_however_many_people(
    edition: Edition, cast: Cast, office: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    shortlisted(edition, cast.organiser, count, cleared=False)
    letter = asked(edition, cast.organiser)
    police = signed_in(contact(edition, "公安"))
    pages = (
        (office, "consultation_desk", ()),
        (office, "consultation_inquiry", (letter.pk,)),
        (police, "consultation_mine", ()),
        (police, "consultation_answer", (letter.pk,)),
    )
    for client, name, arguments in pages:
        client.get(reverse(name, args=arguments))
        with django_assert_num_queries(QUERIES[name], info=name):
            client.get(reverse(name, args=arguments))


QUERIES = {"consultation_desk": 12, "consultation_inquiry": 10, "consultation_mine": 8, "consultation_answer": 10}
