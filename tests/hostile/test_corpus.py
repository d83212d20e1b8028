"""Malformed and hostile files collected by other projects: no exception, no hang, bounded memory, one typed reason each.

Archives are read one by one; documents stand together in three packets (as found, announced as forms, announced as rosters), as a unit
might send them. The collections stand beside the project and are never copied into it.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from papers.packets import Seen, official_form, read, zipped

from jiangbang.papers import packet, packet_session
from jiangbang.papers.limits import Limits
from jiangbang.papers.sandbox import Child

SECONDS = 30
MEMORY = 300 * 1024 * 1024
# what has no form, no roster and no readable part in it: nothing more can be asked of these collections
PAPERS_AT_MOST = 3


@pytest.fixture
def peaks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    held: list[int] = []

    class Watched(Child):
        def close(self) -> None:
            super().close()
            if self.peak_memory is not None:
                held.append(self.peak_memory)

    monkeypatch.setattr(packet_session, "Child", Watched)
    return held


def files_of(shared_dir: Path, *folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((shared_dir / "data/hostile" / folder).iterdir())]


def timed(path: Path) -> tuple[str, float, Seen]:
    started = time.monotonic()
    seen = read(path)
    return path.name, time.monotonic() - started, seen


def test_every_archive_ends_in_members_or_in_a_typed_reason(shared_dir: Path, peaks: list[int], tmp_path: Path) -> None:
    files = files_of(shared_dir, "libarchive", "zip_slip")
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(timed, files))
    assert [name for name, seconds, _ in results if seconds > SECONDS] == []
    assert [name for name, _, seen in results if not seen.closed.members and not seen.findings] == []
    assert [name for name, _, seen in results if len(seen.forms) + len(seen.rosters) > PAPERS_AT_MOST] == []
    assert max(peaks) <= MEMORY
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "code"), [
    ("zip_slip/zip-slip.zip", "packet.path_escape"),
    ("zip_slip/zip-slip-win.zip", "packet.path_escape"),
    ("zip_slip/zip-slip.tar", "packet.path_escape"),
    ("zip_slip/zip-slip-win.tar", "packet.path_escape"),
    ("libarchive/test_read_format_zip_symlink.zip", "packet.path_escape"),
    ("libarchive/test_read_format_rar5_symlink.rar", "packet.path_escape"),
    ("libarchive/test_read_format_rar5_hardlink.rar", "packet.path_escape"),
    ("libarchive/test_read_format_zip_encryption_data.zip", "packet.encrypted"),
    ("libarchive/test_read_format_zip_winzip_aes256.zip", "packet.encrypted"),
    ("libarchive/test_read_format_7zip_encryption.7z", "packet.encrypted"),
    ("libarchive/test_read_format_7zip_encryption_header.7z", "packet.encrypted"),
    ("libarchive/test_read_format_rar5_encrypted_filenames.rar", "packet.encrypted"),
    ("libarchive/test_read_format_rar4_encrypted.rar", "packet.encrypted"),
    ("libarchive/test_read_format_rar5_multiarchive.part01.rar", "packet.member_unreadable"),
    ("libarchive/test_read_format_rar_multivolume.part0001.rar", "packet.member_unreadable"),
    ("libarchive/test_read_format_zip_size_exceeds_declared_deflate.zip", "packet.too_large"),
])  # fmt: skip
def test_known_archive_has_its_reason(shared_dir: Path, name: str, code: str) -> None:
    assert code in read(shared_dir / "data/hostile" / name).codes


def test_solid_rar_is_read_whole(shared_dir: Path) -> None:
    seen = read(shared_dir / "data/hostile/libarchive/test_read_format_rar5_solid.rar")
    assert [member.kind for member in seen.closed.members] == ["unexpected"] * 7
    assert all(member.sha256 for member in seen.closed.members)


@pytest.mark.parametrize("announced", ["{}", "附件2推荐表 {}", "附件3汇总表 {}"])
def test_every_document_ends_in_a_reading_or_a_typed_reason(
    shared_dir: Path, peaks: list[int], tmp_path: Path, announced: str
) -> None:
    files = files_of(shared_dir, "poi_docx", "poi_xlsx")
    path = tmp_path / "a.zip"
    path.write_bytes(
        zipped({f"{file.parent.name}/{announced.format(file.name)}": file.read_bytes() for file in files}, method=0)
    )
    seen = read(path, limits=Limits(silence=SECONDS))
    accounted = {where for _, where in seen.findings}
    read_ones = {event.member.name for event in (*seen.forms, *seen.rosters)}
    assert len(seen.closed.members) == len(files)
    assert accounted | read_ones == {member.name for member in seen.closed.members}
    empty = official_form().empty_record()
    assert [form.member.name for form in seen.forms if form.reading.record == empty and not form.reading.findings] == []
    assert max(peaks) <= MEMORY


def test_fuzzed_workbooks_are_read_one_by_one(shared_dir: Path) -> None:
    """The one that makes its parser panic must not be helped by its neighbours."""
    files = [
        path for path in files_of(shared_dir, "poi_xlsx") if path.suffix == ".xlsx" and "fuzz" in path.name.lower()
    ]
    with ThreadPoolExecutor(2) as pool:
        readings = list(pool.map(lambda path: packet.read_one_roster(path, official_form()), files))
    assert [reading.source for reading in readings if not reading.rows and not reading.findings] == []
