"""winmail.dat and .msg."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from papers.mails import msg, winmail

from jiangbang.papers.mail_containers import (
    BrokenContainer,
    is_msg,
    is_tnef,
    msg_attachments,
    tnef_attachments,
)


def test_a_winmail_gives_its_attachments_with_chinese_names() -> None:
    data = winmail(("推荐表.docx".encode("gbk"), b"one"), (b"roster.xlsx", b"two"))
    assert is_tnef(data)
    assert [(one.name, one.data) for one in tnef_attachments(data)] == [
        ("推荐表.docx", b"one"),
        ("roster.xlsx", b"two"),
    ]


def test_the_sample_of_outlook_is_read(shared_dir: Path) -> None:
    data = (shared_dir / "data/hostile/tika_msg/testWINMAIL.dat").read_bytes()
    assert [one.name for one in tnef_attachments(data)] == [
        "quick.doc",
        "quick.html",
        "quick.pdf",
        "quick.txt",
        "quick.xml",
    ]


@pytest.mark.parametrize("name", ["testMSG.msg", "testMSG_chinese.msg"])
def test_a_msg_without_attachments_gives_none(shared_dir: Path, name: str) -> None:
    data = (shared_dir / "data/hostile/tika_msg" / name).read_bytes()
    assert is_msg(data)
    assert list(msg_attachments(data)) == []


def test_a_msg_gives_its_attachment_and_keeps_the_pictures_of_its_text() -> None:
    assert [(one.name, one.data[:4]) for one in msg_attachments(msg("推荐表.docx", b"PK.."))] == [
        ("推荐表.docx", b"PK..")
    ]
    assert list(msg_attachments(msg("logo.png", b"PK..", hidden=True))) == []


@given(st.binary(max_size=400))
def test_damage_is_said_and_nothing_else_happens(junk: bytes) -> None:
    for data in (winmail((b"a.zip", b"x"))[:30] + junk, b"\x78\x9f\x3e\x22" + junk):
        found = []
        with contextlib.suppress(BrokenContainer):
            found += tnef_attachments(data)
        assert all(isinstance(one.data, bytes) for one in found)


@given(st.binary(max_size=2_000))
def test_a_damaged_msg_is_said(junk: bytes) -> None:
    with pytest.raises(BrokenContainer):
        list(msg_attachments(bytes.fromhex("d0cf11e0a1b11ae1") + junk))
