"""Who wrote, and whether a machine did."""

from __future__ import annotations

import pytest

from jiangbang.papers.mail_headers import split_headers
from jiangbang.papers.mail_letter import letter_of, says_automatic

PERSON = b"From: =?gbk?B?1cXI/Q==?= <Office@union.example>\n"


def letter(*fields: bytes) -> dict[str, object]:
    return letter_of(split_headers(PERSON + b"\n".join(fields) + b"\n"))


def test_a_letter_says_who_wrote_about_what() -> None:
    found = letter(
        b"Subject: =?gb2312?B?sfW9rSvK/dfWuaS9s83GvPY=?=",
        b"Message-ID: <1@union.example>",
        b"References: <a@x> <b@y>",
        b"Date: Tue, 14 Mar 2023 10:00:00 +0800",
    )
    assert found == {
        "sender": "office@union.example",
        "sender_name": "张三",
        "reply_to": "",
        "subject": "滨江+数字工匠推荐",
        "message_id": "<1@union.example>",
        "references": ["<a@x>", "<b@y>"],
        "sent": "2023-03-14T10:00:00+08:00",
        "answerable": True,
        "doubtful": False,
    }


@pytest.mark.parametrize(
    "field",
    [
        b"Auto-Submitted: auto-replied",
        b"Auto-Submitted: auto-generated (rejected)",
        b"X-Autoreply: yes",
        b"Precedence: auto_reply",
        b"Content-Type: multipart/report; report-type=delivery-status",
    ],
)
def test_a_machine_is_never_answered(field: bytes) -> None:
    assert says_automatic(split_headers(PERSON + field + b"\n"))
    assert letter(field)["answerable"] is False


@pytest.mark.parametrize(
    "field",
    [
        b"Precedence: bulk",
        b"List-Id: <all.union.example>",
        b"Return-Path: <>",
        b"X-Auto-Response-Suppress: All",
        b"From: other@union.example",
    ],
)
def test_lists_and_bounces_are_no_machine_and_are_not_answered(field: bytes) -> None:
    assert not says_automatic(split_headers(PERSON + field + b"\n"))
    assert letter(field)["answerable"] is False


@pytest.mark.parametrize("name", ["MAILER-DAEMON", "postmaster", "noreply", "no-reply", "do-not-reply"])
def test_addresses_behind_which_nobody_sits_are_not_answered(name: str) -> None:
    assert letter_of(split_headers(f"From: {name}@union.example\n".encode()))["answerable"] is False


def test_auto_submitted_no_is_a_person() -> None:
    assert letter(b"Auto-Submitted: no")["answerable"] is True


@pytest.mark.parametrize(
    ("field", "doubtful"),
    [
        (b"Authentication-Results: mx.example; spf=pass; dmarc=fail", True),
        (b"Authentication-Results: mx.example; spf=fail smtp.mailfrom=x", True),
        (b"Authentication-Results: mx.example; spf=fail; dkim=pass; dmarc=pass", False),
        (b"Authentication-Results: mx.example; spf=pass", False),
    ],
)
def test_what_the_receiving_server_doubts_is_doubted(field: bytes, doubtful: bool) -> None:
    assert letter(field)["doubtful"] is doubtful
