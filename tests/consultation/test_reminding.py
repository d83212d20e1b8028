"""Departments are reminded before the last day and after it, each once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from consultation.asked import answered, asked
from decision.group import shortlisted
from nomination.readings import Cast

from jiangbang.accounts import invitations
from jiangbang.accounts.models import Membership, User
from jiangbang.consultation import asking
from jiangbang.consultation.messages import DUE_SOON, OVERDUE
from jiangbang.consultation.models import Inquiry
from jiangbang.consultation.reminding import due_template, remind
from jiangbang.outbox.models import Message
from jiangbang.outbox.templates import Template
from jiangbang.programme.models import Edition

pytestmark = pytest.mark.django_db
DUE = date(2023, 3, 27)


@pytest.mark.parametrize(
    ("today", "template"),
    [(24, None), (25, DUE_SOON), (27, DUE_SOON), (28, OVERDUE)],
)
def test_which_reminder_is_due(today: int, template: Template | None) -> None:
    assert due_template(DUE, date(2023, 3, today)) is template


@pytest.fixture
def police(edition: Edition, cast: Cast) -> User:
    """A contact who has taken up the invitation."""
    token = asking.invite_contact(edition, "公安", name="王建国", address="wang@example.org", by=cast.organiser)
    _made, user = invitations.accept(token)
    Message.objects.all().delete()
    return user


def let_be_due(edition: Edition, days: int) -> None:
    """Let the last day lie so many days ahead of the edition's today."""
    Inquiry.objects.update(due=(edition.now() + timedelta(days=days)).date())


def test_each_reminder_goes_out_once(edition: Edition, cast: Cast, police: User) -> None:
    shortlisted(edition, cast.organiser, 2, cleared=False)
    letter = asked(edition, cast.organiser)
    assert remind(edition) == 0
    let_be_due(edition, 1)
    assert (remind(edition), remind(edition)) == (1, 0)
    let_be_due(edition, -1)
    assert (remind(edition), remind(edition)) == (1, 0)
    assert set(Message.objects.values_list("template", flat=True)) == {DUE_SOON.key, OVERDUE.key}
    answered(letter, police)
    Message.objects.all().delete()
    assert remind(edition) == 0


def test_whoever_lost_the_role_is_not_written_to(edition: Edition, cast: Cast, police: User) -> None:
    shortlisted(edition, cast.organiser, 1, cleared=False)
    asked(edition, cast.organiser)
    let_be_due(edition, -1)
    Membership.objects.filter(user=police).delete()
    assert remind(edition) == 0
