"""A rehearsed consultation: contacts invited, letters made, answers signed and on paper, a concern decided; all through the acts."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final, Literal

from jiangbang.accounts import invitations
from jiangbang.accounts.models import Role, User
from jiangbang.consultation import answering, asking
from jiangbang.consultation.access import rules_of
from jiangbang.consultation.answering import Given
from jiangbang.consultation.models import Inquiry, Question
from jiangbang.consultation.queries import standing_of, to_be_asked
from jiangbang.nomination import evidence
from jiangbang.nomination.models import StoredFile
from jiangbang.papers.paper import Paper, Text
from jiangbang.papers.pdf import write_pdf
from jiangbang.programme.models import Edition
from jiangbang.rehearsal import words

Until = Literal["cleared", "asked"]

CONCERN: Final = "该同志 2021 年有一次交通违法行政处罚记录。"
GROUNDS: Final = "经核实为一般交通违法，已处理完毕，不属于严重违法，不影响参评。"


def rehearse_consultation(
    edition: Edition, *, by: User, seed: int, say: Callable[[str], object], until: Until = "cleared"
) -> None:
    """Ask every department about everybody, and let synthetic contacts answer: one concern, decided for the person; the last department
    answers on paper where somebody else of the office can compare. The account `department` of a demonstration answers for the first one.
    `until` asked: the first department has not answered yet, for a page at work.
    """
    dice = Random(f"jiangbang consultation {seed}")  # noqa: S311 — a rehearsal
    rules, colleague = rules_of(edition), _colleague(edition, by)
    standings = standing_of(edition)
    asked = [one.name for one in rules.departments if to_be_asked(standings, one.name)]
    contacts = {name: _contact(edition, name, dice, by=by) for name in asked}
    letters = [asking.send_inquiry(edition, name, by=by) for name in asked]
    for place, letter in enumerate(letters):
        if until == "asked" and place == 0:
            continue
        given = {row.pk: Given("none") for row in letter.questions.all()}
        if place == len(letters) - 1 and colleague is not None and len(letters) > 1:
            reply = answering.enter_paper(letter, given, scan=_scan(letter), by=by)
            answering.confirm_paper(reply, by=colleague)
            continue
        if place == 0:
            given[dice.choice(list(given))] = Given("concern", CONCERN)
        user, name = contacts[letter.department]
        answering.sign_answers(letter, given, name=name, by=user)
    for question in Question.objects.select_related("inquiry__edition").filter(
        inquiry__edition=edition, answer=Question.Answer.CONCERN
    ):
        asking.decide_concern(question, clear=True, reason=GROUNDS, by=by)
    cleared = sum(one.cleared for one in standing_of(edition))
    say(f"{len(letters)} departments were asked about {len(standings)} people; {cleared} are cleared.")


def _contact(edition: Edition, department: str, dice: Random, *, by: User) -> tuple[User, str]:
    """The demonstration's contact where there is one for the department; else somebody who takes up an invitation."""
    held = User.objects.filter(
        memberships__role=Role.DEPARTMENT, memberships__edition=edition.key, memberships__scope=department
    ).first()
    name = dice.choice(words.SURNAMES) + dice.choice(words.GIVEN_SECOND) + dice.choice(words.GIVEN_MALE)
    if held is not None:
        return held, held.display_name or name
    _made, user = invitations.accept(asking.invite_contact(edition, department, name=name, address="", by=by))
    return user, name


def _colleague(edition: Edition, by: User) -> User | None:
    held = User.objects.filter(
        memberships__edition__in=("", edition.key), memberships__role=Role.ORGANISER, is_active=True
    )
    return held.exclude(pk=by.pk).order_by("pk").first()


def _scan(letter: Inquiry) -> str:
    """A page that stands for the scan of a sealed reply."""
    page = write_pdf(
        Paper(f"关于{letter.number}的复函", (Text("名单所列人选均无异议。"),), kind="复函", layout="letter")
    )
    sha256 = evidence.keep_bytes(page)
    StoredFile.objects.get_or_create(pk=sha256, defaults={"size": len(page), "media_type": "application/pdf"})
    return sha256
