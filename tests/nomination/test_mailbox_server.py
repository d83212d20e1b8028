"""The address of the mailbox, TLS, and what a server may do to us."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dovecot import PASSWORD, Dovecot, dovecot
from papers.mails import message, text

from jiangbang.nomination.mailbox_server import ImapAddress, Mailbox, MailboxTrouble, Waiting, configured


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("certificate")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = "req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    subprocess.run(["openssl", *command.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
    return certificate, key


@pytest.fixture(scope="module")
def server(certificate: tuple[Path, Path]) -> Iterator[Dovecot]:
    with dovecot(certificate=certificate) as running:
        yield running


def address(server: Dovecot, **changes: Any) -> ImapAddress:
    values = {"host": "127.0.0.1", "port": server.port, "user": "tls@x.example", "password": PASSWORD, "tls": "none"}
    return ImapAddress(**{**values, **changes})


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("imaps://box%40x.example@mail.example", ("mail.example", 993, "box@x.example", "INBOX", "tls")),
        ("imap://box@mail.example/Packets", ("mail.example", 143, "box", "Packets", "starttls")),
        ("imap://box@mail.example:1143/A/B?tls=none", ("mail.example", 1143, "box", "A/B", "none")),
    ],
)
def test_an_address_says_host_account_folder_and_how_safe(settings: Any, url: str, expected: tuple[Any, ...]) -> None:
    settings.JIANGBANG_IMAP_URL, settings.JIANGBANG_IMAP_PASSWORD = url, "p"
    found = configured()
    assert found is not None
    assert (found.host, found.port, found.user, found.folder, found.tls) == expected
    assert found.password == "p"
    assert "p'" not in repr(found)


@pytest.mark.parametrize("url", ["http://box@x", "imaps://x", "imap://box@", "nonsense", "imap://box@x?tls=maybe"])
def test_an_address_that_is_none_is_said(settings: Any, url: str) -> None:
    settings.JIANGBANG_IMAP_URL = url
    with pytest.raises(MailboxTrouble, match="JIANGBANG_IMAP_URL"):
        configured()


def test_without_an_address_there_is_no_mailbox(settings: Any) -> None:
    settings.JIANGBANG_IMAP_URL = ""
    assert configured() is None


def test_the_password_may_lie_in_a_file(settings: Any, tmp_path: Path) -> None:
    settings.JIANGBANG_IMAP_URL = "imaps://box@x.example"
    settings.JIANGBANG_IMAP_PASSWORD_FILE = str(tmp_path / "password")
    with pytest.raises(MailboxTrouble):
        configured()
    (tmp_path / "password").write_text("from the file\n")
    found = configured()
    assert found is not None
    assert found.password == "from the file"


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_a_secure_connection_needs_a_certificate_that_is_trusted(
    server: Dovecot, certificate: tuple[Path, Path], tls: str
) -> None:
    port = server.secure_port if tls == "tls" else server.port
    server.deliver(message(text("x")), user=f"{tls}@x.example")
    trusted = address(server, port=port, tls=tls, user=f"{tls}@x.example", authority=str(certificate[0]))
    with Mailbox(trusted) as box:
        assert [one.uid for one in box.waiting()] == [1]
    with pytest.raises(MailboxTrouble, match=r"127\.0\.0\.1"):
        Mailbox(address(server, port=port, tls=tls)).__enter__()


def test_a_wrong_password_is_said_and_not_shown(server: Dovecot) -> None:
    with pytest.raises(MailboxTrouble) as trouble:
        Mailbox(address(server, password="wrong-one")).__enter__()
    assert "wrong-one" not in str(trouble.value)
    assert "127.0.0.1" in str(trouble.value)


def test_a_folder_that_is_not_there_is_said(server: Dovecot) -> None:
    with pytest.raises(MailboxTrouble, match=r"127\.0\.0\.1"):
        Mailbox(address(server, folder="Nowhere")).__enter__()


def test_nobody_listening_is_said(server: Dovecot) -> None:
    with pytest.raises(MailboxTrouble, match=r"127\.0\.0\.1"):
        Mailbox(address(server, port=1)).__enter__()


def test_reading_marks_nothing_and_marking_leaves_out_what_was_marked(server: Dovecot) -> None:
    user = "marks@x.example"
    server.deliver(*[message(text(str(n)), message_id=f"<{n}@x>") for n in range(3)], user=user)
    with Mailbox(address(server, user=user)) as box:
        waiting = box.waiting()
        with Path("/dev/null").open("wb") as nowhere:
            assert len(box.copy_into(nowhere, waiting)) == 3
        assert server.flags(user) == [set()] * 3
        box.mark([waiting[0].uid], seen=True)
        box.mark([], seen=True)
        assert [one.uid for one in box.waiting()] == [waiting[1].uid, waiting[2].uid]


def test_a_mail_that_is_not_there_any_more_is_left_out(server: Dovecot, tmp_path: Path) -> None:
    user = "gone@x.example"
    server.deliver(message(text("x")), user=user)
    with Mailbox(address(server, user=user)) as box, (tmp_path / "x").open("wb") as file:
        (waiting,) = box.waiting()
        assert set(box.copy_into(file, [waiting, Waiting(99, 10, None)])) == {waiting.uid}
