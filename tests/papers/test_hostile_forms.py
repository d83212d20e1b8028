"""Foreign bytes given as a form: one typed reason, soon, and never an exception."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from papers import layouts
from papers.test_nomination_form import expected, official_form

from jiangbang.papers.nomination_form import read_form, write_form

POI = Path(__file__).resolve().parents[3] / "shared/data/hostile/poi_docx"
FOREIGN = sorted(POI.glob("*")) if POI.is_dir() else []

pytestmark = pytest.mark.hostile


def codes(data: bytes) -> list[str]:
    return [finding.code for finding in read_form(data, official_form(), source="推荐表.docx").findings]


def message(data: bytes) -> str:
    (finding,) = read_form(data, official_form(), source="推荐表.docx").findings
    return finding.message()


@pytest.mark.skipif(not FOREIGN, reason="the shared folder of hostile documents is absent")
@pytest.mark.parametrize("path", FOREIGN, ids=lambda path: path.name)
def test_foreign_document_gets_a_typed_reason_in_time(path: Path) -> None:
    started = time.process_time()
    reading = read_form(path.read_bytes(), official_form(), source=path.name)
    assert time.process_time() - started < 2
    (finding,) = reading.findings
    assert finding.code in {"form.layout_unknown", "packet.member_unreadable", "packet.encrypted", "packet.too_large"}
    assert finding.message()
    assert reading.record == official_form().empty_record()


def test_encrypted_document_is_named_so() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    assert message(ole) == "“推荐表.docx”设了密码，无法读取。请去掉密码后重新报送。"


def test_zip_encryption_is_named_so() -> None:
    data = bytearray(layouts.official(layouts.RECORD))
    entry = data.index(b"PK\x01\x02")
    while entry >= 0:
        data[entry + 8] |= 1
        entry = data.find(b"PK\x01\x02", entry + 4)
    assert codes(bytes(data)) == ["packet.encrypted"]


def test_macros_are_refused() -> None:
    rows = layouts.whole(layouts.RECORD)
    assert codes(layouts.form(*rows, extra={"word/vbaProject.bin": b"x"})) == ["packet.macro"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "packet.member_unreadable"),
        (b"hello", "packet.member_unreadable"),
        (b"PK\x03\x04", "packet.member_unreadable"),
        (b"PK\x05\x06" + bytes(18), "packet.member_unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "packet.member_unreadable"),
    ],
)
def test_what_is_no_package_is_unreadable(data: bytes, code: str) -> None:
    assert codes(data) == [code]


def test_document_type_declarations_are_refused() -> None:
    bomb = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    for encoding in ("utf-8", "utf-16"):
        body = layouts.document("<w:p><w:r><w:t>&b;</w:t></w:r></w:p>").replace("?>", "?>" + bomb, 1)
        if encoding == "utf-16":
            body = body.replace("UTF-8", "UTF-16", 1)
        data = rebuilt(layouts.official(layouts.RECORD), {"word/document.xml": body.encode(encoding)})
        assert "DTD" in message(data)


def rebuilt(data: bytes, replaced: dict[str, bytes]) -> bytes:
    """The package with some parts replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, replaced.get(name, old.read(name)))
    return stream.getvalue()


def test_zip_bomb_is_stopped_by_size_not_by_its_header() -> None:
    bomb = rebuilt(layouts.official(layouts.RECORD), {"word/document.xml": b"<a>" + b" " * (40 * 2**20) + b"</a>"})
    assert codes(bomb) == ["packet.too_large"]
    at = bomb.index(b"PK\x01\x02")
    lying = bytearray(bomb)
    while at >= 0:  # every header claims ten bytes
        lying[at + 24 : at + 28] = struct.pack("<L", 10)
        at = bomb.find(b"PK\x01\x02", at + 4)
    assert codes(bytes(lying)) == ["packet.too_large"]


