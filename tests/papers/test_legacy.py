"""Old formats: the same values and the same photo as from the .docx, by whichever reader."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from functools import cache
from pathlib import Path

import pytest
from papers.packets import ROSTER_NAME, a_form, a_roster, official_form, read, read_bytes, zipped

from jiangbang.papers import legacy, packet
from jiangbang.papers.conversion import Conversion
from jiangbang.papers.limits import LIMITS
from jiangbang.papers.reading import Member

needs_office = pytest.mark.skipif(legacy.office() is None, reason="no LibreOffice on this machine to make the old file")


@cache
def converted(kind: str) -> bytes:
    """Our own form (or roster) as LibreOffice saves it in an old format."""
    office = legacy.office()
    assert office is not None
    source, name = (a_roster("李艳", "罗𬱖"), "a.xlsx") if kind in ("xls", "ods") else (a_form("罗𬱖"), "a.docx")
    with_home = Path(subprocess.run(["mktemp", "-d"], check=True, capture_output=True, text=True).stdout.strip())
    try:
        (with_home / name).write_bytes(source)
        options = [f"-env:UserInstallation=file://{with_home}/p", "--headless", "--convert-to", kind, "--outdir"]
        command = [office, *options, str(with_home), str(with_home / name)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return (with_home / f"a.{kind}").read_bytes()
    finally:
        shutil.rmtree(with_home)


@needs_office
@pytest.mark.parametrize(("kind", "name"), [
    ("doc", "附件2推荐表.doc"),
    ("doc", "附件2推荐表.wps"),
    ("doc", "附件2推荐表.docx"),
    ("rtf", "附件2推荐表.rtf"),
    ("rtf", "附件2推荐表.doc"),
    ("odt", "附件2推荐表.odt"),
])  # fmt: skip
def test_old_form_says_what_the_docx_says(tmp_path: Path, kind: str, name: str) -> None:
    (tmp_path / "new.docx").write_bytes(a_form("罗𬱖"))
    (tmp_path / name).write_bytes(converted(kind))
    new = packet.read_one_form(tmp_path / "new.docx", official_form())
    old = packet.read_one_form(tmp_path / name, official_form())
    assert old.findings == ()
    assert {**old.record, "photo": None} == {**new.record, "photo": None}
    assert old.photo is not None
    assert new.photo is not None
    assert (old.photo.width, old.photo.height) == (new.photo.width, new.photo.height)


@needs_office
@pytest.mark.parametrize("name", ["汇总表.xls", "汇总表.et", "材料.xls"])
def test_old_roster_says_what_the_xlsx_says(tmp_path: Path, name: str) -> None:
    (tmp_path / "new.xlsx").write_bytes(a_roster("李艳", "罗𬱖"))
    (tmp_path / name).write_bytes(converted("xls"))
    new = packet.read_one_roster(tmp_path / "new.xlsx", official_form())
    old = packet.read_one_roster(tmp_path / name, official_form())
    assert [row.record for row in old.rows] == [row.record for row in new.rows]
    assert len(old.rows) == 2


@needs_office
def test_packet_of_old_and_new_papers(tmp_path: Path) -> None:
    members = {
        "附件2一.doc": converted("doc"),
        "附件2二.rtf": converted("rtf"),
        "附件2三.docx": a_form("李艳"),
        "附件3.xls": converted("xls"),
    }
    seen = read_bytes(tmp_path, zipped(members))
    assert seen.kinds == {"附件2三.docx": "form", "附件3.xls": "roster", "附件2一.doc": "form", "附件2二.rtf": "form"}
    assert seen.findings == ()


@needs_office
@pytest.mark.parametrize(("kind", "name"), [("html", "汇总表.xls"), ("ods", "汇总表.ods")])
def test_roster_from_elsewhere_is_read(tmp_path: Path, kind: str, name: str) -> None:
    rows = [("序号", "姓名", "身份证号", "单位及职务"), ("1", "罗𬱖", "990101199508176042", "甲公司 工程师")]
    table = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    page = f'<html><head><meta charset="utf-8"></head><body><table>{table}</table></body></html>'.encode()
    (tmp_path / name).write_bytes(page if kind == "html" else converted("ods"))
    reading = packet.read_one_roster(tmp_path / name, official_form())
    assert [row.record["name"] for row in reading.rows] == (["罗𬱖"] if kind == "html" else ["李艳", "罗𬱖"])


def test_without_libreoffice_the_finding_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legacy, "office", lambda: None)
    path = tmp_path / "附件2推荐表.rtf"
    path.write_bytes(b"{\\rtf1 x}")
    findings = packet.read_one_form(path, official_form()).findings
    assert [finding.code for finding in findings] == ["packet.member_unreadable"]
    assert "LibreOffice" in findings[0].message()


def test_program_that_hangs_is_killed_with_its_children(tmp_path: Path) -> None:
    profile = legacy.Profile(
        address_space=0, cpu=10, programs=True, readable=("/usr", "/lib", "/lib64", "/bin", "/etc")
    )
    command = ["/bin/sh", "-c", "sleep 60 & sleep 60"]
    assert legacy.run_program(command, profile, {}, 0.5) is None


def test_works_document_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "推荐表.wps"
    path.write_bytes(ole_with("MatOST"))
    (finding,) = packet.read_one_form(path, official_form()).findings
    assert "Microsoft Works" in finding.message()


def test_old_document_with_macros_is_refused(tmp_path: Path) -> None:
    seen = read_bytes(tmp_path, zipped({"附件2推荐表.doc": ole_with("WordDocument", "_VBA_PROJECT")}))
    assert seen.findings == (("packet.macro", "附件2推荐表.doc"),)


def test_encrypted_docx_is_named(tmp_path: Path) -> None:
    seen = read_bytes(
        tmp_path, zipped({"附件2推荐表.docx": ole_with("EncryptedPackage"), ROSTER_NAME: a_roster("李艳")})
    )
    assert seen.findings == (("packet.encrypted", "附件2推荐表.docx"),)


def test_damaged_old_document_gets_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "附件2推荐表.doc"
    path.write_bytes(ole_with("WordDocument") + b"\0" * 4096)
    assert [finding.code for finding in packet.read_one_form(path, official_form()).findings] == [
        "packet.member_unreadable"
    ]


def test_suffix_from_a_child_is_never_a_path(tmp_path: Path) -> None:
    conversion = Conversion(tmp_path, official_form(), LIMITS)
    member = Member("x", 1, None, "unexpected")
    with pytest.raises(ValueError, match="suffix"):
        conversion.add(member, "office", "/../../x", b"", None)


def test_rar_is_read_by_node_where_libarchive_fails(shared_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if legacy.unrar() is None:
        pytest.skip("node-unrar-js is not installed: script/up installs it")
    seen = read(shared_dir / "data/hostile/libarchive/test_read_format_rar_multi_lzss_blocks.rar")
    assert [(member.kind, member.size) for member in seen.closed.members] == [("unexpected", 20_131_111)]


def ole_with(*streams: str) -> bytes:
    """The least that is an OLE file: a header and a directory that names these streams."""
    directory = b""
    for name in ("Root Entry", *streams):
        encoded = name.encode("utf-16-le") + b"\0\0"
        directory += encoded.ljust(64, b"\0") + len(encoded).to_bytes(2, "little") + b"\2\1" + b"\0" * 60
    header = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16 + b"\x3e\0\3\0\xfe\xff\x09\0\6\0" + b"\0" * 478
    return header + directory.ljust(1024, b"\0")


def test_flat_zip_named_doc_is_read_as_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "附件2推荐表.doc"
    path.write_bytes(a_form("李艳"))
    assert zipfile.is_zipfile(io.BytesIO(path.read_bytes()))
    assert packet.read_one_form(path, official_form()).record["name"] == "李艳"
