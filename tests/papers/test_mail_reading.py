"""What the child makes of a message: attachments, and what is to be said."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from papers.mails import attached, message, msg, multipart, office, part, text, winmail, zipped

from jiangbang.papers import mail_reading
from jiangbang.papers.limits import LIMITS, Limits

Found = tuple[list[dict[str, Any]], list[str]]


def read(data: bytes, limits: Limits = LIMITS) -> Found:
    """Attachments and the codes of remarks. Each attachment's bytes are compared with its hash."""
    reader = mail_reading._Reader(limits)
    found: list[dict[str, Any]] = []
    content = b""
    for kind, values, blobs in reader.message(data, 0, len(data), ()):
        if kind == "attachment":
            content = b""
        elif kind == "data":
            content += blobs[0]
        elif kind == "attached":
            assert (len(content), hashlib.sha256(content).hexdigest()) == (values["size"], values["sha256"])
            found.append(values)
    return found, [code for code, _ in reader.told()["remarks"]]


def names(data: bytes) -> list[str]:
    return [one["name"] for one in read(data)[0]]


def test_attachments_are_found_and_text_is_not_one() -> None:
    data = message(text("您好"), attached(zipped(), "滨江+数字工匠推荐.zip"), attached(office(), "附件2.docx"))
    found, remarks = read(data)
    assert [(one["name"], one["kind"]) for one in found] == [("滨江+数字工匠推荐.zip", "zip"), ("附件2.docx", "docx")]
    assert remarks == []


def test_a_message_may_be_its_attachment_alone() -> None:
    assert names(message(attached(zipped(), "a.zip"))) == ["a.zip"]


def test_pictures_of_the_text_are_ignored_and_attached_pictures_are_not() -> None:
    png = b"\x89PNG\r\n" + b"x" * 50
    shown = part(png, b"Content-Type: image/png; name=logo.png", b"Content-ID: <logo>", b"Content-Disposition: inline")
    page = multipart(text("<img src=cid:logo>", "html"), shown, kind="related", boundary="rel")
    loose = part(png, b"Content-Type: image/png; name=scan.png", b"Content-Disposition: inline")
    assert names(message(page, loose, attached(png, "photo.png", "image/png"))) == ["scan.png", "photo.png"]


def test_a_forwarded_message_gives_its_attachments_and_where_they_were() -> None:
    inner = message(text("原信"), attached(zipped(), "a.zip"), subject="inner")
    for encoding in ("7bit", "base64"):
        outer = message(text("转"), part(inner, b"Content-Type: message/rfc822", encoding=encoding))
        assert [(one["name"], one["within"]) for one in read(outer)[0]] == [("a.zip", ["inner"])]


def test_a_message_attached_as_a_file_is_opened() -> None:
    inner = message(text("原信"), attached(zipped(), "a.zip"))
    assert [(one["name"], one["within"]) for one in read(message(attached(inner, "letter.eml"), text("x")))[0]] == [
        ("a.zip", ["letter.eml"])
    ]


def test_messages_within_messages_end() -> None:
    data = message(text("x"), attached(zipped(), "a.zip"))
    for _ in range(mail_reading.MAX_NESTED + 1):
        data = message(text("x"), part(data, b"Content-Type: message/rfc822", encoding="7bit"))
    assert read(data) == ([], ["too_deep"])


def test_a_winmail_is_opened() -> None:
    data = winmail(("推荐表.docx".encode("gbk"), office()), (b"a.zip", zipped()))
    found, remarks = read(message(text("x"), attached(data, "winmail.dat", "application/ms-tnef")))
    assert [(one["name"], one["kind"], one["within"]) for one in found] == [
        ("推荐表.docx", "docx", ["winmail.dat"]),
        ("a.zip", "zip", ["winmail.dat"]),
    ]
    assert remarks == []


def test_a_damaged_winmail_is_said() -> None:
    assert read(message(text("x"), attached(b"\x78\x9f\x3e\x22junk", "winmail.dat"))) == ([], ["broken_container"])
    assert read(message(text("x"), attached(b"junk", "winmail.dat"))) == ([], ["broken_container"])


def test_an_outlook_message_is_opened() -> None:
    found, _ = read(message(text("x"), attached(msg("推荐表.docx", office()), "转发.msg")))
    assert [(one["name"], one["within"]) for one in found] == [("推荐表.docx", ["转发.msg"])]


def test_an_old_word_document_is_not_taken_for_a_message() -> None:
    data = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600
    assert [(one["name"], one["kind"]) for one in read(message(text("x"), attached(data, "附件2.doc")))[0]] == [
        ("附件2.doc", "ole_other")
    ]


