"""The shared sample packets, from bytes to verdict: every record right, every seeded fault found, no false alarm."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from papers.roster_cases import edition_spec, form_spec

from jiangbang.papers.judgement import JudgedDossier, Judgement, PacketInfo, judge
from jiangbang.papers.nomination_form import read_form
from jiangbang.papers.packet_name import find_unit
from jiangbang.papers.reading import FormReading, RosterReading
from jiangbang.papers.roster import read_roster

SAMPLES = sorted(Path(__file__).resolve().parents[2].parent.joinpath("shared", "samples").glob("*.zip"))
needs_samples = pytest.mark.skipif(not SAMPLES, reason="no ../shared/samples beside the project")
# What a form cannot say of itself stands in the packet's JSON under other names.
OF_THE_PAPER = {"photo", "opinions"}


def members(path: Path) -> list[tuple[str, bytes]]:
    """Names and bytes of the papers; names without the UTF-8 flag are GB 18030."""
    found = []
    with zipfile.ZipFile(path) as archive:
        for part in archive.infolist():
            utf8 = part.flag_bits & 0x800
            name = (part.filename if utf8 else part.filename.encode("cp437").decode("gb18030")).rpartition("/")[2]
            if not name.startswith(("~$", "._")) and name.endswith((".docx", ".xlsx")):
                found.append((name, archive.read(part)))
    return found


def judgement_of(path: Path, expected: dict[str, Any]) -> Judgement:
    forms: list[FormReading] = []
    rosters: list[RosterReading] = []
    for name, data in members(path):
        if "汇总表" in name:
            rosters.append(read_roster(data, form_spec(), source=name))
        else:
            forms.append(read_form(data, form_spec(), source=name))
    packet = PacketInfo(path.name, hashlib.sha256(path.read_bytes()).hexdigest(), ())
    unit = find_unit(expected["unit"], edition_spec().units)
    return judge(packet, forms, rosters, (), edition=edition_spec(), unit=unit)


def loud(dossier: JudgedDossier) -> set[str]:
    return {finding.code for finding in dossier.findings if finding.severity != "note"}


@needs_samples
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_sample_packet_is_read_without_a_wrong_field_and_judged_without_a_false_alarm(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    judgement = judgement_of(path, expected)
    records = {record["id_number"]: record for record in expected["records"]}
    with_form = [dossier for dossier in judgement.dossiers if dossier.source]
    assert len(with_form) == expected["forms"]
    assert len(judgement.roster_rows) == expected["rows"]
    for dossier in with_form:
        right = records[str(dossier.record["id_number"])]
        read = {key: value for key, value in dossier.record.items() if key not in OF_THE_PAPER}
        if dossier.roster_row is None:  # without a row nothing is known of what only the roster prints
            right = {**right, "specialty": None, "remarks": None}
        assert read == {key: value for key, value in right.items() if key not in OF_THE_PAPER}
    found = {str(dossier.record["id_number"]): loud(dossier) for dossier in judgement.dossiers if loud(dossier)}
    assert found == {number: set(codes) for number, codes in expected["findings"].items()}
    assert [finding.code for finding in judgement.findings if finding.severity != "note"] == []
    assert judgement.verdict == ("blocked" if expected["findings"] else "clean")
