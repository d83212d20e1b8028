"""Packets: what is in them is read, by content first, and nothing that they hold stops the rest from being read."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from papers import layouts
from papers.packets import (
    FORM_NAME,
    ROSTER_NAME,
    Raw,
    a_form,
    a_roster,
    official_form,
    raw_zip,
    read,
    read_bytes,
    zipped,
)

from jiangbang.papers import packet, packet_session
from jiangbang.papers.archive import Refused
from jiangbang.papers.limits import Limits
from jiangbang.papers.sandbox import Child, ChildDied
from jiangbang.papers.wire import Frame


def ordinary(*names: str) -> dict[str, bytes]:
    forms = {f"滨江/{FORM_NAME.format(name)}": a_form(name) for name in names}
    return {**forms, f"滨江/{ROSTER_NAME}": a_roster(*names)}


def test_forms_and_roster_are_read(tmp_path: Path) -> None:
    data = zipped(ordinary("李艳", "罗𬱖"))
    seen = read_bytes(tmp_path, data)
    assert (seen.opened.sha256, seen.opened.size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert (seen.opened.kind, seen.opened.members) == ("zip", 3)
    assert seen.names == ["李艳", "罗𬱖"]
    assert [row.record["name"] for row in seen.rosters[0].reading.rows] == ["李艳", "罗𬱖"]
    assert seen.findings == ()
    assert seen.closed.readable


def test_photo_and_hash_come_with_the_form(tmp_path: Path) -> None:
    form = a_form()
    seen = read_bytes(tmp_path, zipped({"附件2.docx": form}))
    assert seen.forms[0].data_sha256 == hashlib.sha256(form).hexdigest()
    assert seen.forms[0].member.size == len(form)
    assert seen.forms[0].reading.photo is not None
    assert seen.forms[0].reading.photo.data == layouts.PHOTO


def test_progress_ends_at_the_total(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(ordinary("李艳", "张三")))
    steps = [e for e in packet.read_packet(path, official_form()) if isinstance(e, packet.Progress)]
    assert [(step.done, step.total) for step in steps] == [(1, 3), (2, 3), (3, 3)]


def test_content_outweighs_the_name(tmp_path: Path) -> None:
    seen = read_bytes(tmp_path, zipped({"附件3汇总表.docx": a_form("李艳"), "材料.xlsx": a_roster("李艳")}))
    assert seen.kinds == {"附件3汇总表.docx": "form", "材料.xlsx": "roster"}


def test_litter_is_ignored_and_the_rest_is_kept_unread(tmp_path: Path) -> None:
    members = {"__MACOSX/._a.docx": b"x", "a/Thumbs.db": b"x", "a/~$附件3.xlsx": b"x", "a/证书.pdf": b"%PDF-1.7 x"}
    seen = read_bytes(tmp_path, zipped({**members, **ordinary("李艳")}))
    assert {name: kind for name, kind in seen.kinds.items() if kind == "ignored"} == dict.fromkeys(
        list(members)[:3], "ignored"
    )
    assert seen.kinds["a/证书.pdf"] == "unexpected"
    assert seen.findings == (("packet.member_unexpected", "a/证书.pdf"),)


def test_one_paper_is_a_packet_of_one(tmp_path: Path) -> None:
    seen = read_bytes(tmp_path, a_form("李艳"), "附件2推荐表.docx")
    assert (seen.opened.kind, seen.opened.members, seen.names) == ("docx", 1, ["李艳"])


def test_folder_is_a_packet(tmp_path: Path) -> None:
    (tmp_path / "包" / "里").mkdir(parents=True)
    (tmp_path / "包" / "里" / "附件2.docx").write_bytes(a_form("李艳"))
    (tmp_path / "包" / "外.lnk").symlink_to("/etc/passwd")
    first, second = read(tmp_path / "包"), read(tmp_path / "包")
    assert (first.opened.kind, first.kinds) == ("directory", {"里/附件2.docx": "form"})
    assert first.opened.sha256 == second.opened.sha256


def test_names_without_flag_are_decided_for_the_archive(tmp_path: Path) -> None:
    form = a_form("李艳")
    names = ["滨江/附件2推荐表（何㛃）.docx", "滨江/附件2.docx"]
    in_gbk = raw_zip([Raw(name.encode("gb18030"), form) for name in names])
    in_utf8 = raw_zip([Raw(name.encode(), form) for name in names])
    assert list(read_bytes(tmp_path, in_gbk).kinds) == names
    assert list(read_bytes(tmp_path, in_utf8).kinds) == names


def test_same_names_are_told_apart(tmp_path: Path) -> None:
    pairs = [Raw(b"a/f.docx", a_form("李艳")), Raw(b"a/f.docx", a_form("张三")), Raw(b"A/F.docx", a_form("王五"))]
    path = tmp_path / "a.zip"
    seen = read_bytes(tmp_path, raw_zip(pairs), "a.zip")
    assert list(seen.kinds) == ["a/f.docx", "a/f (2).docx", "A/F (3).docx"]
    assert packet.extract_member(path, "a/f (2).docx") == a_form("张三")


def test_archive_in_the_archive_is_read_one_level_deep(tmp_path: Path) -> None:
    inner = zipped({"附件2.docx": a_form("李艳"), "再里.zip": zipped({"附件2.docx": a_form("张三")})})
    seen = read_bytes(tmp_path, zipped({"李艳.zip": inner}), "a.zip")
    assert seen.kinds == {"李艳.zip/附件2.docx": "form", "李艳.zip/再里.zip": "refused", "李艳.zip": "ignored"}
    assert seen.findings == (("packet.member_unreadable", "李艳.zip/再里.zip"),)
    assert packet.extract_member(tmp_path / "a.zip", "李艳.zip/附件2.docx") == a_form("李艳")


def test_prepended_bytes_do_no_harm(tmp_path: Path) -> None:
    assert read_bytes(tmp_path, b"MZ" + b"\0" * 998 + zipped(ordinary("李艳"))).names == ["李艳"]


@pytest.mark.parametrize("kind", ["7zip", "gnutar"])
def test_other_archives_are_read(tmp_path: Path, kind: str) -> None:
    bsdtar = shutil.which("bsdtar")
    if bsdtar is None:
        pytest.skip("no bsdtar on this machine to make the archive")
    (tmp_path / "in").mkdir()
    for name, data in {"附件2推荐表（罗𬱖）.docx": a_form("罗𬱖"), "附件3.xlsx": a_roster("罗𬱖")}.items():
        (tmp_path / "in" / name).write_bytes(data)
    command = [bsdtar, "--format", kind, "-cf", str(tmp_path / "a.bin"), "-C", str(tmp_path / "in"), "."]
    subprocess.run(command, check=True, env={"LC_ALL": "C.UTF-8"})
    seen = read(tmp_path / "a.bin")
    assert (seen.names, len(seen.rosters), seen.findings) == (["罗𬱖"], 1, ())
    assert "附件2推荐表（罗𬱖）.docx" in seen.kinds


def test_member_that_kills_its_child_costs_only_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Mortal(Child):
        """Dies of the member named 2."""

        def __iter__(self) -> Iterator[Frame]:
            for frame in super().__iter__():
                if frame.values.get("member", {}).get("name") == "2附件2.docx":
                    raise ChildDied("crash", "SIGSEGV")
                yield frame

    monkeypatch.setattr(packet_session, "Child", Mortal)
    seen = read_bytes(tmp_path, zipped({f"{number}附件2.docx": a_form(f"李{number}") for number in range(1, 5)}))
    assert seen.names == ["李1", "李3", "李4"]
    assert seen.findings == (("packet.member_unreadable", "2附件2.docx"),)
    assert seen.kinds["2附件2.docx"] == "refused"


def test_packet_that_kills_every_child_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Mortal(Child):
        """Dies of every form."""

        def __iter__(self) -> Iterator[Frame]:
            for frame in super().__iter__():
                if frame.kind == "form":
                    raise ChildDied("crash", "SIGSEGV")
                yield frame

    monkeypatch.setattr(packet_session, "Child", Mortal)
    members = {f"{number}附件2.docx": a_form() for number in range(5)}
    seen = read_bytes(tmp_path, zipped(members), limits=Limits(deaths=3))
    assert seen.codes == ["packet.member_unreadable"] * 5
    assert len(seen.closed.members) == 5


def test_too_slow_member_is_given_up(tmp_path: Path) -> None:
    seen = read_bytes(tmp_path, zipped(ordinary("李艳")), limits=Limits(silence=0.0001))
    assert seen.codes == ["packet.member_unreadable"]
    assert not seen.closed.readable


def test_empty_and_broken_packets_are_refused(tmp_path: Path) -> None:
    whole = zipped(ordinary("李艳"))
    for data in (zipped({}), whole[: len(whole) // 2], b"PK\3\4", b"\0" * 5000):
        seen = read_bytes(tmp_path, data, "a.zip")
        assert seen.codes == ["packet.member_unreadable"]
        assert seen.forms == ()


def test_extract_member_gives_the_bytes_as_received(tmp_path: Path) -> None:
    members = ordinary("李艳")
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(members))
    assert {name: packet.extract_member(path, name) for name in members} == members
    with pytest.raises(packet.MemberMissing):
        packet.extract_member(path, "别的.docx")


def test_extract_member_refuses_what_reading_refuses(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(raw_zip([Raw(b"../a.docx", b"x")]))
    with pytest.raises(Refused) as refused:
        packet.extract_member(path, "../a.docx")
    assert refused.value.finding.code == "packet.path_escape"


def test_read_one_form_and_roster(tmp_path: Path) -> None:
    form, roster = tmp_path / "x.docx", tmp_path / "y.xlsx"
    form.write_bytes(a_form("李艳"))
    roster.write_bytes(a_roster("李艳", "张三"))
    assert packet.read_one_form(form, official_form()).record["name"] == "李艳"
    assert len(packet.read_one_roster(roster, official_form()).rows) == 2


def test_read_one_form_says_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "x.docx"
    path.write_bytes(b"no document")
    reading = packet.read_one_form(path, official_form())
    assert [finding.code for finding in reading.findings] == ["packet.member_unreadable"]
    assert reading.record == official_form().empty_record()


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("滨江+数字工匠推荐.zip", "滨江"),
        ("上城区总工会＋数字工匠推荐（1）.rar", "上城区总工会"),
        ("余杭 + 数字工匠推荐 - 副本 (2).7z", "余杭"),
        ("材料.zip", None),
        ("+数字工匠推荐.zip", None),
    ],
)
def test_packet_unit_name(name: str, unit: str | None) -> None:
    assert packet.packet_unit_name(name) == unit
