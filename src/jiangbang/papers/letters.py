"""Official letters by GB/T 9704-2012 《党政机关公文格式》: notices, letters, minutes and resolutions, as PDF and as Word.

    paper = letter("关于……的函", text, kind="函", to="某某总工会", head=Head((office,), "letter"), signed=(office,), day="2026年3月2日")
    write_letter(paper, "pdf")      unprintable(paper)

The figures of the standard stand here once; `pdf` (through letter.typ) and `paper_docx` set by them. What is left to whoever issues a
letter, copies and imprint (版记), is not set: the house's letters go out one by one, sealed by hand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal

from jiangbang.papers.fonts import lacking
from jiangbang.papers.norm import NORM, Norm
from jiangbang.papers.paper import Attachments, Block, Head, Heading, Paper, Remark, Signature, Text, texts_of
from jiangbang.papers.paper_docx import write_docx
from jiangbang.papers.pdf import write_pdf

__all__ = ["NORM", "Norm", "body_of", "letter", "unprintable", "write_letter"]

# 7.3.3: the levels of a text are numbered 一、（一）1.（1）; a line that is nothing but a heading bears no full stop.
_FIRST: Final = re.compile(r"[一二三四五六七八九十]+、[^。；：！？]{1,26}")
_SECOND: Final = re.compile(r"（[一二三四五六七八九十]+）[^。；：！？]{1,26}")


def letter(
    title: str,
    text: str | Sequence[Block],
    *,
    kind: str,
    number: str = "",
    to: str = "",
    head: Head | None = None,
    attachments: Sequence[str] = (),
    signed: Sequence[str] = (),
    day: str = "",
    sealed: bool = True,
    remark: str = "",
) -> Paper:
    """A letter from its parts, in the standard's order. `text` with levels 一、（一）1. becomes headings and paragraphs."""
    blocks: list[Block] = list(body_of(text) if isinstance(text, str) else text)
    if attachments:
        blocks.append(Attachments(tuple(attachments)))
    if signed or day:
        blocks.append(Signature((*signed, *([day] if day else [])), sealed))
    if remark:
        blocks.append(Remark(remark))
    return Paper(title, tuple(blocks), kind=kind, number=number, to=to, head=head, layout="letter")


def body_of(text: str) -> tuple[Block, ...]:
    """A plain text as blocks: a line that is a heading of the first or second level becomes one, any other a paragraph.

    >>> [type(block).__name__ for block in body_of("一、推荐时间\\n2022年12月起。\\n（一）推荐阶段")]
    ['Heading', 'Text', 'Heading']
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return tuple(
        Heading(line) if _FIRST.fullmatch(line) else Heading(line, level=2) if _SECOND.fullmatch(line) else Text(line)
        for line in lines
    )


def unprintable(paper: Paper) -> list[str]:
    """The characters that the PDF would print as 〓, each once: to be said before the paper is printed. Word keeps them."""
    return lacking("".join(texts_of(paper)))


def write_letter(paper: Paper, kind: Literal["pdf", "docx"]) -> bytes:
    """The letter as a file. Raises ValueError for a paper that is laid out as a sheet."""
    if paper.layout != "letter":
        raise ValueError("a letter is laid out as a letter")
    return write_pdf(paper) if kind == "pdf" else write_docx(paper)
