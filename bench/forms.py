"""Nomination forms with photo, one process: read and written, Jiangbang against python-docx, docx2python, docxtpl and the limit.

What each side does with one file's bytes:
- Jiangbang: the complete record (every field normalised, lists divided, opinions with seal and date), the photo with its
  media type, pixels and SHA-256, and the check of the record against the form's rules.
- python-docx and docx2python: the texts of the cells and the pictures' bytes; nothing is known of fields.
- limit (i): the zip opened, document.xml inflated and parsed by lxml, the photo inflated.
- limit (ii): all members inflated, document.xml parsed by lxml. Neither limit looks at a single element.

"real": a styles part as Word and WPS write it (30 KB); "bloated": python-docx's own template (350 KB styles, twice). Each side
reads the whole pile, paper after paper, as a packet is read, and the sides take turns, round after round; CPU time, because other
work on the machine disturbs the clock on the wall.
"""

from __future__ import annotations

import hashlib
import io
import random
import re
import time
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
from docx.table import _Cell
from docx2python import docx2python
from docxtpl import DocxTemplate
from lxml import etree
from PIL import Image

from jiangbang.kernel.form import FormSpec, Record
from jiangbang.papers.form_checks import check_record
from jiangbang.papers.nomination_form import read_form, write_form

FORM = Path(__file__).resolve().parents[1] / "programmes" / "hangzhou-digital-craftsman" / "form.toml"
FORMS = 30
ROUNDS = 9
COMMON = [chr(code) for code in range(0x4E00, 0x5600)]
# peers.md: read at least 3.5 times as fast as python-docx and 0.6 of the limit, written at least 8 times as fast as docxtpl
LIMIT, LIMIT_ALL = "limit (i): zip, document.xml, photo", "limit (ii): all members, document.xml"
READ_TARGET, LIMIT_TARGET, WRITE_TARGET = 3.5, 0.6, 8.0


def run() -> dict[str, Any]:
    """Forms per second by kind of document, and the ratios that are targets."""
    form = FormSpec.from_document(tomllib.loads(FORM.read_text(encoding="utf-8")))
    photo = _photo()
    records = [_person(form, number, photo) for number in range(FORMS)]
    papers = [write_form(record, form, photo=photo) for record in records]
    kinds = {
        "real": [_padded(paper, _styles(30_000)) for paper in papers],
        "bloated": [_bloated(paper) for paper in papers],
    }
    rows: list[dict[str, Any]] = []
    ratios: dict[str, float] = {}
    for kind, documents in kinds.items():
        speeds = _forms_per_second(_readers(form), documents)
        rows += [{"reader": name, "forms": kind, "forms/s": speed} for name, speed in speeds.items()]
        ours = speeds["Jiangbang, record and checks"]
        ratios[f"{kind}: x python-docx (target {READ_TARGET})"] = round(ours / speeds["python-docx, unique cells"], 2)
        for limit in (LIMIT, LIMIT_ALL):
            ratios[f"{kind}: x {limit} (target {LIMIT_TARGET})"] = round(ours / speeds[limit], 2)
    writing = _writing(form, records, photo)
    ratios[f"written: x docxtpl (target {WRITE_TARGET:.0f})"] = round(writing["Jiangbang"] / writing["docxtpl"], 1)
    return {
        "reading": rows,
        "writing": [{"writer": name, "forms/s": speed} for name, speed in writing.items()],
        "ratios": ratios,
    }


def _forms_per_second(jobs: dict[str, Callable[[Any], object]], inputs: list[Any]) -> dict[str, float]:
    """Each job takes the whole pile, and the jobs take turns, round after round; each input's best time counts, summed over all.

    So a busy machine disturbs all alike, and no job has a part of the run to itself.
    """
    best = {name: [float("inf")] * len(inputs) for name in jobs}
    for _ in range(ROUNDS):
        for name, job in jobs.items():
            for at, one in enumerate(inputs):
                started = time.process_time()
                job(one)
                best[name][at] = min(best[name][at], time.process_time() - started)
    return {name: round(len(inputs) / sum(times), 1) for name, times in best.items()}


# -- readers -------------------------------------------------------------------------------------------------------------


def _readers(form: FormSpec) -> dict[str, Callable[[bytes], object]]:
    def ours(data: bytes) -> object:
        reading = read_form(data, form, source="x.docx")
        return reading, check_record(reading.record, form, source="x.docx")

    return {
        LIMIT: _limit,
        LIMIT_ALL: _unzip_all,
        "Jiangbang, record and checks": ours,
        "python-docx, unique cells": _python_docx,
        "docx2python": _docx2python,
    }


def _limit(data: bytes) -> object:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
        return root, archive.read("word/media/photo.jpeg")


def _unzip_all(data: bytes) -> object:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return etree.fromstring(parts["word/document.xml"]), parts


