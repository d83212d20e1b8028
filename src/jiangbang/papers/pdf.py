"""Papers as PDF: a template of ours and the paper as data, set by typst in this process, offline.

The data goes in as JSON and is read as values: whatever stands in a name or a reason is text, never markup. The same paper gives the same
bytes; the file's properties hold the kind of the paper and nothing else. typst sees our two fonts, no file and no network.
"""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from jiangbang.papers.fonts import SANS, SERIF, font_folders, lacking, printable
from jiangbang.papers.norm import NORM
from jiangbang.papers.paper import Paper, as_data, texts_of

TEMPLATES = Path(__file__).parent / "data"
# A compiler is one object with one set of inputs; the threads of the server take turns.
_ONE_AT_A_TIME = Lock()


def write_pdf(paper: Paper, *, archived: date | None = None) -> bytes:
    """The paper as PDF. A character that the fonts lack is printed as 〓, and named below the last line. `archived`: as PDF/A-2b
    (ISO 19005-2), which says this day as its date."""
    if paper.layout == "letter":
        return compile_pdf("letter", {**as_data(paper), "norm": NORM.data}, archived=archived)
    return compile_pdf("paper", as_data(paper), archived=archived)


def compile_pdf(
    template: str, data: dict[str, Any], *, tags: bool = True, archived: date | None = None, **inputs: str
) -> bytes:
    """Set a template of `data/`, which reads `data` from `sys.inputs.paper`. Raises ValueError where the template cannot take the data.

    `tags` tell a screen reader what is a heading and what a table; a sheet with neither goes without. `inputs` are further texts of
    `sys.inputs`, handed over as they are: what a whole batch shares.
    """
    kept: dict[str, Any] = {}
    if archived is not None:
        kept["pdf_standards"] = ["a-2b"]
        inputs["archived"] = json.dumps({part: getattr(archived, part) for part in ("year", "month", "day")})
    return _compiled(template, data, inputs, format="pdf", pdf_tags=tags, **kept)


def compile_png(template: str, data: dict[str, Any], *, ppi: float = 144.0, **inputs: str) -> bytes:
    """The same as a picture of one page, at so many pixels for 72 points."""
    return _compiled(template, data, inputs, format="png", ppi=ppi)


def compile_svg(template: str, data: dict[str, Any], **inputs: str) -> str:
    """The same as a drawing of one page; letters are outlines, so that it needs no font."""
    return _compiled(template, data, inputs, format="svg").decode()


def _compiled(template: str, data: dict[str, Any], inputs: dict[str, str], **kind: Any) -> bytes:
    found = lacking("".join(texts_of(data)))
    whole = {**data, "missing": [f"U+{ord(one):04X}" for one in found], "serif": SERIF, "sans": SANS}
    try:
        with _ONE_AT_A_TIME:
            made = _compiler(template).compile(sys_inputs={"paper": _json(whole), **inputs}, **kind)
    except typst.TypstError as error:
        raise ValueError(f"{template}.typ: {error}") from error
    assert isinstance(made, bytes)
    return made


@cache
def _compiler(template: str) -> typst.Compiler:
    """One compiler for each template: the fonts are read once. `root` is the folder of the templates, so typst opens no other file."""
    return typst.Compiler(
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=font_folders()),
    )


def _printable(data: Any) -> Any:
    if isinstance(data, str):
        return printable(data)
    if isinstance(data, dict):
        return {key: _printable(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_printable(value) for value in data]
    return data


def _json(data: dict[str, Any]) -> str:
    return json.dumps(_printable(data), ensure_ascii=False)
