"""Recusals: declared before any file opens, found, decided."""

from __future__ import annotations

from dataclasses import replace

import pytest
from nomination.readings import Cast
from review.experts import account_of
from review.panels import confirmed, eligible_dossiers
from review.test_pool import code

from jiangbang.accounts.models import User
from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition
from jiangbang.register.models import Entry
from jiangbang.review import recusing
from jiangbang.review.matching import Tie
from jiangbang.review.models import Recusal, Relation, Seat
from jiangbang.review.profiles import profile_of, seal_profile, unsealed

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossiers(edition: Edition, cast: Cast) -> list[Dossier]:
    return eligible_dossiers(edition, cast.organiser, 3)


@pytest.fixture
def seat(edition: Edition, cast: Cast, dossiers: list[Dossier]) -> Seat:
    return confirmed(edition, cast.organiser)[0]


@pytest.fixture
def judge(seat: Seat) -> User:
    return account_of(seat.entry)


def test_a_declaration_keeps_apart_and_names_nobody_outside(seat: Seat, judge: User, dossiers: list[Dossier]) -> None:
    ties = [Tie("kinship", dossiers[0].name, "", "表亲"), Tie("benefit", "", "甲1智造有限公司")]
    assert recusing.declare_relations(seat, ties, by=judge) == 2
    seat.refresh_from_db()
    assert seat.declared_at is not None
    assert {recusal.kind for recusal in Recusal.objects.all()} == {"kinship", "benefit"}
    assert len(recusing.kept_apart(seat.draw.edition)) == 2
    told = str([(entry.facts, entry.subject) for entry in Entry.objects.all()])
    assert dossiers[0].name not in told
    assert "表亲" not in told
    assert dossiers[0].name.encode() not in bytes(Relation.objects.earliest("pk").sealed)
    assert unsealed(seat.entry.expert, bytes(Recusal.objects.get(kind="kinship").sealed_ground)).endswith("表亲")


def test_nothing_to_declare_is_a_declaration_and_more_can_be_added(
    seat: Seat, judge: User, dossiers: list[Dossier]
) -> None:
    assert recusing.declare_relations(seat, [], by=judge) == 0
    assert recusing.declare_relations(seat, [Tie("kinship", dossiers[0].name, "")], by=judge) == 1
    assert recusing.declare_relations(seat, [Tie("kinship", dossiers[0].name, "")], by=judge) == 0


@pytest.mark.parametrize(
    ("ties", "refusal"),
    [
        ([Tie("friend", "张三", "")], "unknown_kind"),
        ([Tie("kinship", " ", "")], "empty"),
        ([Tie("kinship", "张三", "")] * 51, "too_many"),
    ],
)
def test_declarations_that_say_nothing_are_refused(seat: Seat, judge: User, ties: list[Tie], refusal: str) -> None:
    assert code(recusing.declare_relations, seat, ties, by=judge) == refusal


def test_only_the_expert_who_sits_declares(seat: Seat, judge: User, cast: Cast) -> None:
    assert code(recusing.declare_relations, seat, [], by=cast.organiser) == "permission"
    Seat.objects.update(state="asked")
    assert code(recusing.declare_relations, seat, [], by=judge) == "not_confirmed"


def test_the_data_are_looked_through_once(edition: Edition, seat: Seat, cast: Cast, dossiers: list[Dossier]) -> None:
    expert = seat.entry.expert
    seal_profile(expert, replace(profile_of(expert), employer="甲1智造有限公司"))
    expert.save()
    assert recusing.find_recusals(edition, by=cast.organiser) == 1
    assert recusing.find_recusals(edition, by=cast.organiser) == 0
    assert Recusal.objects.get().dossier.name == dossiers[1].name
    assert code(recusing.find_recusals, edition, by=cast.discipline) == "permission"


def test_a_doubt_keeps_apart_until_it_is_dismissed(
    edition: Edition, seat: Seat, judge: User, cast: Cast, dossiers: list[Dossier]
) -> None:
    recusing.declare_relations(seat, [Tie("teacher", dossiers[0].name, "西湖大学")], by=judge)
    doubt = Recusal.objects.get()
    assert (doubt.state, len(recusing.kept_apart(edition))) == ("doubt", 1)
    decide = recusing.decide_recusal
    assert code(decide, doubt, stands=False, reason="", by=cast.organiser) == "no_reason"
    assert code(decide, doubt, stands=False, reason="x", by=cast.discipline) == "permission"
    decide(doubt, stands=False, reason="同名不同人", by=cast.organiser)
    assert recusing.kept_apart(edition) == set()
    decide(doubt, stands=True, reason="又查实了", by=cast.organiser)
    assert len(recusing.kept_apart(edition)) == 1


def test_the_office_sets_a_recusal_by_hand(edition: Edition, seat: Seat, cast: Cast, dossiers: list[Dossier]) -> None:
    put = recusing.set_recusal
    assert code(put, seat, dossiers[0], kind="other", reason="x", by=cast.discipline) == "permission"
    assert code(put, seat, dossiers[0], kind="friend", reason="x", by=cast.organiser) == "unknown_kind"
    assert code(put, seat, dossiers[0], kind="other", reason=" ", by=cast.organiser) == "no_reason"
    made = put(seat, dossiers[0], kind="other", reason="来信反映", by=cast.organiser)
    assert put(seat, dossiers[0], kind="other", reason="来信反映", by=cast.organiser) == made
    assert (made.origin, made.state) == ("office", "stands")
