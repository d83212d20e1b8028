"""Pictures as SVG and PNG."""

from __future__ import annotations

import io

from lxml import etree
from PIL import Image

from jiangbang.screening.picture_files import as_png, as_svg
from jiangbang.screening.pictures import Picture, PictureRow

SVG = "{http://www.w3.org/2000/svg}"
ROWS = (PictureRow("滨江 <区> & “总工会”", (8, 2, 0)), PictureRow("西湖区总工会", (0, 0, 5)))
UNITS = Picture(
    "unit", "按推荐单位", "单位", ("符合", "不符合", "未作结论"), ("met", "not_met", "muted"), ROWS, note="说明"
)


def test_it_stands_for_itself_and_says_what_it_shows() -> None:
    root = etree.fromstring(as_svg(UNITS).encode())
    assert root.get("role") == "img"
    assert [root.findtext(f"{SVG}title"), root.findtext(f"{SVG}desc")] == [
        "按推荐单位",
        "符合 / 不符合 / 未作结论：滨江 <区> & “总工会” 8 / 2 / 0；西湖区总工会 0 / 0 / 5",
    ]


def test_bars_are_as_long_as_their_figures() -> None:
    root = etree.fromstring(as_svg(UNITS).encode())
    bars = [one for one in root.iter(f"{SVG}rect") if one.get("height") == "16"]
    assert [(float(one.get("width") or 0), one.get("fill")) for one in bars] == [
        (408.0, "#2f7d5b"),
        (102.0, "#b3202a"),
        (255.0, "#a9a59b"),
    ]


def test_small_cells_are_in_neither_text_nor_bar() -> None:
    guarded = Picture(
        "age", "按年龄", "年龄", ("符合", "不符合"), ("met", "not_met"), (PictureRow("30–34", (2, 9)),), guarded=True
    )
    text = as_svg(guarded)
    assert "&lt;3 / 9" in text
    assert text.count('height="16"') == 1


def test_a_picture_of_nobody_is_a_picture() -> None:
    empty = Picture("unit", "空", "单位", ("符合",), ("met",), (PictureRow("甲", (0,)),))
    assert etree.fromstring(as_svg(empty).encode()).tag == f"{SVG}svg"


def test_png_is_twice_as_fine_and_always_the_same() -> None:
    made = as_png(UNITS)
    assert made == as_png(UNITS)
    image = Image.open(io.BytesIO(made))
    assert (image.format, image.width) == ("PNG", 1800)
    assert len(image.convert("RGB").getcolors(100_000) or []) > 10
