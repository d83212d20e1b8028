"""How everybody stands with the departments, and when an answer holds no more."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from consultation.asked import answered, asked, contact
from decision.group import shortlisted
from nomination.readings import Cast

from jiangbang.accounts.models import User
from jiangbang.consultation.models import Question
from jiangbang.consultation.queries import Standing, standing_of, to_be_asked
from jiangbang.decision.standing import candidates_of, not_cleared, standing_for_votes
from jiangbang.programme.acts import document_hash
from jiangbang.programme.models import Edition
from jiangbang.review.models import Shortlisted

pytestmark = pytest.mark.django_db

BOTH = ("公安", "发改（信用）")


def of(edition: Edition, place: int = 0) -> Standing:
    return standing_of(edition)[place]


def all_answer(edition: Edition, cast: Cast, concerns: dict[int, str] | None = None) -> None:
    for department in BOTH:
        answered(asked(edition, cast.organiser, department), contact(edition, department), concerns)


def test_whoever_is_answered_for_by_all_is_cleared(edition: Edition, cast: Cast) -> None:
    shortlisted(edition, cast.organiser, 2, cleared=False)
    assert dict(of(edition).marks) == dict.fromkeys(BOTH, "unasked")
    police = asked(edition, cast.organiser)
    assert (dict(of(edition).marks), of(edition).open) == ({"公安": "open", "发改（信用）": "unasked"}, 2)
    answered(police, contact(edition, "公安"))
    assert (of(edition).open, of(edition).cleared) == (1, False)
    answered(asked(edition, cast.organiser, "发改（信用）"), contact(edition, "发改（信用）"))
    assert all(one.cleared for one in standing_of(edition))


def test_a_concern_stands_in_the_way_of_one_person(edition: Edition, cast: Cast) -> None:
    people = shortlisted(edition, cast.organiser, 2, cleared=False)
    all_answer(edition, cast, {1: "有记录"})
    assert [(one.concern, one.cleared) for one in standing_of(edition)] == [(True, False), (False, True)]
    assert [one.dossier for one in standing_for_votes(edition)] == [people[1]]
    assert not_cleared(edition, [one.pk for one in people]) == [people[0].name]


def test_an_answer_about_an_earlier_revision_holds_no_more(edition: Edition, cast: Cast) -> None:
    (one,) = shortlisted(edition, cast.organiser, 1, cleared=False)
    all_answer(edition, cast)
    other = one.revisions.get()
    other.pk, other.number = None, 2
    other._state.adding = True
    other.save()
    one.accepted_revision = other
    one.save()
    assert set(of(edition).marks.values()) == {"stale"}
    assert [one.dossier.pk for one in to_be_asked(standing_of(edition), "公安")] == [one.pk]


def test_an_answer_holds_for_the_days_that_the_edition_says(edition: Edition, cast: Cast) -> None:
    shortlisted(edition, cast.organiser, 1, cleared=False)
    all_answer(edition, cast)
    for days, mark in ((180, "none"), (181, "stale")):
        Question.objects.update(answered_at=edition.now() - timedelta(days=days))
        assert of(edition).marks["公安"] == mark


def test_a_new_letter_takes_the_place_of_the_old_answer(edition: Edition, cast: Cast) -> None:
    shortlisted(edition, cast.organiser, 1, cleared=False)
    all_answer(edition, cast, {1: "有记录"})
    Question.objects.update(answered_at=edition.now() - timedelta(days=400))
    again = asked(edition, cast.organiser)
    assert of(edition).marks["公安"] == "open"
    answered(again, User.objects.get(username="contact-公安"))
    assert of(edition).marks["公安"] == "none"


def test_an_edition_that_asks_nobody_clears_everybody(edition: Edition, cast: Cast) -> None:
    shortlisted(edition, cast.organiser, 1, cleared=False)
    document = deepcopy(edition.document)
    for table in ("consultation", "consulted"):
        del document["edition"][table]
    edition.document, edition.sha256 = document, document_hash(document)
    edition.save()
    assert (of(edition).cleared, dict(of(edition).marks)) == (True, {})


def test_direct_titles_are_asked_about_too(edition: Edition, cast: Cast) -> None:
    direct, listed = shortlisted(edition, cast.organiser, 2, cleared=False)
    direct.direct_title = "craftsman"
    direct.save()
    Shortlisted.objects.filter(reviewed__dossier=direct).update(off=True)
    document = deepcopy(edition.document)
    document["edition"]["title"].append({"key": "direct", "label": "直接认定", "label_en": "Direct", "direct": True})
    edition.document, edition.sha256 = document, document_hash(document)
    edition.save()
    assert [(one.nominee.dossier, one.nominee.rank) for one in standing_of(edition)] == [(listed, 2), (direct, 0)]
    assert [one.dossier for one in candidates_of(edition)] == [listed]
    assert not_cleared(edition, [direct.pk]) == [direct.name]


@pytest.mark.parametrize("count", [1, 3])
def test_the_standing_costs_the_same_however_many(
    edition: Edition, cast: Cast, count: int, django_assert_num_queries: Any
) -> None:
    shortlisted(edition, cast.organiser, count, cleared=False)
    asked(edition, cast.organiser)
    edition = Edition.objects.get(pk=edition.pk)
    with django_assert_num_queries(3):
        standing_of(edition)
