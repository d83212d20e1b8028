"""Papers as PDF: the same bytes, text as it stands, nobody's name in the properties."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pypdfium2
import pytest
from papers.paper_cases import HARMFUL, letter, sheet

from jiangbang.papers.paper import Paper, Text
from jiangbang.papers.pdf import compile_pdf, write_pdf


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_the_same_paper_gives_the_same_bytes_whatever_the_time() -> None:
    first = write_pdf(sheet())
    time.sleep(1.1)
    assert write_pdf(sheet()) == first


def test_what_would_be_markup_is_printed_as_it_stands() -> None:
    assert squeezed(HARMFUL) in squeezed(text_of(write_pdf(letter(HARMFUL))))


def test_a_letter_has_its_number_its_receiver_and_its_signature() -> None:
    text = squeezed(text_of(write_pdf(letter())))
    for part in (
        "关于初审结果的告知书",
        "数匠初审〔2023〕3号",
        "滨江区总工会：",
        "许𬱖同志",
        "联合会2023年4月8日",
        "—1—",
    ):
        assert part in text


def test_the_head_of_a_table_stands_on_every_page_and_a_new_page_has_its_title() -> None:
    document = pypdfium2.PdfDocument(write_pdf(sheet()))
    pages = [squeezed(page.get_textpage().get_text_bounded()) for page in document]
    assert len(pages) == 4
    assert all("条款内容意见" in page for page in pages[:3])
    assert pages[-1].startswith("第二份另起一页。")


def test_the_properties_name_the_kind_of_paper_only() -> None:
    told = pypdfium2.PdfDocument(write_pdf(letter())).get_metadata_dict(skip_empty=True)
    assert {key: value for key, value in told.items() if key != "Creator"} == {"Title": "告知书"}


def test_a_character_that_the_fonts_lack_is_named() -> None:
    text = squeezed(text_of(write_pdf(Paper("表", (Text("名为𰀀和龘𰻞"),), kind="表"))))
    assert "名为〓和龘𰻞" in text
    assert "〓为字库缺字：U+30000" in text


def test_nothing_is_said_where_no_character_is_lacking() -> None:
    assert "字库" not in text_of(write_pdf(letter()))


def test_data_that_the_template_cannot_take_is_an_error_of_ours() -> None:
    with pytest.raises(ValueError, match=r"paper\.typ"):
        compile_pdf("paper", {"title": "x"})


def test_an_english_paper_is_set_in_english() -> None:
    paper = Paper("Sheet", (Text("One."),), kind="Sheet", to="Binjiang", language="en")
    assert "Binjiang:" in text_of(write_pdf(paper))


def test_threads_take_turns() -> None:
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda number: text_of(write_pdf(letter(f"第{number}份"))), range(12)))
    assert all(f"第{number}份" in squeezed(text) for number, text in enumerate(made))
