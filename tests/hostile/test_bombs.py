"""What was built to harm: every one ends in a typed finding, soon, within memory, and nothing leaves the child."""

from __future__ import annotations

import io
import socket
import struct
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import py7zr
import pytest
from papers.packets import ROSTER_NAME, Raw, Seen, a_form, a_roster, raw_zip, read_bytes, zipped

from jiangbang.papers import legacy, packet_session
from jiangbang.papers.limits import Limits
from jiangbang.papers.sandbox import Child

SECONDS = 30
MEMORY = 300 * 1024 * 1024


@pytest.fixture(autouse=True)
def peaks(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The most memory that each child held; checked after every test."""
    held: list[int] = []

    class Watched(Child):
        def close(self) -> None:
            super().close()
            if self.peak_memory is not None:
                held.append(self.peak_memory)

    monkeypatch.setattr(packet_session, "Child", Watched)
    started = time.monotonic()
    yield held
    assert time.monotonic() - started < SECONDS
    assert all(peak <= MEMORY for peak in held)


def overlapping() -> bytes:
    """One kernel of packed zeros that every directory entry points to: 2,000 times 250 KB out of a few hundred bytes."""
    whole = bytearray(raw_zip([Raw(b"0000.docx", b"\0" * 250_000)]))
    end = whole.rfind(b"PK\5\6")
    size, at = struct.unpack_from("<LL", whole, end + 12)
    line = bytes(whole[at : at + size])
    lines = b"".join(line.replace(b"0000.docx", b"%04d.docx" % number) for number in range(2000))
    end_record = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 2000, 2000, len(lines), at, 0)
    return bytes(whole[:at]) + lines + end_record


def nested(depth: int) -> bytes:
    data = zipped({"附件2.docx": a_form()})
    for level in range(depth):
        data = zipped({f"{level}.zip": data})
    return data


def lying(size: int) -> bytes:
    return raw_zip([Raw("附件2.docx".encode(), b"\0" * 20_000_000, flags=0x800, size=size)])


def docx_with(document: bytes) -> bytes:
    """A real form with another main part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(a_form())) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, document if name == "word/document.xml" else source.read(name))
    return out.getvalue()


def docx_and(extra: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(a_form())) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
        for name, data in extra.items():
            target.writestr(name, data)
    return out.getvalue()


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(12))
    + b']><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>&m;</w:body></w:document>'
)


def deep_xml() -> bytes:
    return b"<a>" * 200_000 + b"</a>" * 200_000


def ratio_docx() -> bytes:
    return docx_with(b"<w:document>" + b" " * 300_000_000)


BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "overlapping entries": (overlapping, "packet.too_large"),
    "10,000 members": (lambda: zipped({f"{number}.docx": b"" for number in range(10_000)}), "packet.too_large"),
    "a gigabyte of zeros declared": (lambda: raw_zip([Raw(b"a.docx", b"", size=2**31)]), "packet.too_large"),
    "64 MB of zeros": (lambda: zipped({"附件2.docx": b"\0" * 60_000_000}), "packet.too_large"),
    "size understated": (lambda: lying(100), "packet.too_large"),
    "size overstated": (lambda: lying(30_000_000), "packet.too_large"),
    "archives in archives": (lambda: nested(6), "packet.member_unreadable"),
    "zip in zip of zeros": (lambda: zipped({"a.zip": zipped({"附件2.docx": b"\0" * 60_000_000})}), "packet.too_large"),
    "docx that inflates": (lambda: zipped({"附件2.docx": ratio_docx()}), "packet.too_large"),
    "billion laughs": (lambda: zipped({"附件2.docx": docx_with(LAUGHS)}), "packet.member_unreadable"),
    "deep XML": (lambda: zipped({"附件2.docx": docx_with(deep_xml())}), "packet.too_large"),
    "macros": (lambda: zipped({"附件2.docm": docx_and({"word/vbaProject.bin": b"x"})}), "packet.macro"),
    "path upwards": (lambda: raw_zip([Raw(b"../../../tmp/evil.docx", b"x")]), "packet.path_escape"),
    "path upwards, Windows": (lambda: raw_zip([Raw(b"..\\..\\evil.docx", b"x")]), "packet.path_escape"),
    "absolute path": (lambda: raw_zip([Raw(b"/etc/evil.docx", b"x")]), "packet.path_escape"),
    "drive letter": (lambda: raw_zip([Raw(b"C:\\evil.docx", b"x")]), "packet.path_escape"),
    "NUL in a name": (lambda: raw_zip([Raw(b"a.docx\0.exe", b"x")]), "packet.path_escape"),
    "name of 60,000 bytes": (lambda: raw_zip([Raw(b"a" * 60_000, b"x")]), "packet.path_escape"),
    "no name": (lambda: raw_zip([Raw(b"", b"x")]), "packet.path_escape"),
    "link": (
        lambda: raw_zip([Raw(b"a.docx", b"/etc/passwd", system=3, attributes=0o120777 << 16)]),
        "packet.path_escape",
    ),
    "device": (lambda: raw_zip([Raw(b"a.docx", b"", system=3, attributes=0o020666 << 16)]), "packet.path_escape"),
    "encrypted member": (lambda: raw_zip([Raw(b"a.docx", b"x", flags=1)]), "packet.encrypted"),
    "encrypted directory": (lambda: raw_zip([Raw(b"a.docx", b"x", flags=0x2000)]), "packet.encrypted"),
    "wrong checksum": (lambda: raw_zip([Raw(b"a.docx", b"x", crc=1)]), "packet.member_unreadable"),
    "unknown method": (lambda: raw_zip([Raw(b"a.docx", b"x", method=77)]), "packet.member_unreadable"),
    "damaged deflate": (lambda: raw_zip([Raw(b"a.docx", b"", method=8, size=9)]), "packet.member_unreadable"),
    "Microsoft Works": (lambda: zipped({"推荐表.wps": b"\x01\xfe\x32\0" + b"x" * 500}), "packet.member_unreadable"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bomb_becomes_one_typed_finding(tmp_path: Path, name: str) -> None:
    make, code = BOMBS[name]
    seen = read_bytes(tmp_path, make(), "a.zip")
    assert seen.codes == [code]
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]
    assert all(form.reading.record["name"] is None for form in seen.forms)


