"""The walk through a message's parts."""

from __future__ import annotations

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from papers.mails import message, multipart, part, text

from jiangbang.papers import mail_parts
from jiangbang.papers.mail_parts import TooManyParts, body_of, walk

LIMIT = 10_000_000


def bodies(data: bytes) -> list[bytes]:
    return [body_of(data, one, LIMIT) for one in walk(data)]


def test_leaves_come_in_their_order_with_their_bodies() -> None:
    data = message(text("一"), multipart(text("二"), text("三"), boundary="in"), text("四"))
    assert [body.decode() for body in bodies(data)] == ["一", "二", "三", "四"]


def test_a_boundary_that_begins_like_another_is_not_taken_for_it() -> None:
    data = message(multipart(text("a"), multipart(text("b"), boundary="xy"), text("c"), boundary="x"))
    assert bodies(data) == [b"a", b"b", b"c"]


def test_a_message_that_breaks_off_gives_what_is_there() -> None:
    data = message(text("a"), part(b"x" * 999, b"Content-Type: application/zip"))
    cut = data[: data.index(b"eHh4") + 400]
    assert bodies(cut)[0] == b"a"
    assert set(bodies(cut)[1]) == {ord("x")}


def test_a_boundary_that_is_not_said_is_guessed() -> None:
    data = re.sub(rb'; boundary="\w+"', b"", message(text("a"), text("b")))
    assert bodies(data) == [b"a", b"b"]


def test_bare_line_feeds_are_lines_too() -> None:
    assert bodies(message(text("a"), text("b")).replace(b"\r\n", b"\n")) == [b"a", b"b"]


def test_an_unknown_encoding_gives_the_bytes() -> None:
    assert bodies(message(part(b"abc\r\n", b"Content-Type: application/x", encoding="x-none"))) == [b"abc\r\n"]


def test_text_behind_the_padding_is_not_content() -> None:
    content = base64.encodebytes(b"abcd") + b"\r\n-- \r\nlist footer"
    assert bodies(message(part(content, b"Content-Type: x/y", encoding="x"))) == [content]
    data = message(part(b"", b"Content-Type: x/y") + content)
    assert bodies(data) == [b"abcd"]


def test_more_parts_than_people_send_are_refused() -> None:
    data = message(*[text("a")] * (mail_parts.MAX_PARTS + 1))
    with pytest.raises(TooManyParts):
        list(walk(data))


def test_multiparts_in_multiparts_end() -> None:
    data = text("a")
    for depth in range(200):
        data = multipart(data, boundary=f"b{depth}")
    assert len(list(walk(message(data)))) == 1


@given(st.binary(max_size=100_000), st.integers(1, 50))
def test_pieces_are_the_whole(content: bytes, size: int) -> None:
    data = message(part(content, b"Content-Type: x/y"))
    kept, mail_parts.PIECE = mail_parts.PIECE, size * 100
    try:
        assert bodies(data) == [content]
    finally:
        mail_parts.PIECE = kept


LINES = (
    b"--b", b"--b--", b"\r\n", b"\n", b"a: b", b"Content-Type: multipart/mixed; boundary=b", b"--", b"x",
)  # fmt: skip


@given(st.lists(st.sampled_from(LINES)))
def test_no_disorder_of_boundaries_stops_the_walk(pieces: list[bytes]) -> None:
    data = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"\n".join(pieces)
    assert all(0 <= one.start <= one.end <= len(data) for one in walk(data))
