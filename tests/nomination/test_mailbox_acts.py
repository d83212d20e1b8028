"""Taking mails in, giving them to a unit, setting them aside."""

from __future__ import annotations

from dataclasses import replace
from unittest import mock

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from nomination.mailbox_cases import ARRIVED, SENDER, UNIT, found, told
from nomination.readings import Cast

from jiangbang.nomination.mailbox_acts import (
    Place,
    assign_mail,
    known_places,
    mailbox_account,
    set_mail_aside,
    take_mail,
)
from jiangbang.nomination.mailbox_models import Mail, MailPacket, MailPlace
from jiangbang.nomination.mailbox_senders import Decision
from jiangbang.nomination.models import Intake
from jiangbang.programme.models import Edition
from jiangbang.register import acts as register_acts
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db
HELD = Decision("held", "unknown_sender", hint=UNIT)


def types() -> list[str]:
    return list(Entry.objects.filter(type__regex="^(mail|packet)").order_by("index").values_list("type", flat=True))


def test_a_mail_s_packets_are_brought_with_the_time_of_its_arrival(edition: Edition, cast: Cast) -> None:
    mail, fresh = take_mail(found(packets=2), edition=edition, by=cast.organiser)
    assert (fresh, mail.state, mail.answer) == (True, "taken", "due")
    intakes = Intake.objects.order_by("file_name")
    assert [(one.file_name, one.channel, one.unit_code, one.brought_at) for one in intakes] == [
        ("0.zip", "mail", UNIT, ARRIVED),
        ("1.zip", "mail", UNIT, ARRIVED),
    ]
    assert types() == ["packet.arrived", "packet.arrived", "mail.taken"]
    assert Entry.objects.get(type="mail.taken").facts == {
        "sha256": mail.sha256,
        "size": 99,
        "packets": 2,
        "unit": UNIT,
        "arrived": "2023-03-20T01:12:40+00:00",
    }
    assert mail.arrived_at == ARRIVED
    assert (timezone.now() - mail.fetched_at).total_seconds() < 60


def test_sender_and_subject_never_lie_in_clear(edition: Edition, cast: Cast) -> None:
    mail, _ = take_mail(found(), edition=edition, by=cast.organiser)
    with connection.cursor() as cursor:
        for table in ("nomination_mail", "nomination_mailplace", "nomination_mailpacket", "register_entry"):
            cursor.execute(f"SELECT * FROM {table}")
            text = repr(cursor.fetchall())
            assert SENDER not in text
            assert "张三" not in text
    assert Mail.objects.get(pk=mail.pk).told == {**told(), "reason_name": ""}


@pytest.mark.parametrize(
    "again",
    [
        {"place": Place("box", 7, 1)},
        {"place": Place("box", 8, 1)},
        {"place": Place("other", 7, 2), "message_id": ""},
        {"place": Place("box", 7, 9), "sha256": "f" * 64},
    ],
    ids=["met again", "folder made anew", "same bytes without an id", "same id and attachments on another way"],
)
def test_the_same_mail_is_taken_once(edition: Edition, cast: Cast, again: dict[str, object]) -> None:
    first, _ = take_mail(found(), edition=edition, by=cast.organiser)
    entries = Entry.objects.count()
    mail, fresh = take_mail(replace(found(), **again), edition=edition, by=cast.organiser)  # type: ignore[arg-type]
    assert (mail, fresh) == (first, False)
    assert (Mail.objects.count(), Intake.objects.count(), Entry.objects.count()) == (1, 1, entries)
    place = again["place"]
    assert isinstance(place, Place)
    assert known_places(place.mailbox, place.uidvalidity, [place.uid, 77]) == {place.uid: "taken"}
    assert Mail.objects.get().copies == MailPlace.objects.count() - 1


def test_mails_without_a_message_id_are_told_apart_by_their_bytes(edition: Edition, cast: Cast) -> None:
    for number in (1, 2):
        take_mail(found(number, message_id=""), edition=edition, by=cast.organiser)
    assert Mail.objects.count() == 2


def test_the_same_message_id_with_other_attachments_waits_for_a_person(edition: Edition, cast: Cast) -> None:
    take_mail(found(1), edition=edition, by=cast.organiser)
    mail, fresh = take_mail(found(2, message_id="<1@union.example>"), edition=edition, by=cast.organiser)
    assert (fresh, mail.state, mail.reason, mail.hint, mail.answer) == (True, "held", "repeated_id", UNIT, "none")
    assert Intake.objects.count() == 1


