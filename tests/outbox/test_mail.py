"""Mail through a real SMTP server of our own on a free port."""

from __future__ import annotations

import email
import socket
from collections.abc import Iterator
from email.message import Message as Mail
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from django.utils import timezone
from outbox.conftest import EDITION

from jiangbang.accounts.models import User
from jiangbang.outbox.acts import Attachment, post_message, resend_message
from jiangbang.outbox.mail import SmtpServer, trouble_with_server
from jiangbang.outbox.models import Message
from jiangbang.queue import worker
from jiangbang.queue.models import Job

pytestmark = pytest.mark.django_db


class Postman:
    """Takes every mail, or answers as it is told."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.recipients: list[str] = []
        self.answer = "250 taken"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802 — aiosmtpd's name
        if self.answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.mails.append(email.message_from_bytes(envelope.content))
            self.recipients += envelope.rcpt_tos
        return self.answer

    async def handle_RCPT(  # noqa: N802 — aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.startswith("nobody@"):
            return f"550 5.1.1 <{address}> is unknown here"
        envelope.rcpt_tos.append(address)
        return "250 ok"


@pytest.fixture
def postman(settings: Any) -> Iterator[Postman]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    postman = Postman()
    server = Controller(postman, hostname="127.0.0.1", port=port)
    server.start()
    settings.JIANGBANG_SMTP_URL = f"smtp://127.0.0.1:{port}"
    settings.JIANGBANG_MAIL_FROM = "认定办公室 <office@house.example>"
    yield postman
    server.stop()


def posted(by: User, to: str = "lin@example.com", **more: Any) -> Message:
    return post_message(
        "outbox.trial", to=to, name="林一", edition=EDITION, context={"edition": "杭州数字工匠"}, by=by, **more
    )


def delivered(message: Message) -> Message:
    assert worker.drain() == 1
    message.refresh_from_db()
    return message


def text_of(mail: Mail) -> str:
    part = mail.get_payload()[0] if mail.is_multipart() else mail
    payload = part.get_payload(decode=True)  # type: ignore[union-attr]
    assert isinstance(payload, bytes)
    return payload.decode().replace("\r\n", "\n")


def header(mail: Mail, name: str) -> str:
    return str(email.header.make_header(email.header.decode_header(mail[name])))


def test_a_posted_message_arrives_as_worded(organiser: User, postman: Postman) -> None:
    message = delivered(posted(organiser, attachments=[Attachment("回执.pdf", "application/pdf", b"%PDF-1.7")]))
    assert (message.state, message.attempts, message.last_error) == ("sent", 1, "")
    assert message.sent_at is not None
    (mail,) = postman.mails
    assert postman.recipients == ["lin@example.com"]
    assert (header(mail, "Subject"), header(mail, "To")) == ("试发：杭州数字工匠", "林一 <lin@example.com>")
    assert (mail["Message-ID"], mail["Auto-Submitted"]) == (message.message_id, "auto-generated")
    assert text_of(mail) == "这是一封试发邮件。收到它，说明“杭州数字工匠”的邮件可以送达。\n"
    attached = mail.get_payload()[1]
    assert (attached.get_filename(), attached.get_payload(decode=True)) == ("回执.pdf", b"%PDF-1.7")  # type: ignore[union-attr]


def test_an_address_that_does_not_exist_is_given_up_with_the_servers_words(organiser: User, postman: Postman) -> None:
    message = delivered(posted(organiser, to="nobody@example.com"))
    assert (message.state, message.last_error) == ("given_up", "邮件服务器拒收：550 5.1.1 <…> is unknown here")
    assert Job.objects.get().state == "aside"


def test_a_server_that_refuses_for_now_is_tried_again(organiser: User, postman: Postman) -> None:
    postman.answer = "451 too many at once"
    message = delivered(posted(organiser))
    assert (message.state, message.last_error) == ("failed", "邮件服务器暂时拒收：451 too many at once")
    postman.answer = "250 taken"
    Job.objects.update(run_at=timezone.now())
    assert delivered(message).state == "sent"
    assert (len(postman.mails), message.attempts) == (1, 2)


def test_a_server_that_is_away_is_tried_again(organiser: User, postman: Postman, settings: Any) -> None:
    settings.JIANGBANG_SMTP_URL = "smtp://127.0.0.1:1"
    message = delivered(posted(organiser))
    assert (message.state, message.last_error) == ("failed", "无法连接邮件服务器（ConnectionRefusedError）。")


def test_without_a_server_a_message_is_given_up_and_goes_out_later(
    organiser: User, postman: Postman, settings: Any
) -> None:
    server, settings.JIANGBANG_SMTP_URL = settings.JIANGBANG_SMTP_URL, ""
    message = delivered(posted(organiser))
    assert message.state == "given_up"
    assert "JIANGBANG_SMTP_URL" in message.last_error
    settings.JIANGBANG_SMTP_URL = server
    resend_message(message, by=organiser)
    assert delivered(message).state == "sent"


def test_a_crash_after_acceptance_repeats_the_same_message_id(organiser: User, postman: Postman) -> None:
    message = posted(organiser)
    taken = worker.claim()
    assert taken is not None
    # the worker hands the mail over and dies before it can commit
    from jiangbang.outbox.tasks import deliver

    deliver(str(message.pk), 1)
    Job.objects.update(lease_until=timezone.now())
    worker.reap()
    Job.objects.update(run_at=timezone.now())
    assert delivered(message).state == "sent"
    assert [mail["Message-ID"] for mail in postman.mails] == [message.message_id] * 2


def test_a_superseded_sending_sends_nothing(organiser: User, postman: Postman) -> None:
    message = posted(organiser)
    Message.objects.update(times=2)
    assert delivered(message).state == "waiting"
    assert postman.mails == []


@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("smtp://mail.example", {"host": "mail.example", "port": 587, "use_ssl": False, "use_tls": False}),
        ("smtps://u%40x:p%2F@mail.example", {"port": 465, "use_ssl": True, "username": "u@x", "password": "p/"}),
        ("smtp://mail.example:2525?starttls=1", {"port": 2525, "use_tls": True}),
    ],
)
def test_the_servers_address_is_read(url: str, options: dict[str, Any]) -> None:
    found = SmtpServer(url).options
    assert {key: found[key] for key in options} == options


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="JIANGBANG_SMTP_URL must look like"):
        _ = SmtpServer(url).options


def test_the_server_is_tried_for_the_operator(postman: Postman, settings: Any) -> None:
    assert trouble_with_server() == ""
    settings.JIANGBANG_MAIL_FROM = "the office"
    assert trouble_with_server() == "JIANGBANG_MAIL_FROM holds no e-mail address"
    settings.JIANGBANG_MAIL_FROM = ""
    assert "one of them is missing" in trouble_with_server()
