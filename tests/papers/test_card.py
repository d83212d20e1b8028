"""The picture beside a shared link: its size, its lines, the same bytes each time."""

from __future__ import annotations

import io

from PIL import Image

from jiangbang.papers.card import SIZE, _balanced, _wrapped, write_card

NAME = "首届“杭州数字工匠”认定工作"


def test_a_card_has_the_size_that_messengers_cut_from() -> None:
    made = write_card(NAME, "公开页面", "杭州市总工会")
    picture = Image.open(io.BytesIO(made))
    assert (picture.format, picture.size) == ("PNG", SIZE)
    assert len(made) < 60_000
    assert made == write_card(NAME, "公开页面", "杭州市总工会")


def test_nothing_is_lost_and_no_line_begins_with_a_closing_mark() -> None:
    lines = list(_wrapped(NAME * 2, 60, 500))
    assert "".join(lines) == NAME * 2
    assert [line for line in lines if line[0] in "，。”"] == []


def test_lines_are_balanced_without_becoming_more() -> None:
    wrapped = list(_wrapped(NAME, 84, 1008))
    lines = _balanced(NAME, 84, 1008, len(wrapped))
    assert len(lines) == len(wrapped) == 2
    assert min(map(len, lines)) > min(map(len, wrapped))


def test_long_names_and_unknown_characters_stay_on_the_picture() -> None:
    assert Image.open(io.BytesIO(write_card("很长的名称" * 40, "上" * 90, "\U000fffff"))).size == SIZE
