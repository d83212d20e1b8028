"""A rehearsed review: through the acts to a published ranking, with open cards for the account that is to try it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role, User
from jiangbang.programme.acts import load_programme
from jiangbang.programme.models import Edition
from jiangbang.register.verification import verify_register
from jiangbang.rehearsal.review import EXPERTS, LEFT_OPEN, TORN, experts_judge, rehearse_review, talk_over
from jiangbang.review import ranking
from jiangbang.review.models import Card, Discussion, PoolEntry, Reviewed, Seat

BUNDLED = Path(__file__).resolve().parents[2] / "programmes" / "hangzhou-digital-craftsman"

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> User:
    return create_account("organiser", role=Role.ORGANISER, password=None)


@pytest.fixture
def edition(office: User) -> Edition:
    load_programme(BUNDLED, by=office)
    return Edition.objects.get(slug="2024")


def test_a_review_is_rehearsed_to_its_end(edition: Edition, office: User, client: Client) -> None:
    expert = create_account("expert", role=Role.EXPERT, password=None, edition=edition.key)
    rehearse_review(edition, dossiers=24, seed=5, by=office, say=lambda _: None, expert=expert, until="judging")
    assert PoolEntry.objects.count() == EXPERTS
    client.force_login(expert)
    # the default edition is another one, in which the expert has no role
    assert client.get("/", follow=True).redirect_chain[-1][0] == "/review/mine/"
    waiting = client.get("/review/mine/").context["cards_left"]
    own = Card.objects.filter(state="open", seat__entry__expert_id=expert.memberships.latest("pk").scope)
    # chance gives the busiest expert ten cards or more; what is talked over comes on top
    talked = Discussion.objects.filter(reviewed__cards__in=own).distinct().count()
    assert waiting == own.count() == LEFT_OPEN + talked
    assert talked <= TORN
    experts_judge(edition, 5, by=office)
    talk_over(edition, by=office)
    made = ranking.compute_ranking(edition, by=office)
    assert len(ranking.lines_of(made)) == Reviewed.objects.count()
    assert verify_register().whole


def test_it_stops_where_it_is_told(edition: Edition, office: User) -> None:
    rehearse_review(edition, dossiers=3, seed=5, by=office, say=lambda _: None, until="agreed")
    assert (PoolEntry.objects.filter(state="consented").count(), Seat.objects.count()) == (EXPERTS, 0)
