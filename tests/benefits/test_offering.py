"""Places are never exceeded, who waits moves up, turns follow from the ledger; a revoked title is not invited."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from benefits.conftest import said
from django.db import connection, connections
from nomination.readings import Cast

from jiangbang.benefits.models import Guest, HolderAddress, Offer
from jiangbang.benefits.offering import (
    answer,
    cancel_offer,
    guest_of,
    invite,
    keep_address,
    link_of,
    note_attendance,
    offer_benefit,
)
from jiangbang.benefits.queries import ledger, offers_of, turns
from jiangbang.conferral.award_models import Award
from jiangbang.outbox.models import Message
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db


def guests(offer: Offer) -> list[Guest]:
    return list(offer.guests.order_by("award__title", "award__position"))


def states(offer: Offer) -> list[str]:
    return [one.state for one in guests(offer)]


def test_a_yes_without_a_place_waits_and_moves_up(offer: Offer, held: Sequence[Award], cast: Cast) -> None:
    keep_address(held[1], "li@example.cn", by=cast.organiser)
    assert [invite(offer, held, by=cast.organiser) for _twice in range(2)] == [3, 0]
    first, second, third = guests(offer)
    for guest in (first, second, third):
        answer(guest, coming=True, source="office", by=cast.organiser)
    assert states(offer) == ["coming", "waiting", "waiting"]
    answer(first, coming=False, source="office", by=cast.organiser)
    assert states(offer) == ["declined", "coming", "waiting"]
    told = Message.objects.filter(edition=offer.edition.key).order_by("posted_at").values_list("template", flat=True)
    assert list(told) == ["benefits.invited", "benefits.moved_up"]
    # he changes his mind: the place is gone
    answer(first, coming=True, source="office", by=cast.organiser)
    assert states(offer) == ["waiting", "coming", "waiting"]
    assert offers_of(offer.edition)[0].coming == 1


def test_the_turn_is_whose_who_came_least_and_longest_ago(
    edition: Edition, offer: Offer, held: Sequence[Award], cast: Cast
) -> None:
    past = offer_benefit(edition, said(edition, places=3, in_days=10), by=cast.organiser)
    invite(past, held[:2], by=cast.organiser)
    Guest.objects.filter(offer=past, award=held[0]).update(came=True)
    Guest.objects.filter(offer=past, award=held[1]).update(came=False)
    assert [(one.award, one.times) for one in turns(offer)] == [(held[1], 0), (held[2], 0), (held[0], 1)]
    columns, lines = ledger(edition)
    assert columns == [(past.year, "数字工匠论坛")]
    assert [line.came for line in lines] == [1, 0, 0]


def test_a_revoked_title_drops_out_at_once(offer: Offer, held: Sequence[Award], cast: Cast) -> None:
    invite(offer, held[:2], by=cast.organiser)
    first, second = guests(offer)
    answer(first, coming=True, source="office", by=cast.organiser)
    Award.objects.filter(pk=held[0].pk).update(state="revoked")
    # the place is free again, and its holder is asked for nothing any more
    answer(second, coming=True, source="office", by=cast.organiser)
    assert Guest.objects.get(pk=second.pk).state == "coming"
    for act in (
        lambda: answer(first, coming=False, source="holder", by=cast.organiser),
        lambda: invite(offer, [held[0]], by=cast.organiser),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "title"


def test_what_an_offer_must_be(edition: Edition, held: Sequence[Award], cast: Cast) -> None:
    good = said(edition)
    for change, code in (
        ({"kind": "旅游"}, "kind"),
        ({"title": " "}, "title"),
        ({"last_day": good.first_day - timedelta(days=1)}, "days"),
        ({"answer_by": good.first_day + timedelta(days=1)}, "days"),
        ({"places": 0}, "places"),
    ):
        with pytest.raises(Refused) as refused:
            offer_benefit(edition, replace(good, **change), by=cast.organiser)  # type: ignore[arg-type]
        assert refused.value.code == code
    with pytest.raises(Refused) as refused:
        offer_benefit(edition, good, by=cast.discipline)
    assert refused.value.code == "permission"


def test_after_the_last_day_and_after_calling_off_nothing_is_answered(
    offer: Offer, held: Sequence[Award], cast: Cast
) -> None:
    keep_address(held[0], "zhang@example.cn", by=cast.organiser)
    invite(offer, held[:1], by=cast.organiser)
    (guest,) = guests(offer)
    with pytest.raises(Refused) as refused:
        note_attendance(guest, came=True, by=cast.organiser)
    assert refused.value.code == "early"
    Offer.objects.filter(pk=offer.pk).update(answer_by=offer.answer_by - timedelta(days=60))
    with pytest.raises(Refused) as refused:
        answer(guest, coming=True, source="holder", by=cast.organiser)
    assert refused.value.code == "over"
    # the office notes what it was told on the telephone
    assert answer(guest, coming=True, source="office", by=cast.organiser).state == "coming"
    cancel_offer(offer, reason="台风", by=cast.organiser)
    with pytest.raises(Refused) as refused:
        answer(guest, coming=False, source="holder", by=cast.organiser)
    assert refused.value.code == "cancelled"
    assert Message.objects.filter(template="benefits.cancelled").count() == 1


def test_attendance_is_noted_and_put_right(offer: Offer, held: Sequence[Award], cast: Cast) -> None:
    invite(offer, held[:1], by=cast.organiser)
    (guest,) = guests(offer)
    Offer.objects.filter(pk=offer.pk).update(
        first_day=offer.first_day - timedelta(days=60), answer_by=offer.answer_by - timedelta(days=60)
    )
    for came in (True, True, False):
        note_attendance(guest, came=came, by=cast.organiser)
    entries = Entry.objects.filter(type="benefit.attended").order_by("index").values_list("facts", flat=True)
    assert list(entries) == [{"came": True}, {"came": False}]
    assert Guest.objects.get().came is False


def test_a_link_belongs_to_one_guest_and_is_nobodys_guess(offer: Offer, held: Sequence[Award], cast: Cast) -> None:
    invite(offer, held[:1], by=cast.organiser)
    (guest,) = guests(offer)
    token = link_of(guest).rstrip("/").rpartition("/")[2]
    assert guest_of(token) == guest
    wrong = [
        token[:-1] + ("a" if token[-1] != "a" else "b"),
        f"{guest.pk}~",
        f"{guest.pk + 1}~{token.partition('~')[2]}",
        "",
        "\0",
    ]
    assert [guest_of(one) for one in wrong] == [None] * 5


def test_an_address_is_sealed_and_can_be_forgotten(held: Sequence[Award], cast: Cast) -> None:
    keep_address(held[0], " zhang@example.cn ", by=cast.organiser)
    assert b"zhang" not in bytes(HolderAddress.objects.get().sealed)
    with pytest.raises(Refused) as refused:
        keep_address(held[0], "somewhere", by=cast.organiser)
    assert refused.value.code == "address"
    keep_address(held[0], "", by=cast.organiser)
    assert HolderAddress.objects.count() == 0
    assert all("zhang" not in str(one.facts) for one in Entry.objects.filter(type="holder.addressed"))


@pytest.mark.django_db(transaction=True)
def test_two_at_once_on_the_last_place(offer: Offer, held: Sequence[Award], cast: Cast) -> None:
    invite(offer, held[:2], by=cast.organiser)
    both = guests(offer)
    together, faults = threading.Barrier(2), []

    def says_yes(guest: Guest) -> None:
        try:
            together.wait(10)
            answer(guest, coming=True, source="office", by=cast.organiser)
        except Exception as fault:  # noqa: BLE001 — told below
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=says_yes, args=(one,)) for one in both]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    connection.close()
    assert (sorted(states(offer)), faults) == (["coming", "waiting"], [])


def test_a_place_freed_by_a_revocation_goes_to_who_waits_not_to_the_next_yes(
    offer: Offer, held: Sequence[Award], cast: Cast
) -> None:
    by = cast.organiser
    Offer.objects.filter(pk=offer.pk).update(places=1)
    invite(offer, list(held), by=by)
    first, second, third = offer.guests.order_by("pk")
    for guest in (first, second):
        answer(guest, coming=True, source="office", by=by)
    Award.objects.filter(pk=first.award_id).update(state=Award.State.REVOKED)
    answer(third, coming=True, source="office", by=by)
    assert dict(offer.guests.values_list("pk", "state")) == {
        first.pk: "coming", second.pk: "coming", third.pk: "waiting"
    }  # fmt: skip
