"""`jiangbang packet check` and `jiangbang packet receive`."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path
from random import Random
from typing import Any

import pytest
from commands.console import Console, refused
from commands.papers_at_hand import form_file, packet_file, people

from jiangbang.rehearsal.faults import Slip, spoil

SAMPLES = sorted(Path(__file__).resolve().parents[2].parent.joinpath("shared", "samples").glob("*.zip"))
needs_samples = pytest.mark.skipif(not SAMPLES, reason="no ../shared/samples beside the project")
NOT_ON_PAPER = {"photo", "opinions"}
ONLY_IN_ROSTER = {"specialty", "remarks"}


def right(count: int, *, seed: int = 4) -> list[Slip]:
    return [Slip.right(person) for person in people(count, seed=seed)]


def loud(dossier: dict[str, Any]) -> list[str]:
    return sorted({finding["code"] for finding in dossier["findings"] if finding["severity"] != "note"})


def rows(console: Console, table: str) -> int:
    database = sqlite3.connect(console.home / "jiangbang.sqlite3")
    try:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    finally:
        database.close()


@needs_samples
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_samples_are_judged_as_their_makers_say(ready: Console, path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    outcome = ready("packet", "check", path, "--json")
    document = outcome.json
    found: dict[str, list[str]] = {}
    for dossier in document["dossiers"]:
        if codes := loud(dossier):
            known = found.setdefault(dossier["record"]["id_number"], [])
            known += [code for code in codes if code not in known]
    assert found == expected["findings"]
    assert outcome.status == int(bool(expected["findings"]))
    assert document["verdict"] == ("blocked" if expected["findings"] else "clean")
    records = {dossier["record"]["id_number"]: dossier for dossier in document["dossiers"] if dossier["source"]}
    for record in expected["records"]:
        read = records.get(record["id_number"])
        # what only the roster prints is unknown of a person who has no row in it
        beyond = NOT_ON_PAPER | (set() if read and read["roster_row"] else ONLY_IN_ROSTER)
        assert read is None or {key: read["record"][key] for key in record if key not in beyond} == {
            key: value for key, value in record.items() if key not in beyond
        }


def test_a_clean_packet_gives_0_and_the_document_of_the_contract(ready: Console, tmp_path: Path) -> None:
    outcome = ready("packet", "check", packet_file(tmp_path, right(11)), "--json")
    document = outcome.json
    assert (outcome.status, document["verdict"], len(document["dossiers"])) == (0, "clean", 11)
    assert list(document) == ["packet", "dossiers", "roster", "findings", "verdict"]
    assert list(document["packet"]) == ["sha256", "unit", "edition", "members"]
    assert list(document["dossiers"][0]) == ["source", "record", "roster_row", "findings"]
    assert list(document["roster"]) == ["source", "rows"]
    assert outcome.err == ""


def test_checking_stores_nothing(ready: Console, tmp_path: Path) -> None:
    before = ready("register", "verify", "--json").json["size"]
    ready("packet", "check", packet_file(tmp_path, right(2)))
    assert (rows(ready, "nomination_packet"), rows(ready, "nomination_dossier")) == (0, 0)
    assert [one for one in (ready.home / "files").rglob("*") if one.is_file()] == []
    assert ready("register", "verify", "--json").json["size"] == before


def test_an_empty_home_checks_and_receives(empty: Console, tmp_path: Path) -> None:
    packet = packet_file(tmp_path, right(10))
    assert empty("packet", "check", packet).status == 0
    assert empty("packet", "receive", packet, "--unit", "临平").status == 0


def test_a_folder_is_judged_like_its_archive(ready: Console, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "nothing.txt").write_text("x", encoding="utf-8")
    outcome = ready("packet", "check", folder, "--json")
    assert outcome.status in {1, 2}
    assert "Traceback" not in outcome.err


def test_a_blocked_packet_gives_1_and_names_the_fault(ready: Console, tmp_path: Path) -> None:
    slips = [*right(10)[:9], *spoil(people(10)[9], "id_number.checksum", Random(1))]
    outcome = ready("packet", "check", packet_file(tmp_path, slips), "--json")
    assert (outcome.status, outcome.json["verdict"]) == (1, "blocked")
    assert [loud(dossier) for dossier in outcome.json["dossiers"] if loud(dossier)] == [["id_number.checksum"]]


def test_receiving_keeps_the_clean_and_lets_the_blocked_wait(ready: Console, tmp_path: Path) -> None:
    slips = [*right(10)[:9], *spoil(people(10)[9], "photo.missing", Random(1))]
    outcome = ready("packet", "receive", packet_file(tmp_path, slips), "--unit", "临平", "--json")
    receipt = outcome.json["receipt"]
    assert (outcome.status, receipt["accepted"], receipt["waiting"]) == (1, 9, 1)
    assert (receipt["number"], receipt["already_received"]) == ("2023-330113-001", False)
    assert ready("register", "verify").status == 0


def test_the_same_bytes_twice_are_recognised(ready: Console, tmp_path: Path) -> None:
    packet = packet_file(tmp_path, right(10))
    first = ready("packet", "receive", packet, "--unit", "临平", "--json")
    size = ready("register", "verify", "--json").json["size"]
    second = ready("packet", "receive", packet, "--unit", "临平", "--json")
    assert (first.status, second.status) == (0, 0)
    assert second.json["receipt"] == {**first.json["receipt"], "already_received": True}
    assert ready("register", "verify", "--json").json["size"] == size
    assert (rows(ready, "nomination_packet"), rows(ready, "nomination_dossier")) == (1, 10)


def test_a_corrected_packet_mends_the_dossier_that_waits(ready: Console, tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    slips = [*right(10)[:9], *spoil(people(10)[9], "id_number.checksum", Random(1))]
    ready("packet", "receive", packet_file(tmp_path / "first", slips), "--unit", "临平")
    outcome = ready("packet", "receive", packet_file(tmp_path, right(10)), "--unit", "临平", "--json")
    assert (outcome.status, outcome.json["receipt"]["accepted"]) == (0, 10)
    assert rows(ready, "nomination_dossier WHERE state = 'accepted'") == 10
    assert rows(ready, "nomination_dossier WHERE state = 'waiting'") == 0


def test_a_person_of_another_unit_is_found(ready: Console, tmp_path: Path) -> None:
    ready("packet", "receive", packet_file(tmp_path, right(10)), "--unit", "临平")
    other = packet_file(tmp_path, right(1), unit="钱塘")
    outcome = ready("packet", "check", other, "--json")
    assert (outcome.status, loud(outcome.json["dossiers"][0])) == (1, ["duplicate.in_edition"])


def late_programme(programme: Path) -> Path:
    text = (programme / "2023.toml").read_text(encoding="utf-8")
    (programme / "2023.toml").write_text(text.replace("clock = 2023-03-20T09:00:00+08:00", ""), encoding="utf-8")
    return programme


def test_a_late_packet_is_refused_without_a_reason_and_received_with_one(
    ready: Console, tmp_path: Path, programme: Path
) -> None:
    assert ready("programme", "load", late_programme(programme)).status == 0
    packet = packet_file(tmp_path, right(10))
    sentence = refused(ready("packet", "receive", packet, "--unit", "临平", "--json"))
    assert "2023-03-31 23:59:59" in sentence
    assert rows(ready, "nomination_packet") == 0
    outcome = ready("packet", "receive", packet, "--unit", "临平", "--late-reason", "邮路中断", "--json")
    assert (outcome.status, outcome.json["receipt"]["accepted"]) == (0, 10)
    assert rows(ready, "nomination_packet WHERE late_reason = '邮路中断'") == 1


def test_an_edition_by_name(ready: Console, tmp_path: Path) -> None:
    packet = packet_file(tmp_path, right(10))
    assert ready("packet", "check", packet, "--edition", "2024", "--json").json["packet"]["edition"].endswith("2024")
    assert "1999" in refused(ready("packet", "check", packet, "--edition", "1999"))


def test_an_unknown_unit_is_one_sentence(ready: Console, tmp_path: Path) -> None:
    assert "火星" in refused(ready("packet", "receive", packet_file(tmp_path, right(1)), "--unit", "火星"))


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06" + bytes(18), b"no archive" * 100, b"PK\x03\x04" + bytes(100)])
def test_what_cannot_be_read_is_one_sentence(ready: Console, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "临平+数字工匠推荐.zip"
    path.write_bytes(data)
    checked = ready("packet", "check", path, "--json")
    assert (checked.status, checked.json["verdict"], checked.json["dossiers"]) == (2, "unreadable", [])
    assert len(checked.err.splitlines()) == 1
    refused(ready("packet", "receive", path, "--unit", "临平", "--json"))
    assert rows(ready, "nomination_packet") == 0


@pytest.mark.skipif(os.name != "posix", reason="permissions of files")
def test_evidence_in_the_home_is_encrypted_and_the_owner_s_only(ready: Console, tmp_path: Path) -> None:
    slips = right(10)
    packet = packet_file(tmp_path, slips)
    ready("packet", "receive", packet, "--unit", "临平")
    files = [file for file in (ready.home / "files").rglob("*") if file.is_file()]
    assert len(files) == 11
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    plain = [packet.read_bytes()[:64], *(slip.person.photo[:64] for slip in slips if slip.person.photo)]
    assert not [file for file in files if any(start in file.read_bytes() for start in plain)]


def test_a_folder_is_checked_but_not_received(empty: Console, tmp_path: Path) -> None:
    folder = tmp_path / "临平+数字工匠推荐"
    folder.mkdir()
    form_file(folder, people(1)[0])
    assert empty("packet", "check", folder, "--json").status == 1
    assert "directory" in refused(empty("packet", "receive", folder, "--unit", "临平"))
