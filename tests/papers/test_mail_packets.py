"""Which packets a mail brings."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest
from papers.mails import office, zipped

from jiangbang.papers.kinds import kind_of
from jiangbang.papers.mail import Attached, Letter, MailReading, Remark
from jiangbang.papers.mail_packets import make_packet, plan_packets, reason_against

PDF = b"%PDF-1.7 " + b"x" * 40


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return tmp_path


def reading(folder: Path, subject: str = "", **files: bytes) -> MailReading:
    """Names are given with `__` for a dot."""
    attached = []
    for number, (name, content) in enumerate(files.items()):
        path = folder / f"{number}"
        path.write_bytes(content)
        sha256 = hashlib.sha256(content).hexdigest()
        attached.append(Attached(name.replace("__", "."), kind_of(content), len(content), sha256, path))
    return MailReading(Letter(subject=subject), tuple(attached), ())


def planned(found: MailReading) -> list[tuple[str, list[str]]]:
    return [(plan.name, [one.name for one in plan.attachments]) for plan in plan_packets(found)]


def test_each_archive_is_a_packet(files: Path) -> None:
    found = reading(files, a__zip=zipped("1"), b__zip=zipped("2"), scan__pdf=PDF)
    assert planned(found) == [("a.zip", ["a.zip"]), ("b.zip", ["b.zip"])]


def test_the_same_bytes_attached_twice_are_one(files: Path) -> None:
    assert planned(reading(files, a__zip=zipped(), b__zip=zipped())) == [("a.zip", ["a.zip"])]


def test_loose_papers_are_one_packet_named_after_the_subject(files: Path) -> None:
    found = reading(
        files,
        "回复：滨江+数字工匠推荐",
        张三__docx=office(),
        李四__docx=office() + b"x",
        附件3__xlsx=office("xl"),
        扫描__pdf=PDF,
    )
    assert planned(found) == [("滨江+数字工匠推荐.zip", ["张三.docx", "李四.docx", "附件3.xlsx", "扫描.pdf"])]


def test_loose_papers_without_a_subject_have_a_name(files: Path) -> None:
    assert planned(reading(files, a__docx=office(), b__docx=office() + b"x"))[0][0] == "邮件材料.zip"


def test_one_loose_paper_comes_as_it_is(files: Path) -> None:
    found = reading(files, "x", 附件2__docx=office())
    assert planned(found) == [("附件2.docx", ["附件2.docx"])]
    assert make_packet(plan_packets(found)[0], files) == files / "0"


def test_a_covering_letter_beside_an_archive_is_left_out(files: Path) -> None:
    assert planned(reading(files, a__zip=zipped(), 说明__docx=office())) == [("a.zip", ["a.zip"])]


def test_the_roster_beside_the_archive_of_forms_belongs_to_it(files: Path) -> None:
    found = reading(files, forms__rar=zipped(), 附件3汇总表__xlsx=office("xl"))
    assert planned(found) == [("forms.zip", ["forms.rar", "附件3汇总表.xlsx"])]


def test_with_several_archives_loose_forms_are_a_packet_of_their_own(files: Path) -> None:
    found = reading(files, "x", a__zip=zipped("1"), b__zip=zipped("2"), 附件2__docx=office())
    assert [name for name, _ in planned(found)] == ["a.zip", "b.zip", "附件2.docx"]


@pytest.mark.parametrize("content", [b"", PDF, b"plain text", b"\x89PNG\r\n"])
def test_what_is_no_paper_makes_no_packet(files: Path, content: bytes) -> None:
    assert planned(reading(files, a__bin=content)) == []


def test_an_old_or_damaged_paper_is_one_by_its_name(files: Path) -> None:
    assert planned(reading(files, 附件2__doc=b"<html>")) == [("附件2.doc", ["附件2.doc"])]


def test_the_archive_of_loose_papers_is_always_the_same_bytes(files: Path) -> None:
    one, two = files / "one", files / "two"
    one.mkdir()
    two.mkdir()
    forward = reading(one, 附件2__docx=office(), 附件3__xlsx=office("xl"))
    backward = reading(two, 附件3__xlsx=office("xl"), 附件2__docx=office())
    made = [make_packet(plan_packets(found)[0], folder) for found, folder in ((forward, one), (backward, two))]
    assert made[0].read_bytes() == made[1].read_bytes()
    assert zipfile.ZipFile(made[0]).namelist() == ["附件2.docx", "附件3.xlsx"]


def test_two_papers_of_one_name_both_stand_in_the_archive(files: Path) -> None:
    found = reading(files, 附件2__docx=office(), 附件2__DOCX=office() + b"x")
    assert sorted(zipfile.ZipFile(make_packet(plan_packets(found)[0], files)).namelist()) in (
        ["附件2 (2).DOCX", "附件2.docx"],
        ["附件2 (2).docx", "附件2.DOCX"],
    )


@pytest.mark.parametrize(
    ("remarks", "attachments", "automatic", "code"),
    [
        ([], {}, False, "no_attachment"),
        ([], {"a__txt": b"x"}, False, "no_packet"),
        ([], {}, True, "automatic"),
        (["link"], {}, False, "link"),
        (["link", "encrypted_pgp"], {}, False, "encrypted_pgp"),
        (["malformed", "too_deep"], {}, False, "too_deep"),
    ],
)
def test_one_reason_is_told_the_gravest(
    files: Path, remarks: list[str], attachments: dict[str, bytes], automatic: bool, code: str
) -> None:
    found = reading(files, **attachments)
    told = MailReading(Letter(automatic=automatic), found.attachments, tuple(map(Remark, remarks)))
    assert reason_against(told).code == code
