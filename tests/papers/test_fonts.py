"""Whether the fonts of papers have a glyph."""

from __future__ import annotations

import pytest

from jiangbang.papers.fonts import font_folders, lacking, printable


@pytest.mark.parametrize("text", ["许𬱖", "䶮", "堃喆囍𰻞", "〇①√□", "ABC 123 “”……——", "a\tb\nc"])
def test_the_fonts_have_what_names_need(text: str) -> None:
    assert lacking(text) == []


def test_what_they_lack_is_told_once_and_printed_as_a_missing_sort() -> None:
    assert lacking("𰀀甲𰀀") == ["𰀀"]
    assert printable("𰀀甲𰀀") == "〓甲〓"


def test_control_characters_are_left_out() -> None:
    assert printable("甲\x00\x07乙\x85\n丙") == "甲乙\n丙"


def test_the_folders_hold_nothing_but_the_two_fonts() -> None:
    names = {path.name for folder in font_folders() for path in folder.glob("*.[ot]tf")}
    assert names == {"NotoSansSC-Regular.otf", "NotoSerifSC-Regular.otf"}
