"""Names, senders and times in headers, as mailers write them."""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangbang.papers.mail_headers import (
    decode_base64,
    decode_words,
    one_address,
    parse_parameters,
    sent_at,
    split_headers,
)

NAME = "滨江+数字工匠推荐.zip"
GBK = NAME.encode("gb18030")


def word(raw: bytes, label: str) -> bytes:
    return b"=?" + label.encode() + b"?B?" + base64.b64encode(raw) + b"?="


def cut_words(raw: bytes, label: str, size: int) -> bytes:
    return b"\r\n ".join(word(raw[at : at + size], label) for at in range(0, len(raw), size))


WAYS = {
    "raw GB 18030": b'attachment; filename="' + GBK + b'"',
    "raw UTF-8": b'attachment; filename="' + NAME.encode() + b'"',
    "raw, not quoted": b"attachment; filename=" + GBK,
    "encoded word": b'attachment; filename="' + word(GBK, "gb2312") + b'"',
    "labelled UTF-8, is GBK": b'attachment; filename="' + word(GBK, "utf-8") + b'"',
    "labelled GBK, is UTF-8": b'attachment; filename="' + word(NAME.encode(), "GB2312") + b'"',
    "labelled Latin": b'attachment; filename="' + word(GBK, "iso-8859-1") + b'"',
    "label unknown": b'attachment; filename="' + word(GBK, "x-unknown") + b'"',
    "cut in the middle of a character": b'attachment; filename="' + cut_words(GBK, "gbk", 3) + b'"',
    "quoted-printable": b'attachment; filename="=?gbk?Q?' + b"".join(b"=%02X" % byte for byte in GBK) + b'?="',
    "RFC 2231": b"attachment; filename*=utf-8''" + quote(NAME).encode(),
    "RFC 2231 in GBK": b"attachment; filename*=gb18030''" + quote(GBK).encode(),
    "RFC 2231 with a wrong label": b"attachment; filename*=utf-8''" + quote(GBK).encode(),
    "RFC 2231 without a label": b"attachment; filename*=" + quote(GBK).encode(),
    "RFC 2231 continued": b"attachment;\r\n filename*0*=gbk''%B1%F5;\r\n filename*1*="
    + quote(GBK[2:-4]).encode()
    + b';\r\n filename*2=".zip"',
    "RFC 2231 in disorder": b"attachment; filename*1*=" + quote(GBK[2:]).encode() + b"; filename*0*=gbk''%B1%F5",
    "both, the better one wins": b"attachment; filename=\"????.zip\"; filename*=utf-8''" + quote(NAME).encode(),
    "percent-encoded by a web mailer": b'attachment; filename="' + quote(NAME).encode() + b'"',
    "with a folder": b'attachment; filename="C:\\\\Temp\\\\' + NAME.encode() + b'"',
}


@pytest.mark.parametrize("way", WAYS)
def test_the_name_of_an_attachment_is_read_however_it_is_written(way: str) -> None:
    headers = split_headers(b"Content-Disposition: " + WAYS[way] + b"\r\n")
    assert headers.file_name == NAME


def test_a_name_in_the_content_type_is_the_last_resort() -> None:
    headers = split_headers(b'Content-Type: application/zip; name="' + GBK + b'"\nContent-Disposition: attachment\n')
    assert headers.file_name == NAME


@pytest.mark.parametrize(("name", "shown"), [("../../etc/passwd", "passwd"), ("a\0b.zip", "a�b.zip"), ("..", "")])
def test_a_name_leads_nowhere(name: str, shown: str) -> None:
    headers = split_headers(b'Content-Disposition: attachment; filename="' + name.encode() + b'"\n')
    assert headers.file_name == shown


def test_base64_in_words_that_were_cut_anywhere_is_joined() -> None:
    whole = base64.b64encode(GBK).decode()
    assert decode_words(f"=?gbk?B?{whole[:5]}?= =?gbk?B?{whole[5:]}?=") == NAME


@pytest.mark.parametrize(
    ("field", "address"),
    [
        ("Office <Office@Union.example>", "office@union.example"),
        ("office@union.example", "office@union.example"),
        ('"good@union.example" <evil@other.example>', "evil@other.example"),
        ("=?utf-8?B?PGdvb2RAdW5pb24uZXhhbXBsZT4=?= <evil@other.example>", "evil@other.example"),
        ("a@x.example, b@y.example", ""),
        ("<a@x.example> <b@y.example>", ""),
        ("a@x.example (b@y.example)", "a@x.example"),
        ("nobody", ""),
        ("", ""),
    ],
)
def test_the_sender_is_one_address_or_nobody(field: str, address: str) -> None:
    assert one_address(split_headers(f"From: {field}\n".encode()), "from") == address


def test_two_from_fields_are_nobody() -> None:
    assert one_address(split_headers(b"From: a@x.example\nFrom: b@y.example\n"), "from") == ""


@pytest.mark.parametrize("value", ["yesterday", "Mon, 99 Foo 2023 00:00:00", "", "Tue, 14 Mar 2023 10:00:00 +99999999"])
def test_a_time_that_is_none_is_none(value: str) -> None:
    assert sent_at(split_headers(f"Date: {value}\n".encode())) is None


def test_lines_that_are_no_field_are_passed_over() -> None:
    headers = split_headers(b"From mailer Mon Mar 13\nnonsense\nSubject: a\n b\n")
    assert headers.fields == (("subject", b"a b"),)


@given(st.binary(max_size=300))
def test_no_bytes_stop_the_reading_of_a_header(data: bytes) -> None:
    headers = split_headers(b"Content-Disposition: attachment; filename*0*=" + data + b"\nFrom: " + data)
    assert isinstance(headers.file_name, str)
    assert isinstance(one_address(headers, "from"), str)


@given(st.text(max_size=200))
def test_parameters_are_text_whatever_is_given(text: str) -> None:
    value, parameters = parse_parameters(text)
    assert isinstance(value, str)
    assert all(isinstance(one, str) for one in parameters.values())


@given(st.binary(max_size=200))
def test_base64_comes_back_with_junk_in_between(data: bytes) -> None:
    assert decode_base64(base64.encodebytes(data).replace(b"\n", b"\r\n!")) == data
