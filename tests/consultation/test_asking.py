"""Letters to departments, categories, decisions about concerns."""

from __future__ import annotations

from datetime import date

import pytest
from consultation.asked import answered, asked, contact
from decision.group import shortlisted
from nomination.readings import Cast

from jiangbang.accounts.models import Invitation, Role
from jiangbang.consultation import asking
from jiangbang.consultation.models import Consulted, Inquiry, Question
from jiangbang.consultation.queries import standing_of
from jiangbang.consultation.sealing import password_of, text_of
from jiangbang.outbox.models import Message
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry
from jiangbang.review.models import Shortlisted

pytestmark = pytest.mark.django_db


def refused(code: str) -> object:
    return pytest.raises(Refused, check=lambda refusal: refusal.code == code)


def test_a_letter_asks_about_everybody_once(edition: Edition, cast: Cast) -> None:
    people = shortlisted(edition, cast.organiser, 3, cleared=False)
    letter = asked(edition, cast.organiser)
    assert (letter.number, letter.sequence) == ("数匠征〔2023〕1号", 1)
    assert [row.dossier for row in letter.questions.order_by("position")] == people
    assert len(password_of(letter).split("-")) == 4
    last = Entry.objects.latest("index")
    assert (last.type, last.facts["count"], last.facts["department"]) == ("consultation.sent", 3, "公安")
    with refused("nobody"):
        asking.send_inquiry(edition, "公安", by=cast.organiser)
    assert asked(edition, cast.organiser, "发改（信用）").sequence == 2


def test_the_last_day_is_counted_in_working_days(edition: Edition, cast: Cast) -> None:
    shortlisted(edition, cast.organiser, 1, cleared=False)
    # the edition stands on a Monday; the day of the letter does not count
    assert edition.now().date() == date(2023, 3, 20)
    assert asked(edition, cast.organiser).due == date(2023, 3, 27)


def test_who_may_not_and_what_is_not_there(edition: Edition, cast: Cast) -> None:
    shortlisted(edition, cast.organiser, 1, cleared=False)
    with refused("permission"):
        asking.send_inquiry(edition, "公安", by=cast.discipline)
    with refused("department"):
        asking.send_inquiry(edition, "海关", by=cast.organiser)
    with refused("due"):
        asking.send_inquiry(edition, "公安", due=date(2023, 3, 19), by=cast.organiser)
    assert not Inquiry.objects.exists()


def test_another_category_asks_more_departments(edition: Edition, cast: Cast) -> None:
    (one,) = shortlisted(edition, cast.organiser, 1, cleared=False)
    assert standing_of(edition)[0].category.key == "other"
    with refused("nobody"):
        asking.send_inquiry(edition, "税务", by=cast.organiser)
    asking.set_category(one, "enterprise_technical_lead", by=cast.organiser)
    assert len(standing_of(edition)[0].marks) == 7
    assert asked(edition, cast.organiser, "税务").questions.count() == 1
    facts = Entry.objects.filter(type="consultation.category").latest("index").facts
    assert facts == {"category": "enterprise_technical_lead", "was": "other"}
    with refused("category"):
        asking.set_category(one, "shoe", by=cast.organiser)


def test_confirming_the_proposal_is_no_entry(edition: Edition, cast: Cast) -> None:
    (one,) = shortlisted(edition, cast.organiser, 1, cleared=False)
    asking.set_category(one, "other", by=cast.organiser)
    assert Consulted.objects.get().category == "other"
    assert not Entry.objects.filter(type="consultation.category").exists()


def test_nobody_but_nominees_has_a_category(edition: Edition, cast: Cast) -> None:
    (one,) = shortlisted(edition, cast.organiser, 1, cleared=False)
    Shortlisted.objects.update(off=True)
    with refused("not_standing"):
        asking.set_category(one, "other", by=cast.organiser)


def test_a_concern_is_decided_by_name_and_with_grounds(edition: Edition, cast: Cast) -> None:
    shortlisted(edition, cast.organiser, 2, cleared=False)
    letter = asked(edition, cast.organiser)
    answered(letter, contact(edition, "公安"), {1: "有行政处罚记录"})
    concern, fine = letter.questions.order_by("position")
    for clear, mark in ((False, "withheld"), (True, "cleared")):
        asking.decide_concern(concern, clear=clear, reason=" 经核实为他人 ", by=cast.organiser)
        assert standing_of(edition)[0].marks["公安"] == mark
    concern = Question.objects.select_related("dossier__person", "inquiry__edition", "decided_by").get(pk=concern.pk)
    assert text_of(concern, bytes(concern.sealed_grounds)) == "经核实为他人"
    assert concern.decided_by == cast.organiser
    assert "经核实" not in str(Entry.objects.latest("index").facts)
    with refused("no_reason"):
        asking.decide_concern(concern, clear=True, reason=" ", by=cast.organiser)
    with refused("permission"):
        asking.decide_concern(concern, clear=True, reason="x", by=cast.stranger)
    with refused("no_concern"):
        asking.decide_concern(fine, clear=True, reason="x", by=cast.organiser)


def test_the_contact_of_a_department_is_invited(edition: Edition, cast: Cast) -> None:
    asking.invite_contact(edition, "税务", name="王建国", address="wang@example.org", by=cast.organiser)
    made = Invitation.objects.get()
    assert (made.role, made.scope, made.edition) == (Role.DEPARTMENT, "税务", edition.key)
    assert Message.objects.get().template == "consultation.invited"
    with refused("department"):
        asking.invite_contact(edition, "海关", name="王", address="", by=cast.organiser)
    with refused("name"):
        asking.invite_contact(edition, "税务", name=" ", address="", by=cast.organiser)
