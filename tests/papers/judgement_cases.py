"""Packets for the tests of the judgement: forms and rosters as the readers would give them."""

from __future__ import annotations

from typing import Any

from papers.roster_cases import edition_spec, on_roster, person

from jiangbang.kernel.edition import UnitSpec
from jiangbang.kernel.form import Record
from jiangbang.papers.findings import Finding
from jiangbang.papers.judgement import JudgedDossier, Judgement, PacketInfo, judge
from jiangbang.papers.reading import FormReading, Member, RosterReading, RosterRow

CANDIDATES = [person(number) for number in range(1, 13)]
NAME = "滨江+数字工匠推荐.zip"


def unit(code: str = "330108") -> UnitSpec:
    return edition_spec().unit(code)


def form(record: Record, source: str | None = None) -> FormReading:
    own: Record = {**record, "specialty": None, "remarks": None}
    return FormReading(source or f"推荐表（{record['name']}）.docx", own, None, ())


def roster(*rows: Record, source: str = "附件3.xlsx", **joint: str) -> RosterReading:
    usual = "高级工程师/技师/二级"
    placed = tuple(
        RosterRow(number, on_roster(record), joint.get("joint", usual) if number == 4 else usual)
        for number, record in enumerate(rows, 4)
    )
    return RosterReading(source, "滨江区总工会", placed, ())


def judged(
    forms: list[FormReading],
    rosters: list[RosterReading],
    findings: tuple[Finding, ...] = (),
    file_name: str = NAME,
    sender: UnitSpec | None = None,
    **more: Any,
) -> Judgement:
    packet = PacketInfo(file_name, "ab" * 32, (Member("附件3.xlsx", 10, None, "roster"),))
    return judge(packet, forms, rosters, findings, edition=edition_spec(), unit=sender or unit(), **more)


def loud(dossier: JudgedDossier) -> list[tuple[str, str | None]]:
    return [(finding.code, finding.field) for finding in dossier.findings if finding.severity != "note"]


def said(dossier: JudgedDossier) -> str:
    """The sentences that are more than notes."""
    return "".join(finding.message() for finding in dossier.findings if finding.severity != "note")


def everything_loud(judgement: Judgement) -> list[tuple[str, str | None]]:
    found = [(finding.code, finding.field) for finding in judgement.findings if finding.severity != "note"]
    return found + [pair for dossier in judgement.dossiers for pair in loud(dossier)]


def against(changed_form: dict[str, Any], changed_row: dict[str, Any], **joint: str) -> list[tuple[str, str | None]]:
    """What is said of the first person when form and row are changed so."""
    forms = [form({**CANDIDATES[0], **changed_form}), *map(form, CANDIDATES[1:])]
    judgement = judged(forms, [roster({**CANDIDATES[0], **changed_row}, *CANDIDATES[1:], **joint)])
    assert [pair for dossier in judgement.dossiers[1:] for pair in loud(dossier)] == []
    assert len(judgement.dossiers) == len(CANDIDATES)
    return loud(judgement.dossiers[0])
