"""Dossiers given to experts: proposed, changed by hand, released; gaps filled."""

from __future__ import annotations

from copy import deepcopy

import pytest
from django.test import Client
from django.utils import timezone
from nomination.readings import Cast
from review.panels import confirmed, eligible_dossiers
from review.test_pool import code

from jiangbang.nomination.models import Dossier
from jiangbang.outbox.models import Message
from jiangbang.programme.acts import document_hash
from jiangbang.programme.models import Edition
from jiangbang.register.models import Entry
from jiangbang.review import assigning, drawing, recusing
from jiangbang.review.models import Card, Reviewed, Seat

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossiers(edition: Edition, cast: Cast) -> list[Dossier]:
    return eligible_dossiers(edition, cast.organiser, 4)


@pytest.fixture
def seats(edition: Edition, cast: Cast, dossiers: list[Dossier]) -> list[Seat]:
    made = confirmed(edition, cast.organiser)
    Seat.objects.filter(pk__in=[seat.pk for seat in made]).update(declared_at=timezone.now())
    return list(
        Seat.objects.filter(pk__in=[seat.pk for seat in made]).select_related("draw", "entry__expert").order_by("place")
    )


def test_every_dossier_gets_its_experts_and_no_code_tells_the_unit(
    edition: Edition, cast: Cast, seats: list[Seat]
) -> None:
    assert assigning.assign_dossiers(edition, by=cast.organiser) == 20
    assert [one.cards.count() for one in Reviewed.objects.all()] == [5] * 4
    assert sorted(Reviewed.objects.values_list("code", flat=True)) == ["D001", "D002", "D003", "D004"]
    facts = Entry.objects.get(type="assignment.made").facts
    assert (facts["dossiers"], facts["count"], facts["optimal"]) == (4, 20, True)
    assert assigning.assign_dossiers(edition, by=cast.organiser) == 0


def test_whoever_is_kept_apart_gets_nothing_and_a_recusal_leaves_a_gap_that_is_filled(
    edition: Edition, cast: Cast, seats: list[Seat], dossiers: list[Dossier]
) -> None:
    recusing.set_recusal(seats[0], dossiers[0], kind="other", reason="来信", by=cast.organiser)
    assigning.assign_dossiers(edition, by=cast.organiser)
    assert not Card.objects.filter(seat=seats[0], reviewed__dossier=dossiers[0]).exists()
    card = Card.objects.filter(reviewed__dossier=dossiers[1]).earliest("pk")
    recusing.set_recusal(card.seat, dossiers[1], kind="other", reason="来信", by=cast.organiser)
    card.refresh_from_db()
    assert card.state == "void"
    assert assigning.assign_dossiers(edition, by=cast.organiser) == 1
    assert Card.objects.filter(reviewed__dossier=dossiers[1]).exclude(state="void").count() == 5
    assert Entry.objects.filter(type="card.voided").count() == 1


def test_cards_of_whoever_leaves_go_to_others(edition: Edition, cast: Cast, seats: list[Seat]) -> None:
    assigning.assign_dossiers(edition, by=cast.organiser)
    seat = Seat.objects.filter(cards__isnull=False).distinct()[0]
    count = seat.cards.count()
    drawing.release_seat(seat, reason="联系不上", by=cast.organiser)
    assert assigning.assign_dossiers(edition, by=cast.organiser) == count
    assert set(seat.cards.values_list("state", flat=True)) == {"void"}


def test_what_is_short_is_said_with_names(
    edition: Edition, cast: Cast, seats: list[Seat], dossiers: list[Dossier]
) -> None:
    for seat in seats[:7]:
        recusing.set_recusal(seat, dossiers[0], kind="other", reason="x", by=cast.organiser)
    with pytest.raises(assigning.Refused, match=f"{dossiers[0].name}.*需要 5 .*4 "):
        assigning.assign_dossiers(edition, by=cast.organiser)
    assert Card.objects.count() == 0


def test_refusals(edition: Edition, cast: Cast) -> None:
    assign = assigning.assign_dossiers
    assert code(assign, edition, by=cast.discipline) == "permission"
    assert code(assign, edition, by=cast.organiser) == "nobody"
    made = confirmed(edition, cast.organiser)
    Seat.objects.filter(pk__in=[seat.pk for seat in made]).update(declared_at=timezone.now())
    assert code(assign, edition, by=cast.organiser) == "no_dossier"
    assert code(assigning.release_cards, edition, by=cast.organiser) == "nothing"
    assert code(assigning.release_cards, edition, by=cast.discipline) == "permission"
    assert code(assigning.clear_proposal, edition, by=cast.discipline) == "permission"