def test_the_database_itself_refuses_a_second_row(edition: Edition, cast: Cast) -> None:
    mail, _ = take_mail(found(), edition=edition, by=cast.organiser)
    for changes in ({}, {"sha256": "e" * 64}):
        twin = Mail.objects.get(pk=mail.pk)
        twin.pk = None
        twin.id = Mail().id
        for name, value in changes.items():
            setattr(twin, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save(force_insert=True)


def test_a_held_mail_brings_nothing_until_a_person_says_whose_it_is(edition: Edition, cast: Cast) -> None:
    mail, _ = take_mail(found(packets=2, decision=HELD), edition=edition, by=cast.organiser)
    assert (mail.state, Intake.objects.count(), types()) == ("held", 0, ["mail.held"])
    mail = assign_mail(mail, unit_code="330102", by=cast.organiser)
    assert (mail.state, mail.unit_code, mail.reason, mail.answer) == ("taken", "330102", "", "due")
    assert (mail.decided_by, mail.decided_at is not None) == (cast.organiser, True)
    assert [one.brought_at for one in Intake.objects.all()] == [ARRIVED, ARRIVED]
    assert set(Intake.objects.values_list("unit_code", flat=True)) == {"330102"}
    assert types() == ["mail.held", "packet.arrived", "packet.arrived", "mail.taken"]
    assert not MailPacket.objects.filter(intake=None).exists()


def test_a_machine_s_mail_that_was_given_to_a_unit_is_still_not_answered(edition: Edition, cast: Cast) -> None:
    machine = found(decision=HELD, told=told(answerable=False))
    mail, _ = take_mail(machine, edition=edition, by=cast.organiser)
    assert assign_mail(mail, unit_code=UNIT, by=cast.organiser).answer == "none"


def test_a_mail_set_aside_may_be_given_to_a_unit_after_all(edition: Edition, cast: Cast) -> None:
    mail, _ = take_mail(found(decision=HELD), edition=edition, by=cast.organiser)
    mail = set_mail_aside(mail, by=cast.organiser)
    assert (mail.state, mail.reason, mail.answer, types()) == (
        "aside",
        "not_a_packet",
        "none",
        ["mail.held", "mail.set_aside"],
    )
    assert assign_mail(mail, unit_code=UNIT, by=cast.organiser).state == "taken"


def test_refusals(edition: Edition, cast: Cast) -> None:
    held, _ = take_mail(found(1, decision=HELD), edition=edition, by=cast.organiser)
    empty, _ = take_mail(
        found(2, packets=0, decision=Decision("held", "link", answer=True)), edition=edition, by=cast.organiser
    )
    taken, _ = take_mail(found(3), edition=edition, by=cast.organiser)
    attempts = {
        "permission": [
            lambda: take_mail(found(9), edition=edition, by=cast.discipline),
            lambda: assign_mail(held, unit_code=UNIT, by=cast.system),
            lambda: set_mail_aside(held, by=cast.stranger),
        ],
        "decided": [
            lambda: assign_mail(taken, unit_code=UNIT, by=cast.organiser),
            lambda: set_mail_aside(taken, by=cast.organiser),
        ],
        "no_packet": [lambda: assign_mail(empty, unit_code=UNIT, by=cast.organiser)],
        "unknown_unit": [lambda: assign_mail(held, unit_code="nowhere", by=cast.organiser)],
    }
    before = Entry.objects.count()
    for code, acts in attempts.items():
        for act in acts:
            with pytest.raises(Refused) as refusal:
                act()
            assert refusal.value.code == code
    assert Entry.objects.count() == before
    assert Mail.objects.filter(state="held").count() == 2


def test_without_its_entry_nothing_is_taken(edition: Edition, cast: Cast) -> None:
    held, _ = take_mail(found(1, decision=HELD), edition=edition, by=cast.organiser)
    with mock.patch.object(register_acts, "_append", side_effect=OSError("no register")):
        for act in (
            lambda: take_mail(found(2), edition=edition, by=cast.organiser),
            lambda: assign_mail(held, unit_code=UNIT, by=cast.organiser),
            lambda: set_mail_aside(held, by=cast.organiser),
        ):
            with pytest.raises(OSError, match="no register"):
                act()
    assert (Mail.objects.count(), Intake.objects.count(), MailPlace.objects.count()) == (1, 0, 1)
    held.refresh_from_db()
    assert (held.state, held.decided_by) == ("held", None)


def test_the_mailbox_has_one_account_with_which_nobody_signs_in(edition: Edition) -> None:
    account = mailbox_account()
    assert mailbox_account() == account
    assert not account.has_usable_password()


def test_a_mail_after_the_deadline_is_refused_by_the_time_of_its_arrival(ended_edition: Edition, cast: Cast) -> None:
    deadline = ended_edition.spec.deadline
    for number, seconds in ((1, -1), (2, 1)):
        at = deadline + timezone.timedelta(seconds=seconds)
        take_mail(found(number, arrived_at=at), edition=ended_edition, by=cast.organiser)
    states = list(Intake.objects.order_by("brought_at").values_list("state", "failure_code"))
    assert states[0] == ("waiting", "")
    assert states[1][1] == "late"
