"""`jiangbang mailbox fetch` against a real mailbox, answers to a real mail server."""

from __future__ import annotations

import email
import email.policy
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from commands.console import Console, refused
from commands.papers_at_hand import packet_file, people
from dovecot import PASSWORD, Dovecot, dovecot, free_port
from papers.mails import attached, message, text

from jiangbang.rehearsal.faults import Slip

SENDER = "office@union.example"
CONTACT = f"""
import django
django.setup()
from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Membership, Role, User
user = create_account("unit", role=Role.UNIT, password=None)
User.objects.filter(pk=user.pk).update(email="{SENDER}")
Membership.objects.filter(user=user).update(scope="330113")
"""
DELIVER = """
import django
django.setup()
from jiangbang.queue.worker import drain
print(drain())
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


def python(console: Console, script: str, **more: str) -> str:
    environment = {"JIANGBANG_HOME": str(console.home), "DJANGO_SETTINGS_MODULE": "jiangbang.settings", **more}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def mail_of(folder: Path, count: int, *, sender: str = SENDER, number: int = 1) -> bytes:
    path = packet_file(folder, [Slip.right(person) for person in people(count)])
    return message(
        text("您好"), attached(path.read_bytes(), path.name), sender=sender, message_id=f"<{number}@union.example>"
    )


def test_a_mail_becomes_a_packet_and_its_sender_gets_a_receipt(ready: Console, server: Dovecot, tmp_path: Path) -> None:
    python(ready, CONTACT)
    user = "whole@award.example"
    server.deliver(mail_of(tmp_path, 10), user=user)
    configured = {"JIANGBANG_IMAP_URL": server.url(user), "JIANGBANG_IMAP_PASSWORD": PASSWORD}
    outcome = ready("mailbox", "fetch", "--once", "--json", **configured)
    document = outcome.json
    assert (outcome.status, outcome.err) == (0, "")
    assert list(document) == ["fresh", "known", "taken", "held", "aside", "answered", "mails"]
    assert {key: document[key] for key in ("fresh", "known", "taken", "held", "aside", "answered")} == {
        "fresh": 1,
        "known": 0,
        "taken": 1,
        "held": 0,
        "aside": 0,
        "answered": 1,
    }
    packet = document["mails"][0]["packets"][0]
    assert (packet["verdict"], packet["number"], packet["accepted"]) == ("clean", "2023-330113-001", 10)
    again = ready("mailbox", "fetch", "--once", **configured)
    assert (again.status, again.out) == (0, "mailbox: 0 fresh, 0 known, 0 taken, 0 held, 0 aside, 0 answered\n")
    assert ready("register", "verify").status == 0
    _expect_receipt(ready)


def _expect_receipt(console: Console) -> None:
    received: list[bytes] = []

    class Handler:
        async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:  # noqa: N802 — aiosmtpd's
            received.append(envelope.content)  # type: ignore[attr-defined]
            return "250 taken"

    controller = Controller(Handler(), hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        python(
            console,
            DELIVER,
            JIANGBANG_SMTP_URL=f"smtp://127.0.0.1:{controller.port}",
            JIANGBANG_MAIL_FROM="office <box@award.example>",
        )
    finally:
        controller.stop()
    (answer,) = [email.message_from_bytes(one, policy=email.policy.default) for one in received]
    assert answer["To"].addresses[0].addr_spec == SENDER
    assert answer["In-Reply-To"] == "<1@union.example>"
    assert answer["References"] == "<1@union.example>"
    assert answer["Auto-Submitted"] == "auto-replied"
    assert "2023-330113-001" in answer.get_content()


def test_a_mail_that_waits_for_a_person_gives_1(ready: Console, server: Dovecot, tmp_path: Path) -> None:
    user = "held@award.example"
    server.deliver(mail_of(tmp_path, 1, sender="who@else.example"), user=user)
    outcome = ready("mailbox", "fetch", "--once", JIANGBANG_IMAP_URL=server.url(user), JIANGBANG_IMAP_PASSWORD=PASSWORD)
    assert outcome.status == 1
    assert "1 held" in outcome.out


def test_without_a_mailbox_it_is_said_how_to_set_one_up(ready: Console) -> None:
    assert "JIANGBANG_IMAP_URL" in refused(ready("mailbox", "fetch", "--once"))


@pytest.mark.parametrize(
    "changes",
    [
        {"JIANGBANG_IMAP_PASSWORD": "wrong"},
        {"JIANGBANG_IMAP_URL": "imap://box@127.0.0.1:1/?tls=none"},
        {"JIANGBANG_IMAP_URL": "http://127.0.0.1"},
        {"JIANGBANG_IMAP_EDITION": "nowhere"},
        {"JIANGBANG_IMAP_PASSWORD": "", "JIANGBANG_IMAP_PASSWORD_FILE": "/nowhere/password"},
    ],
    ids=lambda changes: next(reversed(changes)),
)
def test_what_cannot_be_done_is_one_sentence(ready: Console, server: Dovecot, changes: dict[str, str]) -> None:
    configured = {"JIANGBANG_IMAP_URL": server.url("x@award.example"), "JIANGBANG_IMAP_PASSWORD": PASSWORD}
    sentence = refused(ready("mailbox", "fetch", "--once", **{**configured, **changes}))
    assert "wrong" not in sentence


def test_json_without_once_is_bad_usage(ready: Console) -> None:
    assert "--once" in refused(ready("mailbox", "fetch", "--json"))


@pytest.mark.slow
def test_without_once_it_looks_until_it_is_stopped(ready: Console, server: Dovecot, tmp_path: Path) -> None:
    user = "ever@award.example"
    server.deliver(mail_of(tmp_path, 1), user=user)
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "jiangbang", "mailbox", "fetch"],
        env={
            "JIANGBANG_HOME": str(ready.home),
            "JIANGBANG_IMAP_URL": server.url(user),
            "JIANGBANG_IMAP_PASSWORD": PASSWORD,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert "1 fresh" in process.stdout.readline()
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _out, err = process.communicate(timeout=30)
    assert (process.returncode, err.strip()) == (130, "jiangbang: stopped")


def test_the_document_is_json_whatever_the_language(ready: Console, server: Dovecot) -> None:
    user = "language@award.example"
    server.deliver(message(text("https://pan.baidu.com/s/1")), user=user)
    outcome = ready(
        "mailbox",
        "fetch",
        "--once",
        "--json",
        JIANGBANG_IMAP_URL=server.url(user),
        JIANGBANG_IMAP_PASSWORD=PASSWORD,
        JIANGBANG_LANGUAGE="en",
    )
    (mail,) = json.loads(outcome.out)["mails"]
    assert (mail["state"], mail["reason"]) == ("held", "link")
    assert "net disk (pan.baidu.com)" in mail["message"]
