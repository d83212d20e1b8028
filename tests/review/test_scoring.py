"""Scores: kept, signed and locked, opened again, void by recusal."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from nomination.readings import Cast
from review.cards import WHOLE, at_work, first_card, released
from review.test_pool import code

from jiangbang.accounts.models import User
from jiangbang.programme.models import Edition
from jiangbang.register.models import Entry
from jiangbang.review import scoring
from jiangbang.review.models import Card, Recusal, Seat, SignedCard
from jiangbang.review.profiles import unsealed

pytestmark = pytest.mark.django_db

Work = tuple[Seat, User]


@pytest.fixture
def work(edition: Edition, cast: Cast) -> Work:
    released(edition, cast.organiser)
    return at_work()


def keep(
    card: Card, by: User, scores: dict[str, str], comments: dict[str, str] | None = None, expected: int | None = None
) -> Card:
    return scoring.keep_card(card, scores, comments or {}, expected=expected, by=by)


def test_half_a_card_is_kept_and_says_what_it_lacks(work: Work) -> None:
    seat, judge = work
    card = keep(first_card(seat), judge, {"technology": "96", "economy": ""}, {"society": "好"})
    assert (card.version, card.scores) == (1, {"technology": 96})
    said = scoring.missing(scoring.filled(card), scoring.rules_of(seat.draw.edition))
    assert said == ["经济贡献：未打分", "社会效益：未打分", "技术能力：请说明理由"]
    assert "好".encode() not in bytes(card.sealed_comments)
    assert keep(card, judge, {"technology": ""}).scores == {}


@pytest.mark.parametrize("points", ["101", "-1", "8.5", "八十", "1e2", "9" * 9])
def test_points_out_of_bounds_are_refused_and_nothing_is_changed(work: Work, points: str) -> None:
    seat, judge = work
    assert code(keep, first_card(seat), judge, {"technology": points}) == "points"
    assert first_card(seat).version == 0


def test_a_card_that_another_device_changed_is_handed_back(work: Work) -> None:
    seat, judge = work
    card = keep(first_card(seat), judge, {"technology": "80"}, expected=0)
    with pytest.raises(scoring.ChangedElsewhere) as caught:
        keep(card, judge, {"technology": "70"}, expected=0)
    assert caught.value.card.scores == {"technology": 80}
    assert code(keep, card, judge, {}, {"technology": "长" * 1001}) == "too_long"


def test_signed_cards_are_locked_for_everybody(work: Work, cast: Cast) -> None:
    seat, judge = work
    assert code(scoring.sign_cards, seat, by=judge) == "incomplete"
    card = keep(first_card(seat), judge, WHOLE)
    assert code(scoring.sign_cards, seat, by=cast.organiser) == "permission"
    assert scoring.sign_cards(seat, by=judge) == 1
    assert code(keep, card, judge, {"technology": "99"}) == "closed"
    signed = SignedCard.objects.get()
    assert signed.scores == {"technology": 88, "economy": 75, "society": 60}
    for change in (lambda: SignedCard.objects.update(scores={}), lambda: SignedCard.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    facts = Entry.objects.get(type="card.signed").facts
    assert facts == {"number": 1, "commitment": signed.commitment}


def test_opening_again_keeps_what_was_signed(work: Work, cast: Cast) -> None:
    seat, judge = work
    card = keep(first_card(seat), judge, WHOLE)
    reopen = scoring.reopen_card
    assert code(reopen, card, reason="x", by=cast.organiser) == "not_signed"
    scoring.sign_cards(seat, by=judge)
    assert code(reopen, card, reason="x", by=judge) == "permission"
    assert code(reopen, card, reason=" ", by=cast.organiser) == "no_reason"
    reopen(card, reason="误填", by=cast.organiser)
    keep(card, judge, {"technology": "70"})
    scoring.sign_cards(seat, by=judge)
    assert [one.scores["technology"] for one in SignedCard.objects.order_by("number")] == [88, 70]


def test_a_later_recusal_voids_the_scores_with_a_trace(work: Work, cast: Cast) -> None:
    seat, judge = work
    card = keep(first_card(seat), judge, WHOLE)
    scoring.sign_cards(seat, by=judge)
    recuse = scoring.recuse
    assert code(recuse, card, kind="teacher", reason="x", by=cast.organiser) == "permission"
    assert code(recuse, card, kind="friend", reason="x", by=judge) == "unknown_kind"
    assert code(recuse, card, kind="teacher", reason=" ", by=judge) == "no_reason"
    recuse(card, kind="teacher", reason="认出是我的学生", by=judge)
    recuse(card, kind="teacher", reason="认出是我的学生", by=judge)
    card.refresh_from_db()
    recusal = Recusal.objects.get()
    assert (card.state, recusal.origin, recusal.state) == ("void", "later", "stands")
    assert unsealed(seat.entry.expert, bytes(recusal.sealed_ground)) == "认出是我的学生"
    assert SignedCard.objects.count() == 1
    assert list(scoring.own_cards(seat).filter(pk=card.pk)) == []


def test_nobody_else_writes_and_nothing_opens_before_the_declaration(work: Work, cast: Cast) -> None:
    seat, _judge = work
    assert code(keep, first_card(seat), cast.organiser, {"technology": "80"}) == "permission"
    seat.declared_at = None
    assert list(scoring.own_cards(seat)) == []