@pytest.mark.parametrize("header", [False, True])
def test_encrypted_7z_is_named(tmp_path: Path, header: bool) -> None:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", password="secret", header_encryption=header) as archive:
        archive.writestr(a_form(), "附件2.docx")
    assert read_bytes(tmp_path, out.getvalue(), "a.7z").codes == ["packet.encrypted"]


def test_bomb_leaves_its_neighbours_readable(tmp_path: Path) -> None:
    members = {"附件2李.docx": a_form("李艳"), "附件2炸.docx": docx_with(LAUGHS), ROSTER_NAME: a_roster("李艳")}
    seen = read_bytes(tmp_path, zipped(members), "a.zip")
    assert "李艳" in seen.names
    assert len(seen.rosters) == 1


def test_limits_are_those_of_the_caller(tmp_path: Path) -> None:
    data = zipped({"附件2一.docx": a_form("李艳"), "附件2二.docx": a_form("张三")})
    assert read_bytes(tmp_path, data, "a.zip", limits=Limits(members=1)).codes == ["packet.too_large"]
    assert read_bytes(tmp_path, data, "a.zip", limits=Limits(total=1000)).codes == ["packet.too_large"]
    assert read_bytes(tmp_path, data, "a.zip", limits=Limits(member=1000)).codes == ["packet.too_large"] * 2


class Listener:
    """A server on this machine that notes whoever knocks."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.visits = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                visitor, _ = self.socket.accept()
            except OSError:
                return
            self.visits += 1
            visitor.close()

    def close(self) -> None:
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    server = Listener()
    yield server
    server.close()


def test_listener_notices_a_visit(listener: Listener) -> None:
    socket.create_connection(("127.0.0.1", listener.port)).close()
    deadline = time.monotonic() + 5
    while not listener.visits and time.monotonic() < deadline:
        time.sleep(0.01)
    assert listener.visits == 1


def test_external_entities_and_links_reach_nobody(tmp_path: Path, listener: Listener) -> None:
    url = f"http://127.0.0.1:{listener.port}/x".encode()
    entity = b'<?xml version="1.0"?><!DOCTYPE d SYSTEM "%s" [<!ENTITY e SYSTEM "%s">]><d>&e;</d>' % (url, url)
    page = b'<html><body><img src="%s"><table><tr><td>%s</td></tr></table></body></html>' % (url, "姓名".encode())
    rtf = b'{\\rtf1{\\field{\\*\\fldinst INCLUDEPICTURE "%s"}}}' % url
    members = {"附件2甲.docx": docx_with(entity), "附件2乙.doc": page, "附件2丙.doc": rtf}
    seen = read_bytes(tmp_path, zipped(members), "a.zip")
    assert listener.visits == 0
    assert len(seen.closed.members) == 3


@pytest.mark.skipif(legacy.office() is None, reason="no LibreOffice on this machine")
def test_nothing_stays_behind_a_conversion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    seen: Seen = read_bytes(tmp_path, zipped({"附件2.doc": b"{\\rtf1 x}"}), "a.zip")
    assert len(seen.closed.members) == 1
    assert list(temporary.iterdir()) == []


def test_crc_of_the_unicode_path_must_match(tmp_path: Path) -> None:
    name = b"2.docx"
    good = struct.pack("<HHBL", 0x7075, 5 + 12, 1, zlib.crc32(name)) + "附件2号".encode()[:12]
    bad = struct.pack("<HHBL", 0x7075, 5 + 12, 1, 1) + "附件2号".encode()[:12]
    assert list(read_bytes(tmp_path, raw_zip([Raw(name, a_form(), extra=bad)]), "a.zip").kinds) == ["2.docx"]
    assert list(read_bytes(tmp_path, raw_zip([Raw(name, a_form(), extra=good)]), "b.zip").kinds) != ["2.docx"]
