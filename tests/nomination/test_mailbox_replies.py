"""Answers to mails: at most one, to people only, when everything has been dealt with."""

from __future__ import annotations

from unittest import mock

import pytest
from django.utils import translation
from nomination.mailbox_cases import SENDER, UNIT, found
from nomination.readings import Cast, MakeReading, person

from jiangbang.nomination import acts
from jiangbang.nomination.mailbox_acts import set_mail_aside, take_mail
from jiangbang.nomination.mailbox_models import Mail
from jiangbang.nomination.mailbox_replies import answer_due, answer_mail, results
from jiangbang.nomination.mailbox_senders import Decision
from jiangbang.nomination.models import Intake
from jiangbang.outbox import sealing
from jiangbang.outbox.models import Message
from jiangbang.programme.models import Edition
from jiangbang.register import acts as register_acts

pytestmark = pytest.mark.django_db


def settle(intake: Intake, reading: object, edition: Edition, cast: Cast) -> None:
    packet, _ = acts.receive_packet(reading, edition=edition, unit=edition.spec.unit(UNIT), by=cast.organiser)  # type: ignore[arg-type]
    Intake.objects.filter(pk=intake.pk).update(state="done", packet=packet)


def body(message: Message) -> str:
    return sealing.bodies(message.pk, message.sealed_body)[0]


def test_a_receipt_goes_out_once_when_every_packet_is_settled(
    edition: Edition, cast: Cast, reading: MakeReading
) -> None:
    mail, _ = take_mail(found(packets=2), edition=edition, by=cast.organiser)
    first, second = Intake.objects.order_by("file_name")
    settle(first, reading([person(1), person(2, mobile=None)]), edition, cast)
    assert answer_due(by=cast.organiser) == 0
    Intake.objects.filter(pk=second.pk).update(state="failed", failure="压缩包设了密码。")
    assert [answer_due(by=cast.organiser) for _ in range(2)] == [1, 0]
    message = Message.objects.get()
    assert (message.in_reply_to, message.references) == (mail.message_id, f"<0@union.example> {mail.message_id}")
    assert sealing.unseal(message.pk, "address", message.sealed_address).decode() == SENDER
    assert message.subject == "回复：滨江+数字工匠推荐"
    text = body(message)
    assert "2023-330108-001" in text
    first.refresh_from_db()
    assert first.packet is not None
    assert first.packet.sha256 in text
    assert "0.zip" in text
    assert "1.zip\n压缩包设了密码。" in text
    assert str(person(2)["name"]) in text
    mail.refresh_from_db()
    assert (mail.answer, mail.answered_at is not None) == ("sent", True)


def test_the_same_bytes_sent_again_are_answered_as_known(edition: Edition, cast: Cast, reading: MakeReading) -> None:
    packet, _ = acts.receive_packet(
        reading([person(1)]), edition=edition, unit=edition.spec.unit(UNIT), by=cast.organiser
    )
    mail, _ = take_mail(found(), edition=edition, by=cast.organiser)
    Intake.objects.update(state="done", packet=packet, brought_at=packet.received_at.replace(year=2050))
    with translation.override("en"):
        assert f"received before as {packet.number}" in results(mail)
    assert answer_due(by=cast.organiser) == 1


def test_a_mail_without_a_packet_is_answered_with_the_reason(edition: Edition, cast: Cast) -> None:
    decision = Decision("held", "link", "pan.baidu.com", answer=True)
    take_mail(found(packets=0, decision=decision), edition=edition, by=cast.organiser)
    assert answer_due(by=cast.organiser) == 1
    assert "pan.baidu.com" in body(Message.objects.get())
    assert Message.objects.get().template == "mailbox.nothing_received"


@pytest.mark.parametrize(
    "decision",
    [
        Decision("held", "unknown_sender"),
        Decision("aside", "automatic"),
        Decision("aside", "own"),
        Decision("taken", unit=UNIT, answer=False),
    ],
    ids=lambda decision: decision.reason or "machine with a packet",
)
def test_nobody_is_answered_who_might_be_a_machine_or_a_stranger(
    edition: Edition, cast: Cast, decision: Decision
) -> None:
    mail, _ = take_mail(found(decision=decision), edition=edition, by=cast.organiser)
    Intake.objects.update(state="failed")
    assert answer_due(by=cast.organiser) == 0
    assert answer_mail(mail, by=cast.organiser) is False
    assert Message.objects.count() == 0


def test_a_mail_that_was_set_aside_before_its_answer_gets_none(edition: Edition, cast: Cast) -> None:
    decision = Decision("held", "link", "pan.baidu.com", answer=True)
    mail, _ = take_mail(found(packets=0, decision=decision), edition=edition, by=cast.organiser)
    set_mail_aside(mail, by=cast.organiser)
    assert answer_due(by=cast.organiser) == 0


def test_without_the_register_no_answer_goes_out_and_it_stays_due(edition: Edition, cast: Cast) -> None:
    take_mail(found(packets=0, decision=Decision("held", "partial", answer=True)), edition=edition, by=cast.organiser)
    with (
        mock.patch.object(register_acts, "_append", side_effect=OSError("no register")),
        pytest.raises(OSError, match="no register"),
    ):
        answer_due(by=cast.organiser)
    assert (Message.objects.count(), Mail.objects.get().answer) == (0, "due")
    assert answer_due(by=cast.organiser) == 1
