"""Mails that no mail program would write, by one seed always the same."""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator

from bench.hostile.mutants import EDGES, PIECES, RAW, mutant, originals

CRLF = b"\r\n"
CHARSETS = (b"utf-8", b"gb18030", b"gb2312", b"x-unknown", b"utf-7", b"utf-16", b"\xff\xfe", b"a" * 3000, b"")
ENCODINGS = (b"base64", b"quoted-printable", b"8bit", b"7bit", b"binary", b"x-uuencode", b"base65", b"")
TYPES = (
    b"text/plain",
    b"text/html",
    b"multipart/mixed",
    b"multipart/alternative",
    b"message/rfc822",
    b"message/partial; number=1; total=3; id=x",
    b"message/external-body; access-type=URL; URL=http://198.51.100.1/x",
    b"application/pkcs7-mime",
    b"application/ms-tnef",
    b"application/octet-stream",
    b"image/png",
    b"/",
    b"text",
    b";;;",
)


def malformed(count: int, *, seed: int) -> Iterator[bytes]:
    """So many mails."""
    for number in range(count):
        yield one_mail(random.Random(f"{seed}:mail:{number}"), number)


def one_mail(lot: random.Random, number: int) -> bytes:
    """A mail wrong in its header, its parts, its encodings, or changed byte by byte after all that."""
    boundary = lot.choice((b"b1", b"", b"=" * 300, b"b1 ", b'"', "边界".encode()))
    parts = [_part(lot, number) for _one in range(lot.randint(0, 6))]
    if lot.random() < 0.15:
        parts = parts * lot.randint(20, 200)
    body = b"".join(b"--" + boundary + CRLF + one + CRLF for one in parts)
    body += lot.choice((b"--" + boundary + b"--", b"", b"--" + boundary, b"--" + boundary + b"--trailing" + CRLF * 9))
    kind = lot.choice(TYPES) if lot.random() < 0.3 else b"multipart/" + lot.choice((b"mixed", b"signed", b"encrypted"))
    mail = CRLF.join([*_head(lot), b"Content-Type: " + kind + b'; boundary="' + boundary + b'"', b"", body])
    for _level in range(lot.choice((0, 0, 0, 1, 3, 12))):
        mail = CRLF.join([*_head(lot), b"Content-Type: message/rfc822", b"", mail])
    if lot.random() < 0.4:
        mail = lot.choice(RAW)(mail, lot)
    return mail or b"\0"


def _head(lot: random.Random) -> list[bytes]:
    odd = (
        b"From: "
        + lot.choice((b"a@b.example", b"", b"<>,<>", "张三".encode("gb18030"), b"a@b," * 500, b"=?utf-8?B?//8=?=")),
        b"Subject: "
        + lot.choice((b"=?utf-8?Q?=FF=FE?=", b"=?x?y?z?=" * 200, b"x" * 20_000, b"\0\1\2", b"=?gbk?B?" + b"A" * 999)),
        b"Message-ID: " + lot.choice((b"<1@x>", b"<" * 500, b"", b"<a\r\n b>")),
        b"Date: " + lot.choice((b"Thu, 99 Foo 20223 99:99:99 +9999", b"", b"now", b"1" * 400)),
        b"References: " + b"<x@y> " * lot.randint(0, 2000),
        b"Authentication-Results: " + lot.choice(PIECES),
        lot.choice(
            (b"no colon here", b": no name", b" folded before anything", b"\xff\xfe: \xfd", b"X" * 5000 + b": y")
        ),
    )
    return [one for one in odd if lot.random() < 0.6] * lot.choice((1, 1, 1, 30))


def _part(lot: random.Random, number: int) -> bytes:
    encoding = lot.choice(ENCODINGS)
    content = lot.choice(PIECES)
    if lot.random() < 0.3:
        kind = lot.choice(("form", "archive", "image"))
        content = mutant(kind, min(originals()[kind], key=len), lot, number).data[:40_000]
    if encoding == b"base64" and lot.random() < 0.7:
        content = base64.encodebytes(content)[: lot.choice((None, 7, 1001))]
    name = lot.choice(
        (
            b'filename="a.zip"',
            b"filename*=utf-8''%FF%FE%00.zip",
            b"filename*0*=gb18030''%C9%CF; filename*2*=%B3%C7",
            b'filename="../../../etc/passwd"',
            b'filename="' + b"a" * 9000 + b'"',
            b'filename="=?utf-8?B?5o6o6I2Q?=.zip"',
            b"filename=",
            b'filename="a\0b.zip',
        )
    )
    charset = lot.choice(CHARSETS)
    fields = [
        b"Content-Type: " + lot.choice(TYPES) + b"; charset=" + charset,
        b"Content-Disposition: " + lot.choice((b"attachment", b"inline", b"", b"\0")) + b"; " + name,
        b"Content-Transfer-Encoding: " + encoding,
    ]
    lot.shuffle(fields)
    return CRLF.join([*fields[: lot.randint(0, 3)], b"", content + lot.choice(EDGES)])
