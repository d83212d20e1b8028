"""A shortlist that departments are asked about, from rows; and everybody cleared in a moment, for the tests of later stages."""

from __future__ import annotations

from datetime import timedelta

from jiangbang.accounts.models import Membership, Role, User
from jiangbang.consultation import answering, asking
from jiangbang.consultation.access import rules_of
from jiangbang.consultation.answering import Given
from jiangbang.consultation.models import Inquiry, Question
from jiangbang.consultation.queries import standing_of
from jiangbang.programme.models import Edition


def all_cleared(edition: Edition, office: User) -> None:
    """Every department has answered about every nominee, without an objection."""
    now = edition.now()
    for sequence, department in enumerate(rules_of(edition).departments, 1):
        letter = Inquiry.objects.create(
            edition=edition,
            department=department.name,
            number=f"{sequence}号",
            sequence=sequence,
            due=(now + timedelta(days=5)).date(),
            sealed_password=b"",
            sent_by=office,
            sent_at=now,
        )
        people = [one.nominee.dossier for one in standing_of(edition) if department.name in one.category.departments]
        Question.objects.bulk_create(
            Question(
                inquiry=letter,
                dossier=one,
                revision=one.accepted_revision,
                position=position,
                answer=Question.Answer.NONE,
                answered_at=now,
            )
            for position, one in enumerate(people, 1)
        )


def contact(edition: Edition, department: str) -> User:
    """Somebody who answers for a department."""
    user = User.objects.create_user(f"contact-{department}", password=None)
    Membership.objects.create(user=user, edition=edition.key, role=Role.DEPARTMENT, scope=department)
    return user


def asked(edition: Edition, office: User, department: str = "公安") -> Inquiry:
    """A letter to a department about everybody whom it has to be asked about."""
    return Inquiry.objects.select_related("edition").get(pk=asking.send_inquiry(edition, department, by=office).pk)


def answered(letter: Inquiry, by: User, concerns: dict[int, str] | None = None) -> None:
    """The department answers about everybody: a concern about whoever stands at these positions, with its reason."""
    given = {
        row.pk: Given("concern", concerns[row.position]) if concerns and row.position in concerns else Given("none")
        for row in letter.questions.all()
    }
    answering.sign_answers(letter, given, name="王建国", by=by)
