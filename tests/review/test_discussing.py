"""Dossiers whose cards lie far apart: talked over by rule, scored a second time, the first scores kept as a trace."""

from __future__ import annotations

from copy import deepcopy

import pytest
from nomination.readings import Cast
from review.cards import far_apart
from review.experts import account_of
from review.test_pool import code

from jiangbang.outbox.models import Message
from jiangbang.programme.acts import document_hash
from jiangbang.programme.models import Edition
from jiangbang.register.models import Entry
from jiangbang.review import discussing, discussion_pages, drawing, ranking, scoring
from jiangbang.review.access import rules_of
from jiangbang.review.models import Card, Discussion, Reviewed, SignedCard

pytestmark = pytest.mark.django_db


@pytest.fixture
def wide(edition: Edition, cast: Cast) -> Reviewed:
    return far_apart(edition, cast.organiser)[0]


def cards_of(reviewed: Reviewed) -> list[Card]:
    rows = reviewed.cards.select_related("reviewed__edition", "seat__draw__edition", "seat__entry__edition")
    return list(rows.order_by("seat__mark"))


def rule(edition: Edition, points: int) -> None:
    """Let the edition talk over from so many points."""
    edition.document = deepcopy(edition.document)
    edition.document["edition"]["review"]["discuss_from"] = points
    edition.sha256 = document_hash(edition.document)
    edition.save()


def test_the_rule_of_the_edition_says_what_is_talked_over(edition: Edition, cast: Cast, wide: Reviewed) -> None:
    assert discussing.wide_dossiers(edition) == {wide: 40}
    rule(edition, 40)
    assert discussing.wide_dossiers(edition) == {wide: 40}
    rule(edition, 41)
    assert discussing.wide_dossiers(edition) == {}
    assert code(discussing.open_discussions, edition, by=cast.organiser) == "nothing"
    rule(edition, 0)
    assert discussing.wide_dossiers(edition) == {}
    assert code(discussing.open_discussions, edition, by=cast.organiser) == "off"


def test_nothing_is_ranked_before_what_the_rule_wants_is_talked_over(
    edition: Edition, cast: Cast, wide: Reviewed
) -> None:
    assert code(ranking.compute_ranking, edition, by=cast.organiser) == "undiscussed"
    discussing.open_discussions(edition, by=cast.organiser)
    assert code(ranking.compute_ranking, edition, by=cast.organiser) == "unsigned"


def test_second_scores_count_and_the_first_stay_as_a_trace(edition: Edition, cast: Cast, wide: Reviewed) -> None:
    assert code(discussing.open_discussions, edition, by=cast.discipline) == "permission"
    assert discussing.open_discussions(edition, by=cast.organiser) == 1
    assert Entry.objects.get(type="discussion.opened").facts == {"points": 40, "count": 5}
    assert Entry.objects.filter(type="card.reopened").count() == 5
    assert Message.objects.filter(template="review.discussion").count() == 5
    assert Card.objects.filter(state="open").count() == 5
    before = ranking.first_csv(edition, rules_of(edition))
    for card in cards_of(wide):
        judge = account_of(card.seat.entry)
        # nobody signs a second time without a look: points are confirmed or changed
        assert code(scoring.sign_cards, card.seat, by=judge) == "incomplete"
        points = {} if card.scores["technology"] > 60 else dict.fromkeys(card.scores, "66")
        scoring.keep_card(card, points, {}, expected=None, by=judge)
        assert scoring.sign_cards(card.seat, by=judge) == 1
    rows = discussion_pages.talked_over(edition, rules_of(edition))
    assert [(one.first, one.second, one.running) for one in rows] == [
        (("90.0", "80.0", "70.0", "60.0", "50.0"), ("90.0", "80.0", "70.0", "66.0", "66.0"), False)
    ]
    assert discussing.wide_dossiers(edition) == {}
    made = ranking.compute_ranking(edition, by=cast.organiser)
    assert made.first_csv == before
    assert [line.split(",")[2] for line in before.splitlines()[1:]] == ["90", "80", "70", "60", "50"]
    counting = [line.split(",")[2] for line in made.scores_csv.splitlines() if line.startswith(wide.code)]
    assert counting == ["90", "80", "70", "66", "66"]
    assert SignedCard.objects.filter(card__reviewed=wide).count() == 10
    assert "first" in Entry.objects.get(type="ranking.computed").facts
    assert code(discussing.end_discussion, Discussion.objects.get(), reason="x", by=cast.organiser) == "over"


def test_where_nobody_signs_again_the_first_score_stands(edition: Edition, cast: Cast, wide: Reviewed) -> None:
    discussing.open_discussions(edition, by=cast.organiser)
    made, end = Discussion.objects.get(), discussing.end_discussion
    first, second, *_others = cards_of(wide)
    scoring.keep_card(first, {"technology": "1"}, {}, expected=None, by=account_of(first.seat.entry))
    assert code(end, made, reason="x", by=cast.discipline) == "permission"
    assert code(end, made, reason=" ", by=cast.organiser) == "no_reason"
    # whoever leaves in between keeps what he signed
    drawing.release_seat(second.seat, reason="出国", by=cast.organiser)
    second.refresh_from_db()
    assert second.state == "signed"
    assert end(made, reason="逾期未复议", by=cast.organiser) == 4
    first.refresh_from_db()
    assert (first.state, first.scores["technology"]) == ("signed", 90)
    assert Entry.objects.filter(type="card.restored").count() == 5
    made.refresh_from_db()
    assert discussing.reason_of(made) == "逾期未复议"
    assert ranking.compute_ranking(edition, by=cast.organiser).number == 1


def test_experts_read_each_other_by_number_only(edition: Edition, cast: Cast, wide: Reviewed) -> None:
    first, second, *_others = cards_of(wide)
    judge, other, remark = account_of(first.seat.entry), account_of(second.seat.entry), discussing.add_remark
    assert code(remark, first, "早了", by=judge) == "closed"
    discussing.open_discussions(edition, by=cast.organiser)
    assert code(remark, first, "x", by=cast.organiser) == "permission"
    assert code(remark, first, " ", by=judge) == "empty"
    assert code(remark, first, "长" * 1001, by=judge) == "too_long"
    remark(first, "成果有第三方检测报告。", by=judge)
    rules = rules_of(edition)
    first, second = cards_of(wide)[:2]
    mine, theirs = (discussion_pages.talks_of([card], rules)[wide.pk] for card in (first, second))
    assert (mine.gap, [voice.total for voice in mine.voices if voice.own]) == (40, ["90.0"])
    assert [voice.total for voice in theirs.voices if voice.own] == ["80.0"]
    assert [(one.own, one.text) for one in theirs.said] == [(False, "成果有第三方检测报告。")]
    assert [one.own for one in mine.said] == [True]
    # what somebody signs anew is not shown to those who still think
    scoring.keep_card(second, dict.fromkeys(second.scores, "61"), {}, expected=None, by=other)
    scoring.sign_cards(second.seat, by=other)
    assert "61.0" not in [voice.total for voice in discussion_pages.talks_of([first], rules)[wide.pk].voices]
    assert code(remark, second, "晚了", by=other) == "closed"
    for _again in range(discussing.MOST_REMARKS - 1):
        remark(first, "再说一句", by=judge)
    assert code(remark, first, "太多", by=judge) == "too_many"
