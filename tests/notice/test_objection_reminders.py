"""Answers that are due: who is written to, how often."""

from __future__ import annotations

from datetime import date, timedelta

from nomination.readings import Cast
from notice.cases import entered, filed, pair, taken
from notice.noticed import noticed

from jiangbang.notice.objection_models import Objection
from jiangbang.notice.objection_reminders import remind_due, unanswered
from jiangbang.outbox.models import Message
from jiangbang.programme.models import Edition


def test_the_two_persons_are_written_to_once_a_day_when_an_answer_is_due(edition: Edition, cast: Cast) -> None:
    entry = noticed(edition, cast.organiser).entries.order_by("pk").first()
    people = pair(cast.organiser)
    for who, address in ((people.handler, "lin@example.com"), (people.decider, "")):
        who.email = address
        who.save()
    found = taken(filed(entry), people)
    entered(entry, cast.organiser, source="anonymous")
    assert remind_due(edition, by=cast.organiser) == 0
    Objection.objects.update(due_on=date(2023, 3, 20) + timedelta(days=3))
    assert [one.pk for one in unanswered(edition)] == [found.pk]
    remind_due(edition, by=cast.organiser)
    remind_due(edition, by=cast.organiser)
    (message,) = Message.objects.filter(template="objection.due")
    assert found.number in message.subject