def _python_docx(data: bytes) -> object:
    document = docx.Document(io.BytesIO(data))
    texts = [_Cell(cell, table).text for table in document.tables for row in table._tbl.tr_lst for cell in row.tc_lst]
    pictures = [part.blob for part in document.part.package.iter_parts() if part.partname.startswith("/word/media/")]
    return texts, pictures


def _docx2python(data: bytes) -> object:
    with docx2python(io.BytesIO(data)) as content:
        return content.body, content.images


# -- writers -------------------------------------------------------------------------------------------------------------


def _writing(form: FormSpec, records: list[Record], photo: bytes) -> dict[str, float]:
    template = _template(form, photo)

    def filled(record: Record) -> object:
        document = DocxTemplate(io.BytesIO(template))
        document.render({key: str(value) for key, value in record.items()}, autoescape=True)
        stream = io.BytesIO()
        document.save(stream)
        return stream.getvalue()

    return _forms_per_second(
        {"Jiangbang": lambda record: write_form(record, form, photo=photo), "docxtpl": filled}, records
    )


def _template(form: FormSpec, photo: bytes) -> bytes:
    """Our own paper with a docxtpl tag for every value."""
    record: Record = {
        spec.key: f"{{{{ {spec.key} }}}}" for spec in form if spec.kind not in ("image", "opinions", "items")
    }
    for spec in form:
        if spec.kind == "items":
            record[spec.key] = [f"{{{{ {spec.key} }}}}"]
        elif spec.kind in ("image", "opinions"):
            record[spec.key] = None
    return write_form(record, form, photo=photo)


# -- papers --------------------------------------------------------------------------------------------------------------


def _person(form: FormSpec, number: int, photo: bytes) -> Record:
    """A synthetic person; region 990101 belongs to no place."""
    source = random.Random(number)

    def words(count: int) -> str:
        return "".join(source.choices(COMMON, k=count))

    record = form.empty_record()
    for spec in form:
        if spec.kind == "text":
            record[spec.key] = words(6)
    record |= {
        "name": words(3),
        "gender": "male",
        "birth_month": "1988-05",
        "id_number": "990101198805090013",
        "years_in_industry": 11,
        "telephone": "0571-12345678",
        "mobile": "13900000000",
        "motto": words(14),
        "achievements": [words(30) for _ in range(3)],
        "honours": [words(16) for _ in range(3)],
        "deeds": words(390),
        "photo": {"media_type": "image/jpeg", "width": 413, "height": 579, "sha256": hashlib.sha256(photo).hexdigest()},
        "opinions": {
            name: {"text": "同意推荐。", "sealed": False, "date": "2023-03-24"}
            for name in ("employer", "unit", "leading_group")
        },
    }
    return record


def _photo() -> bytes:
    """A portrait's weight: 413 × 579 pixels of soft noise, 40 to 50 KB as in real packets."""
    noise = Image.effect_noise((103, 145), 60).resize((413, 579)).convert("RGB")
    stream = io.BytesIO()
    noise.save(stream, "JPEG", quality=58)
    return stream.getvalue()


def _styles(size: int) -> bytes:
    """A styles part of this size, made of table styles as Word writes them."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    style = (
        '<w:style w:type="table" w:styleId="T{n}"><w:name w:val="Table {n}"/><w:basedOn w:val="a1"/><w:uiPriority w:val="{n}"/>'
        '<w:tblPr><w:tblBorders><w:top w:val="single" w:sz="4" w:space="0" w:color="auto"/><w:left w:val="single" w:sz="4"'
        ' w:space="0" w:color="auto"/></w:tblBorders></w:tblPr><w:rPr><w:rFonts w:eastAsia="仿宋"/></w:rPr></w:style>'
    )
    count = size // len(style)
    return f"<w:styles {space}>{''.join(style.format(n=n) for n in range(count))}</w:styles>".encode()


def _padded(paper: bytes, styles: bytes) -> bytes:
    """The paper with another styles part, and without our own properties: what Word saves when a unit has filled the form."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(paper)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name in ("[Content_Types].xml", "_rels/.rels"):
                content = re.sub(rb"<(?:Override|Relationship) [^>]*docProps/custom\.xml[^>]*/>", b"", content)
            if name != "docProps/custom.xml":
                new.writestr(name, styles if name == "word/styles.xml" else content)
    return stream.getvalue()


def _bloated(paper: bytes) -> bytes:
    """The paper with the parts of python-docx's default template beside its own."""
    stream = io.BytesIO()
    docx.Document().save(stream)
    with zipfile.ZipFile(stream) as archive:
        styles = archive.read("word/styles.xml")
        theme = archive.read("word/theme/theme1.xml")
    padded = _padded(paper, styles)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(padded)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("word/theme/theme1.xml", theme)
    return out.getvalue()
