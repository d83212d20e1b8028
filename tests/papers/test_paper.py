"""What a paper says, as data."""

from __future__ import annotations

import pytest

from jiangbang.papers.paper import Facts, Heading, Paper, Table, TableColumn, as_data, lines_of


def test_a_block_says_what_it_is() -> None:
    data = as_data(Paper("标题", (Heading("一"), Facts((("姓名", "张三"),))), kind="表"))
    assert data["blocks"] == [
        {"is": "heading", "text": "一", "level": 1},
        {"is": "facts", "rows": (("姓名", "张三"),), "pairs": 1},
    ]


def test_a_row_with_too_few_cells_is_no_row() -> None:
    with pytest.raises(ValueError, match="a cell for each column"):
        Table((TableColumn("甲"), TableColumn("乙")), (("一",),))


@pytest.mark.parametrize("text", ["甲\n乙", "甲\r\n乙", "甲\r乙"])
def test_lines_end_however_they_were_typed(text: str) -> None:
    assert lines_of(text) == ["甲", "乙"]
