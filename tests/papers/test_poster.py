"""Posters: each format, whatever the name; what the fonts lack is known before."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from jiangbang.papers.poster import (
    FORMATS,
    Poster,
    PosterList,
    preview_poster,
    unprintable,
    write_poster,
    write_poster_list,
)

POSTER = Poster(
    "首届“杭州数字工匠”认定", "王䶮之", "杭州数字工匠", "Hangzhou Digital Craftsman", "某公司 工程师",
    "把每一行代码都当作会被后人读到的手艺，守得住寂寞，经得起推敲。", bodies=("杭州市总工会",), chop="杭州数字工匠",
)  # fmt: skip


def picture(colour: str = "#336699") -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (35, 49), colour).save(stream, "PNG")
    return stream.getvalue()


def test_screens_have_the_size_that_they_are_made_for() -> None:
    sizes = {key: Image.open(io.BytesIO(write_poster(POSTER, FORMATS[key]))).size for key in ("screen", "card")}
    assert sizes == {"screen": (1920, 1080), "card": (1200, 628)}


@pytest.mark.parametrize("name", ["李明", "买买提·阿不都热合曼", "", "a" * 60])
@pytest.mark.parametrize("photo", [b"", picture(), b"no picture"])
def test_a_sheet_is_one_page_whatever_the_name(name: str, photo: bytes) -> None:
    poster = Poster("首届", name, "杭州数字工匠", photo=photo)
    for key in ("a3", "landscape"):
        assert write_poster(poster, FORMATS[key]).count(b"/Type/Pages/Count 1/") == 1


def test_the_photo_is_in_the_picture() -> None:
    with_photo = Image.open(
        io.BytesIO(preview_poster(Poster("首届", "李明", "工匠", photo=picture("#00ff00"))))
    ).convert("RGB")
    assert with_photo.size[0] == 480
    assert with_photo.getpixel((160, 200)) == (0, 255, 0)


def test_three_hundred_names_have_room_on_one_sheet() -> None:
    names = tuple(f"张三{chr(0x4E00 + number)}" for number in range(300))
    sheet = write_poster_list(PosterList("首届", (("杭州数字工匠", names), ("提名奖", ()))), FORMATS["screen"])
    assert Image.open(io.BytesIO(sheet)).size == (1920, 1080)


def test_rare_characters_print_and_what_no_font_has_is_known_before() -> None:
    assert unprintable(POSTER) == []
    assert unprintable(Poster("首届", "王\U000323af", "工匠")) == ["\U000323af"]
