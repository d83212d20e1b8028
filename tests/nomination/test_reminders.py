"""Which reminder is due for whom, and that it goes out once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from nomination.readings import Cast, MakeReading, person

from jiangbang.nomination import acts, reminders
from jiangbang.nomination.contacts import ContactRow, keep_contacts
from jiangbang.nomination.queries import ledger_line
from jiangbang.nomination.reminders import due_kind, remind, standing
from jiangbang.nomination.tasks import remind_units
from jiangbang.outbox import sealing
from jiangbang.outbox.models import Message
from jiangbang.outbox.templates import TEMPLATES, all_templates
from jiangbang.programme.models import Edition

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("stands", "left", "kind"),
    [
        ("not_started", 14 * DAY + SECOND, None),
        ("not_started", 14 * DAY, "not_started"),
        ("incomplete", 14 * DAY, None),
        ("incomplete", 7 * DAY, "incomplete"),
        ("not_started", 3 * DAY + SECOND, "not_started"),
        ("not_started", 3 * DAY, "three_days"),
        ("incomplete", DAY + SECOND, "three_days"),
        ("incomplete", DAY, "one_day"),
        ("not_started", SECOND, "one_day"),
        ("not_started", 0 * DAY, None),
        ("incomplete", -DAY, None),
        *(("complete", days * DAY, None) for days in (10, 5, 2, 1)),
    ],
)
def test_the_time_left_calls_for_one_kind(stands: Any, left: timedelta, kind: str | None) -> None:
    assert due_kind(stands, left) == kind


def test_a_units_standing(edition: Edition, cast: Cast, reading: MakeReading) -> None:
    unit = edition.spec.unit("330108")
    assert standing(ledger_line(edition, unit)) == "not_started"
    acts.receive_packet(reading([person(1)]), edition=edition, unit=unit, by=cast.organiser)
    assert standing(ledger_line(edition, unit)) == "incomplete"
    acts.receive_packet(reading([person(n) for n in range(12)]), edition=edition, unit=unit, by=cast.organiser)
    assert standing(ledger_line(edition, unit)) == "complete"
    acts.receive_packet(reading([person(40, motto=None)]), edition=edition, unit=unit, by=cast.organiser)
    assert standing(ledger_line(edition, unit)) == "incomplete"


def at(edition: Edition, monkeypatch: pytest.MonkeyPatch, before: timedelta) -> None:
    """Let the edition's clock stand so long before the deadline."""
    monkeypatch.setattr(Edition, "now", lambda self: self.deadline.at - before)


def test_each_unit_gets_each_kind_once(edition: Edition, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [ContactRow("330108", "林一", "lin@example.com"), ContactRow("330110", "陈二", "chen@example.com")]
    keep_contacts(edition, rows, by=cast.organiser)
    # the deadline is at midnight: noon is half a day off
    noon = timedelta(hours=12)
    for before in (20 * DAY, 10 * DAY, 9 * DAY, 5 * DAY, 2 * DAY, 2 * DAY - timedelta(hours=1), timedelta(0), -5 * DAY):
        at(edition, monkeypatch, before + noon)
        remind(edition)
    sent = list(Message.objects.order_by("posted_at").values_list("template", "name"))
    assert sorted(sent) == sorted(
        (f"reminder.{kind}", name) for kind in ("not_started", "three_days", "one_day") for name in ("林一", "陈二")
    )


def test_a_reminder_says_what_stands(edition: Edition, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_contacts(edition, [ContactRow("330108", "林一", "lin@example.com")], by=cast.organiser)
    at(edition, monkeypatch, 2 * DAY + timedelta(hours=12))
    assert remind(edition) == 1
    message = Message.objects.get()
    assert message.subject == f"{edition.spec.name}：距截止还有三天"
    body = sealing.bodies(message.pk, message.sealed_body)[1]
    assert "目前已受理 0 人，待补正 0 人，名额 10 人。" in body
    assert "2023-03-31 23:59:59" in body


def test_nobody_is_written_to_at_night(edition: Edition, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_contacts(edition, [ContactRow("330108", "林一", "lin@example.com")], by=cast.organiser)
    at(edition, monkeypatch, 2 * DAY + timedelta(hours=20))
    assert (remind(edition), Message.objects.count()) == (0, 0)


def test_without_contacts_nothing_goes_out(edition: Edition) -> None:
    assert (remind(edition), Message.objects.count()) == (0, 0)


def test_the_periodic_job_reminds_in_every_edition(
    edition: Edition, cast: Cast, django_assert_num_queries: Any
) -> None:
    keep_contacts(edition, [ContactRow("330108", "林一", "lin@example.com")], by=cast.organiser)
    remind_units()
    # the edition's clock stands eleven days before the deadline
    assert list(Message.objects.values_list("template", "state")) == [("reminder.not_started", "waiting")]


def test_every_kind_has_its_template() -> None:
    all_templates()
    kinds = ("not_started", "incomplete", "three_days", "one_day")
    assert [kind for kind in kinds if f"reminder.{kind}" not in TEMPLATES] == []
    assert reminders.FIRST_HOUR < reminders.LAST_HOUR
