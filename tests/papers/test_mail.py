"""Mails through the child: in order, within limits, one reason for each that cannot be read."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from papers.mails import attached, message, text, zipped

from jiangbang.papers import mail
from jiangbang.papers.limits import LIMITS, MIB
from jiangbang.papers.mail import Remark, read_mail, read_mails
from jiangbang.papers.mail_packets import plan_packets, reason_against
from jiangbang.papers.sandbox import Child, ChildDied

BATCH_SECONDS = 60


def batch(folder: Path, *messages: bytes) -> tuple[io.BufferedReader, list[tuple[int, int]]]:
    path = folder / "batch"
    path.write_bytes(b"".join(messages))
    places, start = [], 0
    for one in messages:
        places.append((start, len(one)))
        start += len(one)
    return path.open("rb"), places


def test_messages_of_one_child_come_in_their_order_with_their_files(tmp_path: Path) -> None:
    archives = [zipped(f"{number}.txt") for number in range(3)]
    messages = [
        message(text("x"), attached(archive, f"{number}.zip"), message_id=f"<{number}@x>")
        for number, archive in enumerate(archives)
    ]
    file, places = batch(tmp_path, *messages, b"", b"junk")
    with file:
        readings = list(read_mails(file, places, tmp_path))
    assert [reading.letter.message_id for reading in readings] == ["<0@x>", "<1@x>", "<2@x>", "", ""]
    assert [reading.attachments[0].path.read_bytes() for reading in readings[:3]] == archives
    assert [reading.remarks for reading in readings[3:]] == [(Remark("malformed"),)] * 2


def test_a_message_that_kills_its_child_costs_only_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second child meets a frame that breaks the protocol in the middle of its first message."""
    taken = mail._Session._take

    def breaking(self: mail._Session, frame: mail.Frame) -> mail.MailReading | None:
        if frame.kind == "attached" and frame.values["name"] == "b.zip":
            raise ValueError
        return taken(self, frame)

    monkeypatch.setattr(mail._Session, "_take", breaking)
    messages = [message(text("x"), attached(zipped(), f"{name}.zip")) for name in "abc"]
    file, places = batch(tmp_path, *messages)
    with file:
        readings = list(read_mails(file, places, tmp_path))
    assert [[one.name for one in reading.attachments] for reading in readings] == [["a.zip"], [], ["c.zip"]]
    assert readings[1].remarks == (Remark("reader_died", "protocol"),)


def test_memory_beyond_the_limit_is_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "mail"
    path.write_bytes(message(text("x"), attached(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 40 * MIB, "a.doc")))
    reading = read_mail(path, tmp_path, limits=replace(LIMITS, address_space=120 * MIB))
    assert reading.remarks == (Remark("reader_died", "memory"),)
    assert reading.attachments == ()


def test_fifty_megabytes_are_read_in_flat_memory(tmp_path: Path) -> None:
    content = bytes(range(256)) * 4096 * 50
    path = tmp_path / "mail"
    path.write_bytes(message(text("x"), attached(content, "a.zip")))
    with (
        path.open("rb") as file,
        Child("read_mails", {"places": [[0, path.stat().st_size]]}, input=file.fileno()) as child,
    ):
        kinds = {frame.kind for frame in child}
        # the file itself is mapped and counts
        assert (child.peak_memory or 0) < 200 * MIB
    assert kinds == {"mail", "attachment", "data", "attached", "letter"}
    assert read_mail(path, tmp_path).attachments[0].path.read_bytes() == content


def test_an_answer_that_is_not_as_agreed_is_refused(tmp_path: Path) -> None:
    session = mail._Session(tmp_path)
    for frame in (
        mail.Frame("data", {}, (b"x",)),
        mail.Frame("nonsense", {}),
        mail.Frame("letter", {"remarks": []}),
        mail.Frame("attached", {"kind": "docx", "name": "a", "size": 1}),
    ):
        with pytest.raises(ChildDied):
            session.take(frame)


@pytest.mark.hostile
def test_every_hostile_mail_has_attachments_or_one_reason(shared_dir: Path, tmp_path: Path) -> None:
    paths = sorted(
        path for folder in ("tika_mail", "tika_msg") for path in (shared_dir / "data/hostile" / folder).iterdir()
    )
    file, places = batch(tmp_path, *(path.read_bytes() for path in paths))
    with file:
        readings = list(read_mails(file, places, tmp_path, limits=replace(LIMITS, wall=BATCH_SECONDS)))
    found = {
        path.name: "packet" if plan_packets(reading) else reason_against(reading).code
        for path, reading in zip(paths, readings, strict=True)
    }
    assert set(found.values()) == {"packet", "no_packet", "no_attachment", "malformed"}
    assert {name for name, what in found.items() if what == "packet"} == {
        "testRFC822_encrypted_zip",
        "testRFC822_normal_zip",
    }
    assert {name for name, what in found.items() if what == "malformed"} == {
        "quoted.mbox",
        "simple.mbox",
        "testMSG.msg",
        "testMSG_chinese.msg",
        "testWINMAIL.dat",
    }