def test_a_proposal_is_taken_back_or_released(edition: Edition, cast: Cast, seats: list[Seat]) -> None:
    assigning.assign_dossiers(edition, by=cast.organiser)
    assert assigning.clear_proposal(edition, by=cast.organiser) == 20
    assert assigning.clear_proposal(edition, by=cast.organiser) == 0
    assigning.assign_dossiers(edition, by=cast.organiser)
    assert assigning.release_cards(edition, by=cast.organiser) == 20
    assert assigning.clear_proposal(edition, by=cast.organiser) == 0
    told = Message.objects.filter(template="review.cards").count()
    assert told == Card.objects.values("seat").distinct().count()


def test_a_card_changes_hands_only_where_it_may(
    edition: Edition, cast: Cast, seats: list[Seat], dossiers: list[Dossier]
) -> None:
    assigning.assign_dossiers(edition, by=cast.organiser)
    card = Card.objects.select_related("reviewed__dossier").earliest("pk")
    has_it = set(Card.objects.filter(reviewed=card.reviewed).values_list("seat_id", flat=True))
    free, barred, unready, full = [seat for seat in seats if seat.pk not in has_it][:4]
    move = assigning.move_card
    assert code(move, card, free, reason="x", by=cast.discipline) == "permission"
    assert code(move, card, free, reason=" ", by=cast.organiser) == "no_reason"
    assert code(move, card, card.seat, reason="x", by=cast.organiser) == "has_it"
    recusing.set_recusal(barred, card.reviewed.dossier, kind="other", reason="x", by=cast.organiser)
    assert code(move, card, barred, reason="x", by=cast.organiser) == "conflict"
    unready.declared_at = None
    assert code(move, card, unready, reason="x", by=cast.organiser) == "not_seated"
    full.entry.capacity = 0
    assert code(move, card, full, reason="x", by=cast.organiser) == "full"
    moved = move(card, free, reason="专业更合适", by=cast.organiser)
    card.refresh_from_db()
    assert (card.state, moved.seat, moved.reviewed) == ("void", free, card.reviewed)
    assert code(move, card, free, reason="x", by=cast.organiser) == "not_open"


def test_a_panel_judges_its_own_classes(edition: Edition, cast: Cast, seats: list[Seat]) -> None:
    assigning.assign_dossiers(edition, by=cast.organiser)
    card = Card.objects.earliest("pk")
    has_it = set(Card.objects.filter(reviewed=card.reviewed).values_list("seat_id", flat=True))
    edition.document["edition"]["review"]["panel"][0]["classes"] = ["05"]
    edition.sha256 = document_hash(edition.document)
    edition.save()
    free = next(seat for seat in seats if seat.pk not in has_it)
    assert code(assigning.move_card, card, free, reason="x", by=cast.organiser) == "panel"


def test_by_lot_no_pair_is_likelier_than_the_bound(
    edition: Edition, cast: Cast, seats: list[Seat], dossiers: list[Dossier]
) -> None:
    assign = assigning.assign_dossiers
    assert code(assign, edition, at_most=0, by=cast.organiser) == "bound"
    assert code(assign, edition, at_most=101, by=cast.organiser) == "bound"
    with pytest.raises(assigning.Refused, match="46%") as caught:
        assign(edition, at_most=20, by=cast.organiser)
    assert caught.value.code == "too_low"
    assert assign(edition, at_most=60, by=cast.organiser) == 20
    assert [one.cards.count() for one in Reviewed.objects.all()] == [5] * 4
    facts = Entry.objects.get(type="assignment.made").facts
    assert facts["at_most"] == 60
    assert type(facts["seed"]) is int


def test_the_bound_is_chosen_on_the_page(client: Client, edition: Edition, cast: Cast, seats: list[Seat]) -> None:
    client.force_login(cast.organiser)
    for wrong in ("abc", "0", "1000", "-5"):
        client.post("/review/assignment/assign/", {"at_most": wrong})
        assert Card.objects.count() == 0
    client.post("/review/assignment/assign/", {"at_most": "75"})
    assert Card.objects.count() == 20
    assert Entry.objects.get(type="assignment.made").facts["at_most"] == 75


def test_each_expert_gets_the_least_that_the_edition_wants_where_it_can_be(
    edition: Edition, cast: Cast, seats: list[Seat]
) -> None:
    edition.document = deepcopy(edition.document)
    edition.document["edition"]["review"]["least_per_expert"] = 9
    edition.sha256 = document_hash(edition.document)
    edition.save()
    # 20 cards for eleven experts: nine each cannot be, one each can
    assigning.assign_dossiers(edition, by=cast.organiser)
    assert min(seat.cards.count() for seat in seats) == 1
    dossiers = Dossier.objects.filter(edition=edition)
    assigning.clear_proposal(edition, by=cast.organiser)
    for dossier in dossiers:
        recusing.set_recusal(seats[0], dossier, kind="other", reason="来信", by=cast.organiser)
    assert assigning.assign_dossiers(edition, by=cast.organiser) == 20
    assert seats[0].cards.count() == 0
