"""Silent experts: reminded by hand once a day, by the program every two days, replaced by the next alternate."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from nomination.readings import Cast
from review.cards import released
from review.panels import held
from review.test_pool import code

from jiangbang.outbox.models import Message
from jiangbang.programme.models import Edition
from jiangbang.queue.jobs import PERIODIC
from jiangbang.register.models import Entry
from jiangbang.review import reminding, tasks
from jiangbang.review.models import Card, Seat

pytestmark = pytest.mark.django_db
NOON = datetime.fromisoformat("2026-08-20T12:00:00+08:00")


def sent(kind: str) -> int:
    return Message.objects.filter(template=f"review.{kind}").count()


def let_be_silent(days: int) -> None:
    """Let everybody have done nothing for so many days before noon."""
    past = NOON - timedelta(days=days)
    Seat.objects.exclude(asked_at=None).update(asked_at=past)
    Seat.objects.exclude(answered_at=None).update(answered_at=past)
    Seat.objects.exclude(declared_at=None).update(declared_at=past)
    Card.objects.update(released_at=past)


def test_the_chief_reminds_everybody_or_one_once_a_day(edition: Edition, cast: Cast) -> None:
    released(edition, cast.organiser)
    remind = reminding.remind_experts
    assert code(remind, edition, by=cast.discipline) == "permission"
    waited_for = Seat.objects.filter(cards__isnull=False).distinct()
    assert remind(edition, seat=waited_for[0], by=cast.organiser) == 1
    assert remind(edition, by=cast.organiser) == waited_for.count() - 1
    assert remind(edition, by=cast.organiser) == 0
    assert sent("reminder") == waited_for.count()
    assert Entry.objects.filter(type="message.posted", facts__template="review.reminder").count() == waited_for.count()


def test_the_program_reminds_the_silent_every_two_days_and_not_at_night(
    edition: Edition, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    released(edition, cast.organiser)
    let_be_silent(1)
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    assert reminding.remind(edition) == 0
    let_be_silent(2)
    monkeypatch.setattr(timezone, "now", lambda: NOON.replace(hour=23))
    assert reminding.remind(edition) == 0
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    tasks.remind_silent_experts()
    count = Seat.objects.filter(cards__isnull=False).distinct().count()
    assert sent("reminder") == count
    monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(days=1))
    assert reminding.remind(edition) == 0
    monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(days=2))
    assert reminding.remind(edition) == count
    assert "review.remind" in PERIODIC


def test_who_has_not_answered_or_not_declared_is_reminded_of_that(edition: Edition, cast: Cast) -> None:
    drawn = held(edition, cast.organiser)
    first = drawn.seats.filter(state=Seat.State.ASKED).earliest("pk")
    Seat.objects.filter(pk=first.pk).update(state=Seat.State.CONFIRMED)
    assert reminding.remind_experts(edition, by=cast.organiser) == 11
    assert (sent("answer_reminder"), sent("declaration_reminder"), sent("reminder")) == (10, 1, 0)


def test_a_silent_expert_is_replaced_on_the_board(client: Client, edition: Edition, cast: Cast) -> None:
    released(edition, cast.organiser)
    let_be_silent(4000)
    seat = Seat.objects.filter(cards__isnull=False).distinct().order_by("pk")[0]
    client.force_login(cast.organiser)
    page = client.get("/review/progress/")
    assert page.context["silent"] == Seat.objects.filter(cards__isnull=False).distinct().count()
    client.post("/review/progress/remind/", {"seat": seat.pk})
    assert sent("reminder") == 1
    assert client.post("/review/progress/remind/", {"seat": "999999"}).status_code == 404
    path = f"/review/progress/seats/{seat.pk}/replace/"
    client.post(path, {"reason": " "})
    assert Seat.objects.get(pk=seat.pk).state == "confirmed"
    client.post(path, {"reason": "多次催办无回应"})
    assert Seat.objects.get(pk=seat.pk).state == "released"
    assert Seat.objects.get(replaces=seat).state == "asked"
    assert set(Card.objects.filter(seat=seat).values_list("state", flat=True)) == {"void"}
    assert Entry.objects.filter(type="card.voided").count() == Card.objects.filter(seat=seat).count()
    assert client.post("/review/progress/seats/999999/replace/", {"reason": "x"}).status_code == 404