SEALED = {
    "S/MIME": (
        message(part(b"x", b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m")),
        "encrypted_smime",
    ),
    "S/MIME without its type": (message(text("x"), attached(b"x", "smime.p7m")), "encrypted_smime"),
    "S/MIME, signed as a whole": (
        message(part(b"x", b"Content-Type: application/x-pkcs7-mime; smime-type=signed-data")),
        "signed_opaque",
    ),
    "PGP/MIME": (
        message(
            multipart(
                part(b"Version: 1", b"Content-Type: application/pgp-encrypted"),
                part(b"x", b"Content-Type: application/octet-stream; name=encrypted.asc"),
                kind="encrypted",
                more="; protocol=application/pgp-encrypted",
            )
        ),
        "encrypted_pgp",
    ),
    "PGP in the text": (message(text("-----BEGIN PGP MESSAGE-----\n\nabc")), "encrypted_pgp"),
    "PGP attached": (message(text("x"), attached(b"x", "packet.zip.gpg")), "encrypted_pgp"),
    "a piece of a message": (message(part(b"x", b"Content-Type: message/partial; number=1")), "partial"),
    "somewhere else": (message(part(b"x", b"Content-Type: message/external-body; access-type=URL")), "elsewhere"),
    "no boundary anywhere": (message(part(b"x", b"Content-Type: multipart/mixed; boundary=q", encoding="7bit")), "malformed"),
}  # fmt: skip


@pytest.mark.parametrize("what", SEALED)
def test_what_cannot_be_read_is_said_by_name(what: str) -> None:
    data, code = SEALED[what]
    assert read(data) == ([], [code])


def test_a_signature_is_no_attachment() -> None:
    data = message(
        multipart(
            multipart(text("x"), attached(zipped(), "a.zip"), boundary="in"),
            attached(b"sig", "smime.p7s", "application/pkcs7-signature"),
            kind="signed",
        )
    )
    assert names(data) == ["a.zip"]


@pytest.mark.parametrize(
    ("link", "host"),
    [
        ("https://pan.baidu.com/s/1abc?pwd=xyz1", "pan.baidu.com"),
        ("https://wx.mail.qq.com/ftn/download?func=3", "mail.qq.com"),
        ("http://share.weiyun.com/abc", "weiyun.com"),
        ("https://www.alipan.com/s/abc", "alipan.com"),
    ],
)
def test_a_link_to_a_net_disk_is_said_by_host_and_never_in_full(link: str, host: str) -> None:
    for kind in ("plain", "html"):
        reader = mail_reading._Reader(LIMITS)
        data = message(text(f"材料在 {link} 提取码 xyz1", kind))
        assert list(reader.message(data, 0, len(data), ())) == []
        assert reader.told()["remarks"] == [("link", host)]


def test_an_ordinary_link_is_not_said() -> None:
    assert read(message(text("https://www.hzgh.org/ https://baidu.com/pan.baidu.com"))) == ([], [])


def test_an_attachment_without_a_name_gets_one() -> None:
    assert names(message(text("x"), part(zipped(), b"Content-Type: application/zip"))) == ["附件1.zip"]


def test_what_is_too_large_to_be_opened_is_said() -> None:
    small = replace(LIMITS, member=100)
    inner = message(text("x" * 500), attached(zipped(), "a.zip"))
    assert read(message(attached(inner, "letter.eml"), text("x")), small) == ([], ["part_too_large"])
    assert read(message(attached(zipped(), "a.zip")), replace(LIMITS, total=10)) == ([], ["part_too_large"])


def test_attachments_beyond_number_are_said() -> None:
    data = message(*[attached(b"x", "a.bin")] * (mail_reading.MAX_ATTACHMENTS + 1))
    found, remarks = read(data)
    assert (len(found), remarks) == (mail_reading.MAX_ATTACHMENTS, ["too_many_parts"])


@given(st.binary(max_size=3_000))
def test_no_bytes_stop_the_reader(data: bytes) -> None:
    found, remarks = read(data)
    assert isinstance(found, list)
    assert isinstance(remarks, list)


WHOLE = message(
    text("x"),
    attached(winmail((b"a.zip", zipped())), "winmail.dat"),
    attached(msg("a.docx", office()), "a.msg"),
    part(message(text("x"), attached(zipped(), "a.zip")), b"Content-Type: message/rfc822", encoding="7bit"),
)


@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=8)), max_size=12))
def test_no_damage_stops_the_reader(changes: list[tuple[int, bytes]]) -> None:
    data = bytearray(WHOLE)
    for at, junk in changes:
        data[at : at + len(junk)] = junk
    found, _ = read(bytes(data))
    assert all(one["size"] >= 0 for one in found)


@given(st.integers(0, len(WHOLE)))
def test_a_message_cut_anywhere_is_read_to_where_it_is_cut(length: int) -> None:
    assert len(read(WHOLE[:length])[0]) <= 3