def test_too_many_elements_are_refused_in_time() -> None:
    many = layouts.document("<w:p/>" * 900_000).encode()
    data = rebuilt(layouts.official(layouts.RECORD), {"word/document.xml": many})
    started = time.process_time()
    assert codes(data) == ["packet.too_large"]
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "body",
    [
        layouts.table(*[layouts.row(*[layouts.cell("姓名")] * 40)] * 300),
        layouts.table(*[layouts.row(*[layouts.cell("主要成果", 500)] * 3)] * 600),
        layouts.table(layouts.row(*[layouts.cell("姓名：" * 50)] * 400)),
        "".join(layouts.paragraphs("姓名：" * 4000) for _ in range(10)),
        layouts.paragraphs("（" * 20_000) + layouts.table(layouts.row(layouts.plain("主要成果", "1." * 20_000))),
        layouts.table(*layouts.whole({**layouts.RECORD, "deeds": "（请" * 100_000, "motto": " " * 200_000 + "年"})),
        layouts.table(
            *layouts.whole({**layouts.RECORD, "achievements": ["1、2、" * 5_000] * 3, "motto": "(盖章" * 50_000})
        ),
        layouts.table(layouts.row(layouts.plain("所在单位意见", "单位 负责人" * 40_000 + "2023年" * 20_000))),
    ],
)
def test_odd_but_wellformed_documents_are_read_in_time(body: str) -> None:
    data = layouts.package(body)
    started = time.process_time()
    read_form(data, official_form(), source="x.docx")
    assert time.process_time() - started < 2


def test_deep_nesting_is_no_crash() -> None:
    deep = "<w:tbl><w:tr><w:tc>" * 80 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 80
    assert codes(layouts.package(deep)) in (["form.layout_unknown"], ["packet.member_unreadable"])
    assert codes(layouts.package("<w:sdt><w:sdtContent>" * 2000)) == ["packet.member_unreadable"]


def test_damaged_photo_does_not_lose_the_form() -> None:
    data = rebuilt(layouts.official(layouts.RECORD), {"word/media/photo.png": b"\x89PNG\r\n\x1a\n"})
    reading = read_form(data, official_form(), source="x.docx")
    assert [(finding.code, finding.field) for finding in reading.findings] == [("field.format", "photo")]
    assert reading.record == expected(photo=None)


def test_photo_of_too_many_pixels_is_not_taken() -> None:
    huge = layouts.PHOTO[:16] + struct.pack(">LL", 60_000, 60_000) + layouts.PHOTO[24:]
    reading = read_form(
        rebuilt(layouts.official(layouts.RECORD), {"word/media/photo.png": huge}), official_form(), source="x.docx"
    )
    assert reading.record["photo"] is None


WRITTEN = write_form(expected(), official_form(), photo=layouts.PHOTO)


@settings(max_examples=200, deadline=2000)
@given(st.data())
def test_damaged_bytes_never_raise(data: Any) -> None:
    broken = bytearray(WRITTEN)
    for _ in range(data.draw(st.integers(1, 6))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(broken)))
    reading = read_form(bytes(broken[:cut] if data.draw(st.booleans()) else broken), official_form(), source="x")
    assert reading.source == "x"


@settings(max_examples=100, deadline=2000)
@given(st.data())
def test_damaged_markup_never_raises(data: Any) -> None:
    """Elements renamed, dropped or doubled within well-formed bounds: the walk must take any tree."""
    with zipfile.ZipFile(io.BytesIO(WRITTEN)) as archive:
        xml = archive.read("word/document.xml").decode()
    names = [
        "w:tc",
        "w:tr",
        "w:tbl",
        "w:p",
        "w:r",
        "w:t",
        "w:vMerge",
        "w:gridSpan",
        "w:sdt",
        "w:sdtContent",
        "w:ins",
        "w:body",
    ]
    for _ in range(data.draw(st.integers(1, 4))):
        old, new = data.draw(st.sampled_from(names)), data.draw(st.sampled_from(names))
        xml = xml.replace(f"<{old}>", f"<{new}>").replace(f"</{old}>", f"</{new}>").replace(f"<{old} ", f"<{new} ")
    reading = read_form(rebuilt(WRITTEN, {"word/document.xml": xml.encode()}), official_form(), source="x")
    assert reading.source == "x"
