"""Judging a packet: duplicates, quota, the roster as a whole, the packet's name."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from papers.judgement_cases import CANDIDATES, against, everything_loud, form, judged, loud, roster, said, unit
from papers.roster_cases import edition_spec, person

from jiangbang.papers.findings import Finding
from jiangbang.papers.reading import FormReading, RosterReading


def test_clean_packet_is_clean() -> None:
    judgement = judged([form(record) for record in CANDIDATES], [roster(*CANDIDATES)])
    assert (everything_loud(judgement), judgement.verdict) == ([], "clean")
    assert [dossier.roster_row for dossier in judgement.dossiers] == list(range(4, 16))
    assert [dossier.record for dossier in judgement.dossiers] == CANDIDATES
    assert all(dossier.clean for dossier in judgement.dossiers)


def test_missing_field_on_the_form_is_said_once() -> None:
    assert against({"industry_class": None}, {}) == [("field.missing", "industry_class")]
    assert against({"id_number": None}, {}) == [("field.missing", "id_number")]


def test_number_that_excel_destroyed_is_said_once_and_matched_by_name() -> None:
    reading = roster({**CANDIDATES[0], "id_number": None}, *CANDIDATES[1:])
    lost = Finding(
        "field.format",
        field="id_number",
        where="附件3.xlsx · 第4行 · 身份证号",
        params={"label": "身份证号", "reason": "x"},
    )
    judgement = judged(list(map(form, CANDIDATES)), [replace(reading, findings=(lost,))])
    assert everything_loud(judgement) == [("field.format", "id_number")]
    assert judgement.dossiers[0].roster_row == 4


def test_missing_roster_column_disagrees_with_nothing() -> None:
    rows = [{**record, "deeds": None, "honours": [], "gender": None} for record in CANDIDATES]
    assert everything_loud(judged(list(map(form, CANDIDATES)), [roster(*rows)])) == []


def test_row_without_form_is_a_dossier_without_source() -> None:
    judgement = judged(list(map(form, CANDIDATES[1:])), [roster(*CANDIDATES)])
    assert everything_loud(judgement) == [("roster.row_without_form", None)]
    last = judgement.dossiers[-1]
    assert (last.source, last.roster_row, last.record["name"], last.clean) == (None, 4, CANDIDATES[0]["name"], False)
    assert last.findings[0].where == "附件3.xlsx · 第4行"


def test_form_without_row_stands_on_the_form() -> None:
    judgement = judged(list(map(form, CANDIDATES)), [roster(*CANDIDATES[1:])])
    assert everything_loud(judgement) == [("roster.form_without_row", None)]
    assert loud(judgement.dossiers[0]) == [("roster.form_without_row", None)]


def test_missing_roster_is_said_once() -> None:
    judgement = judged(list(map(form, CANDIDATES)), [])
    assert everything_loud(judgement) == [("roster.missing", None)]
    assert (judgement.as_json()["roster"], judgement.verdict) == (None, "blocked")


def test_unreadable_roster_is_not_also_missing() -> None:
    broken = Finding("packet.member_unreadable", where="附件3.xlsx", params={"reason": "x"})
    read = judged(list(map(form, CANDIDATES)), [RosterReading("附件3.xlsx", None, (), (broken,))])
    told = judged(list(map(form, CANDIDATES)), [], (Finding("packet.encrypted", params={"name": "附件3汇总表.xlsx"}),))
    assert everything_loud(read) == [("packet.member_unreadable", None)]
    assert everything_loud(told) == [("packet.encrypted", None)]


def test_empty_roster_leaves_every_form_without_a_row() -> None:
    judgement = judged(list(map(form, CANDIDATES)), [roster()])
    assert everything_loud(judgement) == [("roster.form_without_row", None)] * 12
    assert judgement.as_json()["roster"] == {"source": "附件3.xlsx", "rows": 0}


def test_same_person_in_two_forms_is_a_duplicate_on_both() -> None:
    again = form(CANDIDATES[0], "修改稿.docx")
    judgement = judged([*map(form, CANDIDATES), again], [roster(*CANDIDATES)])
    assert everything_loud(judgement) == [("duplicate.in_packet", "id_number")] * 2
    assert loud(judgement.dossiers[0]) == loud(judgement.dossiers[-1]) == [("duplicate.in_packet", "id_number")]
    assert "推荐表" in said(judgement.dossiers[0])
    assert "修改稿.docx" in said(judgement.dossiers[0])


def test_same_person_in_two_rows_is_a_duplicate() -> None:
    judgement = judged(list(map(form, CANDIDATES)), [roster(*CANDIDATES, CANDIDATES[0])])
    assert everything_loud(judgement) == [("duplicate.in_packet", "id_number")]
    assert "第16行" in said(judgement.dossiers[0])


def test_person_of_another_unit_is_a_duplicate_in_the_edition() -> None:
    taken = {str(CANDIDATES[0]["id_number"]): "上城区总工会"}
    judgement = judged(list(map(form, CANDIDATES)), [roster(*CANDIDATES)], recommended_elsewhere=taken.get)
    assert everything_loud(judgement) == [("duplicate.in_edition", "id_number")]
    assert "上城区总工会" in said(judgement.dossiers[0])


def test_rosters_add_up_and_copies_add_nothing() -> None:
    forms = list(map(form, CANDIDATES))
    halves = judged(forms, [roster(*CANDIDATES[:5]), roster(*CANDIDATES[5:], source="附件3（二）.xlsx")])
    copies = judged(forms, [roster(*CANDIDATES), roster(*CANDIDATES, source="附件3.docx")])
    assert (everything_loud(halves), everything_loud(copies)) == ([], [])
    assert halves.roster_source == "附件3.xlsx、附件3（二）.xlsx"
    assert (len(halves.roster_rows), len(copies.roster_rows)) == (12, 12)


def test_rosters_that_contradict_each_other_are_said_once() -> None:
    changed = [{**CANDIDATES[0], "years_in_industry": 1}, *CANDIDATES[1:]]
    judgement = judged(list(map(form, CANDIDATES)), [roster(*CANDIDATES), roster(*changed, source="修改稿.xlsx")])
    assert everything_loud(judgement) == [("duplicate.in_packet", None)]


@pytest.mark.parametrize(
    ("code", "already", "expected"),
    [
        ("330108", 18, []),
        ("330108", 19, [("quota.over_range", "block")]),
        ("330102", 9, [("quota.over_range", "warn")]),
        ("330102", 8, []),
        ("I01", 0, [("quota.over_range", "warn")]),
    ],
)
def test_quota_blocks_when_hard_and_warns_when_soft(code: str, already: int, expected: list[tuple[str, str]]) -> None:
    sender = unit(code)
    judgement = judged(
        list(map(form, CANDIDATES)),
        [roster(*CANDIDATES)],
        file_name=f"{sender.short_name}+数字工匠推荐.zip",
        sender=sender,
        already_counted=already,
    )
    assert [(finding.code, finding.severity) for finding in judgement.findings] == expected


def test_too_few_people_is_a_note() -> None:
    judgement = judged([form(CANDIDATES[0])], [roster(CANDIDATES[0])])
    assert [(finding.code, finding.severity) for finding in judgement.findings] == [("quota.under_range", "note")]
    assert judgement.verdict == "clean"


@pytest.mark.parametrize(
    "name",
    [
        "滨江+数字工匠推荐.zip",
        "滨江区总工会+数字工匠推荐.rar",
        "滨江区＋数字工匠推荐.7z",
        "滨江 + 数字工匠推荐（1）.zip",
        "滨江+数字工匠推荐_20230331(2).zip",
        "滨江+数字工匠推荐 - 副本.zip",
        "",
    ],
)
def test_file_names_of_the_convention_pass(name: str) -> None:
    assert everything_loud(judged([form(CANDIDATES[0])], [roster(CANDIDATES[0])], file_name=name)) == []


@pytest.mark.parametrize(
    "name",
    [
        "材料.zip",
        "1" * 250 + "x.zip",
        "上城+数字工匠推荐.zip",
        "滨江数字工匠推荐.zip",
        "+数字工匠推荐.zip",
        "某某公司+数字工匠推荐.zip",
    ],
)
def test_other_file_names_are_warned_of(name: str) -> None:
    assert everything_loud(judged([form(CANDIDATES[0])], [roster(CANDIDATES[0])], file_name=name)) == [
        ("packet.name", None)
    ]


def test_blank_form_is_unexpected_and_no_person() -> None:
    blank = FormReading("附件2.docx", edition_spec().form.empty_record(), None, ())
    judgement = judged([*map(form, CANDIDATES), blank], [roster(*CANDIDATES)])
    assert everything_loud(judgement) == [("packet.member_unexpected", None)]
    assert len(judgement.dossiers) == len(CANDIDATES)


def test_packet_with_nothing_readable_is_unreadable() -> None:
    refused = Finding("packet.path_escape", params={"name": "../x"})
    assert judged([], [], (refused,)).verdict == "unreadable"
    assert judged([], []).verdict == "unreadable"


def test_roster_only_fields_complete_the_record() -> None:
    changed = {**CANDIDATES[0], "specialty": "区块链", "remarks": "优先"}
    record = judged([form(CANDIDATES[0])], [roster(changed)]).dossiers[0].record
    assert (record["specialty"], record["remarks"]) == ("区块链", "优先")


def test_json_is_the_contract_in_both_languages() -> None:
    judgement = judged(list(map(form, CANDIDATES[1:])), [roster(*CANDIDATES)])
    document = judgement.as_json("en")
    assert list(document) == ["packet", "dossiers", "roster", "findings", "verdict"]
    assert list(document["packet"]) == ["sha256", "unit", "edition", "members"]
    assert list(document["dossiers"][0]) == ["source", "record", "roster_row", "findings"]
    assert document["roster"] == {"source": "附件3.xlsx", "rows": 12}
    finding = document["dossiers"][-1]["findings"][0]
    assert list(finding) == ["code", "severity", "field", "clause", "message", "where"]
    assert "has no form" in finding["message"]
    assert json.loads(json.dumps(judgement.as_json(), ensure_ascii=False)) == judgement.as_json()


def test_findings_never_carry_a_personal_value() -> None:
    strange = person(1, mobile="1391234", id_number="99010119880512123", address="住" * 300)
    row = {**strange, "id_number": "990101198805121235"}
    judgement = judged([form(strange), form(strange, "b.docx")], [roster(row)])
    told = json.dumps(
        [finding.as_stored() for dossier in judgement.dossiers for finding in dossier.findings], ensure_ascii=False
    )
    for value in ("1391234", "9901011988", "住住"):
        assert value not in told
