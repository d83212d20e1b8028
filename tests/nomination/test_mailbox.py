"""Emptying a real mailbox: a Dovecot of the test's own."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

import pytest
from django.utils import timezone
from dovecot import PASSWORD, Dovecot, dovecot
from nomination.mailbox_cases import SENDER, UNIT, contact
from nomination.packet_files import make_packet
from nomination.readings import Cast
from papers.mails import attached, message, msg, office, part, text, winmail, zipped

from jiangbang.nomination import evidence, mailbox, mailbox_tasks
from jiangbang.nomination.mailbox_acts import mailbox_account
from jiangbang.nomination.mailbox_models import Mail, MailboxLook, MailPacket, MailPlace
from jiangbang.nomination.mailbox_server import ImapAddress, MailboxTrouble
from jiangbang.nomination.models import Intake, Packet
from jiangbang.outbox.models import Message
from jiangbang.programme.models import Edition
from jiangbang.queue.worker import drain

pytestmark = pytest.mark.django_db
ARRIVED = datetime(2023, 3, 20, 1, 12, 40, tzinfo=UTC)
MARK = "$JiangbangTaken"


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


@pytest.fixture
def user(request: pytest.FixtureRequest) -> str:
    return f"box{zlib.crc32(request.node.name.encode())}@award.example"


@pytest.fixture
def address(server: Dovecot, user: str) -> ImapAddress:
    return ImapAddress("127.0.0.1", server.port, user, PASSWORD, tls="none")


def fetch(address: ImapAddress, edition: Edition) -> mailbox.Summary:
    return mailbox.fetch(address, edition=edition, by=mailbox_account())


def counts(summary: mailbox.Summary) -> tuple[int, ...]:
    return (summary.fresh, summary.taken, summary.held, summary.aside, summary.known, summary.packets)


def test_a_packet_by_mail_becomes_a_packet_and_the_sender_gets_a_receipt(
    server: Dovecot, user: str, address: ImapAddress, edition: Edition, tmp_path: Path
) -> None:
    contact()
    path, records = make_packet(tmp_path, edition.spec.form, 3)
    mail_bytes = message(text("您好"), attached(path.read_bytes(), path.name), sender=f"x <{SENDER}>")
    server.deliver(mail_bytes, user=user, at=ARRIVED)
    assert counts(fetch(address, edition)) == (1, 1, 0, 0, 0, 1)
    assert server.flags(user) == [{MARK, "\\Seen"}]
    mail = Mail.objects.get()
    assert (mail.arrived_at, mail.unit_code) == (ARRIVED, UNIT)
    assert evidence.read_bytes(mail.sha256) == mail_bytes
    assert evidence.read_bytes(MailPacket.objects.get().sha256) == path.read_bytes()
    drain()
    packet = Packet.objects.get()
    assert (packet.accepted_count, packet.file_name) == (len(records), path.name)
    with mock.patch.object(mailbox_tasks, "configured", return_value=address):
        mailbox_tasks.look_into_mailbox()
    sent = Message.objects.get()
    assert (sent.in_reply_to, sent.template) == ("<1@union.example>", "mailbox.results")
    # nothing is done again
    assert counts(fetch(address, edition)) == (0, 0, 0, 0, 0, 0)
    assert (Intake.objects.count(), Packet.objects.count()) == (1, 1)


def test_several_packets_wrapped_in_every_way_are_all_brought(
    server: Dovecot, user: str, address: ImapAddress, edition: Edition
) -> None:
    contact()
    inner = message(text("x"), attached(zipped("inner"), "三.zip"), message_id="<inner@x>")
    gbk = "四.zip".encode("gbk")
    raw = part(
        zipped("raw"), b"Content-Type: application/zip", b'Content-Disposition: attachment; filename="' + gbk + b'"'
    )
    whole = message(
        text("x"),
        attached(zipped("1"), "一.zip"),
        attached(winmail(("二.zip".encode("gbk"), zipped("2"))), "winmail.dat"),
        part(inner, b"Content-Type: message/rfc822", encoding="7bit"),
        raw,
        attached(msg("五.docx", office()), "转.msg"),
        sender=SENDER,
    )
    server.deliver(whole, user=user)
    assert counts(fetch(address, edition)) == (1, 1, 0, 0, 0, 4)
    assert [one.file_name for one in MailPacket.objects.order_by("position")] == [
        "一.zip",
        "二.zip",
        "三.zip",
        "四.zip",
    ]


def test_loose_papers_become_one_packet(server: Dovecot, user: str, address: ImapAddress, edition: Edition) -> None:
    contact()
    loose = message(
        text("x"),
        attached(office(), "附件2推荐表（甲）.docx"),
        attached(office() + b"x", "附件2推荐表（乙）.docx"),
        attached(office("xl"), "附件3汇总表.xlsx"),
        sender=SENDER,
        subject="=?utf-8?B?5ruo5rGfK+aVsOWtl+W3peWMoOaOqOiNkA==?=",
    )
    server.deliver(loose, user=user)
    fetch(address, edition)
    assert [one.file_name for one in MailPacket.objects.all()] == ["滨江+数字工匠推荐.zip"]


def test_what_cannot_be_received_is_held_with_its_reason_and_stays_unread_on_the_server(
    server: Dovecot, user: str, address: ImapAddress, edition: Edition
) -> None:
    stranger = message(text("x"), attached(zipped(), "a.zip"), sender="who@else.example", message_id="<1@x>")
    sealed = message(part(b"x", b"Content-Type: application/pkcs7-mime"), sender=SENDER, message_id="<2@x>")
    server.deliver(stranger, sealed, b"no message at all", user=user)
    assert counts(fetch(address, edition)) == (3, 0, 3, 0, 0, 1)
    assert [mail.reason for mail in Mail.objects.order_by("fetched_at")] == [
        "unknown_sender",
        "encrypted_smime",
        "malformed",
    ]
    assert server.flags(user) == [{MARK}] * 3
    assert Intake.objects.count() == 0
    assert all(evidence.read_bytes(mail.sha256) for mail in Mail.objects.all())


def test_a_mail_too_large_is_not_fetched_and_said(
    server: Dovecot, user: str, address: ImapAddress, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact()
    monkeypatch.setattr(mailbox, "MAIL_MAX", 5_000)
    server.deliver(message(text("x"), attached(b"x" * 9_000, "a.zip"), sender=SENDER), user=user)
    assert counts(fetch(address, edition)) == (1, 0, 1, 0, 0, 0)
    mail = Mail.objects.get()
    assert (mail.reason, mail.told["letter"]["sender"], mail.size > 5_000) == ("too_large", SENDER, True)
    assert len(evidence.read_bytes(mail.sha256)) < 1_000


def test_a_large_mail_comes_in_pieces_and_whole(
    server: Dovecot, user: str, address: ImapAddress, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact()
    monkeypatch.setattr("jiangbang.nomination.mailbox_server.PIECE", 1_000)
    monkeypatch.setattr(mailbox, "BATCH_BYTES", 2_000)
    content = zipped(*(f"{number}.txt" for number in range(200)))
    large = message(text("x"), attached(content, "a.zip"), sender=SENDER)
    server.deliver(message(text("x"), message_id="<0@x>"), large, message(text("y"), message_id="<2@x>"), user=user)
    assert counts(fetch(address, edition))[:2] == (3, 1)
    assert evidence.read_bytes(Mail.objects.get(state="taken").sha256) == large
    assert evidence.read_bytes(MailPacket.objects.get().sha256) == content


def test_a_folder_made_anew_brings_nothing_twice(
    server: Dovecot, user: str, address: ImapAddress, edition: Edition
) -> None:
    contact()
    mails = [
        message(text("x"), attached(zipped(str(n)), f"{n}.zip"), sender=SENDER, message_id=f"<{n}@x>" if n else "")
        for n in range(3)
    ]
    server.deliver(*mails, user=user)
    assert counts(fetch(address, edition)) == (3, 3, 0, 0, 0, 3)
    server.remake(user)
    assert counts(fetch(address, edition)) == (0, 0, 0, 0, 3, 0)
    assert (Mail.objects.count(), Intake.objects.count(), MailPlace.objects.count()) == (3, 3, 6)
    assert len(set(MailPlace.objects.values_list("uidvalidity", flat=True))) == 2
    assert server.flags(user) == [{MARK, "\\Seen"}] * 3


def test_a_mail_delivered_twice_is_taken_once(
    server: Dovecot, user: str, address: ImapAddress, edition: Edition
) -> None:
    contact()
    first = message(text("x"), attached(zipped(), "a.zip"), sender=SENDER)
    server.deliver(first, b"Received: by a list\r\n" + first, first, user=user)
    assert counts(fetch(address, edition)) == (1, 1, 0, 0, 2, 1)
    assert Mail.objects.get().copies == 2


def test_a_mark_that_could_not_be_set_is_set_the_next_time(
    server: Dovecot, user: str, address: ImapAddress, edition: Edition
) -> None:
    contact()
    server.deliver(message(text("x"), attached(zipped(), "a.zip"), sender=SENDER), user=user)
    with (
        mock.patch("imapclient.IMAPClient.add_flags", side_effect=OSError("gone")),
        pytest.raises(MailboxTrouble),
    ):
        fetch(address, edition)
    assert (Mail.objects.count(), server.flags(user)) == (1, [set()])
    assert MailboxLook.objects.get(mailbox=address.name).trouble.count("gone") == 1
    assert counts(fetch(address, edition)) == (0, 0, 0, 0, 0, 0)
    assert server.flags(user) == [{MARK, "\\Seen"}]
    look = MailboxLook.objects.get(mailbox=address.name)
    assert (look.trouble, look.went_well_at) == ("", look.looked_at)


def test_taken_mails_are_moved_away_where_a_folder_is_set_and_held_ones_stay(
    server: Dovecot, user: str, edition: Edition
) -> None:
    contact()
    moving = ImapAddress("127.0.0.1", server.port, user, PASSWORD, tls="none", done_folder="Taken")
    server.deliver(
        message(text("x"), attached(zipped(), "a.zip"), sender=SENDER),
        message(text("x"), attached(zipped("b"), "b.zip"), sender="who@else.example", message_id="<2@x>"),
        user=user,
    )
    fetch(moving, edition)
    assert server.flags(user) == [{MARK}]
    assert server.flags(user, "Taken") == [{MARK, "\\Seen"}]


def test_a_time_that_lies_ahead_is_not_believed(
    server: Dovecot, user: str, address: ImapAddress, edition: Edition
) -> None:
    contact()
    server.deliver(
        message(text("x"), attached(zipped(), "a.zip"), sender=SENDER), user=user, at=timezone.now() + timedelta(days=3)
    )
    fetch(address, edition)
    mail = Mail.objects.get()
    assert mail.arrived_at <= mail.fetched_at


def test_our_own_answer_that_comes_back_is_set_aside_and_not_answered(
    server: Dovecot, user: str, address: ImapAddress, edition: Edition
) -> None:
    contact(address=user)
    server.deliver(message(text("x"), attached(zipped(), "a.zip"), sender=user), user=user)
    assert counts(fetch(address, edition)) == (1, 0, 0, 1, 0, 1)
    assert (Mail.objects.get().reason, Mail.objects.get().answer) == ("own", "none")


def test_a_second_fetcher_of_the_host_leaves_it_to_the_first(address: ImapAddress, edition: Edition) -> None:
    with mailbox._alone(wait=True) as mine:
        assert mine
        summary = mailbox.fetch(address, edition=edition, by=mailbox_account(), wait=False)
    assert counts(summary) == (0, 0, 0, 0, 0, 0)
    assert not MailboxLook.objects.exists()


def test_small_mails_share_a_child_and_large_ones_have_their_own() -> None:
    waiting = [
        mailbox.Waiting(uid, size, None) for uid, size in enumerate([1, 2, mailbox.BATCH_BYTES + 1, 3, *[1] * 60])
    ]
    sizes = [[one.uid for one in batch] for batch in mailbox.batches(waiting)]
    assert sizes[:2] == [[0, 1], [2]]
    assert [len(batch) for batch in sizes] == [2, 1, 50, 11]


def test_the_worker_notes_a_mailbox_that_cannot_be_reached_and_goes_on(edition: Edition, cast: Cast) -> None:
    nowhere = ImapAddress("127.0.0.1", 1, "box@award.example", PASSWORD, tls="none")
    with mock.patch.object(mailbox_tasks, "configured", return_value=nowhere):
        assert mailbox_tasks.look_into_mailbox() is None
    look = MailboxLook.objects.get()
    assert look.went_well_at is None
    assert "127.0.0.1" in look.trouble
