"""Judging a packet: forms against the roster, duplicates, quota, clauses, the packet's name."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from papers.roster_cases import edition_spec, identity_number, on_roster, person

from jiangbang.kernel.edition import UnitSpec
from jiangbang.kernel.form import Record
from jiangbang.papers.findings import Finding
from jiangbang.papers.judgement import JudgedDossier, Judgement, PacketInfo, judge
from jiangbang.papers.reading import FormReading, Member, RosterReading, RosterRow

PEOPLE = [person(number) for number in range(1, 13)]
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
    forms = [form({**PEOPLE[0], **changed_form}), *map(form, PEOPLE[1:])]
    judgement = judged(forms, [roster({**PEOPLE[0], **changed_row}, *PEOPLE[1:], **joint)])
    assert [pair for dossier in judgement.dossiers[1:] for pair in loud(dossier)] == []
    assert len(judgement.dossiers) == len(PEOPLE)
    return loud(judgement.dossiers[0])


def test_clean_packet_is_clean() -> None:
    judgement = judged([form(record) for record in PEOPLE], [roster(*PEOPLE)])
    assert (everything_loud(judgement), judgement.verdict) == ([], "clean")
    assert [dossier.roster_row for dossier in judgement.dossiers] == list(range(4, 16))
    assert [dossier.record for dossier in judgement.dossiers] == PEOPLE
    assert all(dossier.clean for dossier in judgement.dossiers)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "赵安宁"),
        ("gender", "female"),
        ("years_in_industry", 16),
        ("employer_and_position", "另一家公司 工程师"),
        ("deeds", "另一个人的事迹，与推荐表上所写的完全不是一回事，应当在核对时发现。"),
        ("achievements", ["别的成果"]),
        ("achievements", []),
        ("honours", ["别的荣誉"]),
        ("honours", []),
        ("industry_class", "0302 电信、广播电视和卫星传输服务"),
        ("employer_and_position", None),
    ],
)
def test_differing_field_is_a_mismatch_on_that_field(field: str, value: Any) -> None:
    assert against({}, {field: value}) == [("roster.mismatch", field)]


@pytest.mark.parametrize(
    ("on_form", "in_row"),
    [
        ({"employer_and_position": "云帆软件有限公司\n工程师"}, {"employer_and_position": "云帆软件有限公司，工程师"}),
        (
            {"employer_and_position": "云帆(杭州)软件有限公司 工程师"},
            {"employer_and_position": "云帆（杭州）软件有限公司工程师"},
        ),
        ({"industry_class": "0301 软件开发"}, {"industry_class": "软件开发"}),
        ({"industry_class": "软件开发"}, {"industry_class": "0301"}),
        ({"industry_class": "数字技术应用业-软件开发"}, {"industry_class": "0301软件开发"}),
        ({"honours": ["无"]}, {"honours": []}),
        ({"honours": []}, {"honours": ["无"]}),
        ({"achievements": ["甲，乙", "丙"]}, {"achievements": ["丙", "甲,乙"]}),
        ({"achievements": ["甲；乙"]}, {"achievements": ["甲", "乙"]}),
        ({"deeds": "第一段。\n第二段。"}, {"deeds": "第一段。第二段"}),
        ({"deeds": "第一段。\n第二段。"}, {"deeds": "1.第一段。\n2.第二段。"}),
        ({"name": "欧阳·安"}, {"name": "欧阳・安"}),
        ({"name": "李安平"}, {"name": "李安平（女）"}),
    ],
)
def test_differences_of_layout_are_none(on_form: dict[str, Any], in_row: dict[str, Any]) -> None:
    assert against(on_form, in_row) == []


@pytest.mark.parametrize(
    "joint",
    [
        "技师/二级/高级工程师",
        "高级工程师、二级技师",
        "高工/技师/二级",
        "高级工程师（技师二级）",
        "高级工程师",
        "技师/二级",
        "无",
        "／",
    ],
)
def test_joint_column_of_the_same_substance_is_no_mismatch(joint: str) -> None:
    assert against({}, {}, joint=joint) == []


@pytest.mark.parametrize(
    ("joint", "field"),
    [
        ("正高级工程师/技师/二级", "professional_title"),
        ("工程师/技师/二级", "professional_title"),
        ("高级工程师/高级技师/一级", "skill_level"),
        ("高级会计师/助理理财师", "professional_title"),
    ],
)
def test_joint_column_that_says_something_else_is_a_mismatch(joint: str, field: str) -> None:
    assert against({}, {}, joint=joint) == [("roster.mismatch", field)]


def test_mistyped_number_on_the_form_is_matched_by_name() -> None:
    right = str(PEOPLE[0]["id_number"])
    wrong = right[:10] + right[11] + right[10] + right[12:]
    found = against({"id_number": wrong}, {})
    assert ("roster.mismatch", "id_number") in found
    assert {code for code, _ in found} <= {"roster.mismatch", "id_number.checksum", "field.format"}


def test_missing_field_on_the_form_is_said_once() -> None:
    assert against({"industry_class": None}, {}) == [("field.missing", "industry_class")]
    assert against({"id_number": None}, {}) == [("field.missing", "id_number")]


def test_number_that_excel_destroyed_is_said_once_and_matched_by_name() -> None:
    reading = roster({**PEOPLE[0], "id_number": None}, *PEOPLE[1:])
    lost = Finding(
        "field.format",
        field="id_number",
        where="附件3.xlsx · 第4行 · 身份证号",
        params={"label": "身份证号", "reason": "x"},
    )
    judgement = judged(list(map(form, PEOPLE)), [replace(reading, findings=(lost,))])
    assert everything_loud(judgement) == [("field.format", "id_number")]
    assert judgement.dossiers[0].roster_row == 4


def test_missing_roster_column_disagrees_with_nothing() -> None:
    rows = [{**record, "deeds": None, "honours": [], "gender": None} for record in PEOPLE]
    assert everything_loud(judged(list(map(form, PEOPLE)), [roster(*rows)])) == []


def test_row_without_form_is_a_dossier_without_source() -> None:
    judgement = judged(list(map(form, PEOPLE[1:])), [roster(*PEOPLE)])
    assert everything_loud(judgement) == [("roster.row_without_form", None)]
    last = judgement.dossiers[-1]
    assert (last.source, last.roster_row, last.record["name"], last.clean) == (None, 4, PEOPLE[0]["name"], False)
    assert last.findings[0].where == "附件3.xlsx · 第4行"


def test_form_without_row_stands_on_the_form() -> None:
    judgement = judged(list(map(form, PEOPLE)), [roster(*PEOPLE[1:])])
    assert everything_loud(judgement) == [("roster.form_without_row", None)]
    assert loud(judgement.dossiers[0]) == [("roster.form_without_row", None)]


def test_two_people_of_one_name_are_not_confused() -> None:
    one = person(
        1,
        name="张伟",
        gender="female",
        id_number=identity_number(300, gender="female", birth="19790203"),
        birth_month="1979-02",
    )
    two = person(2, name="张伟")
    others = PEOPLE[2:]
    both = judged(list(map(form, [one, two, *others])), [roster(two, one, *others)])
    assert (everything_loud(both), [dossier.roster_row for dossier in both.dossiers[:2]]) == ([], [5, 4])
    apart = judged(list(map(form, [one, *others])), [roster(two, *others)])
    assert everything_loud(apart) == [("roster.form_without_row", None), ("roster.row_without_form", None)]


def test_missing_roster_is_said_once() -> None:
    judgement = judged(list(map(form, PEOPLE)), [])
    assert everything_loud(judgement) == [("roster.missing", None)]
    assert (judgement.as_json()["roster"], judgement.verdict) == (None, "blocked")


def test_unreadable_roster_is_not_also_missing() -> None:
    broken = Finding("packet.member_unreadable", where="附件3.xlsx", params={"reason": "x"})
    read = judged(list(map(form, PEOPLE)), [RosterReading("附件3.xlsx", None, (), (broken,))])
    told = judged(list(map(form, PEOPLE)), [], (Finding("packet.encrypted", params={"name": "附件3汇总表.xlsx"}),))
    assert everything_loud(read) == [("packet.member_unreadable", None)]
    assert everything_loud(told) == [("packet.encrypted", None)]


def test_empty_roster_leaves_every_form_without_a_row() -> None:
    judgement = judged(list(map(form, PEOPLE)), [roster()])
    assert everything_loud(judgement) == [("roster.form_without_row", None)] * 12
    assert judgement.as_json()["roster"] == {"source": "附件3.xlsx", "rows": 0}


def test_same_person_in_two_forms_is_a_duplicate_on_both() -> None:
    again = form(PEOPLE[0], "修改稿.docx")
    judgement = judged([*map(form, PEOPLE), again], [roster(*PEOPLE)])
    assert everything_loud(judgement) == [("duplicate.in_packet", "id_number")] * 2
    assert loud(judgement.dossiers[0]) == loud(judgement.dossiers[-1]) == [("duplicate.in_packet", "id_number")]
    assert "推荐表" in said(judgement.dossiers[0])
    assert "修改稿.docx" in said(judgement.dossiers[0])


def test_same_person_in_two_rows_is_a_duplicate() -> None:
    judgement = judged(list(map(form, PEOPLE)), [roster(*PEOPLE, PEOPLE[0])])
    assert everything_loud(judgement) == [("duplicate.in_packet", "id_number")]
    assert "第16行" in said(judgement.dossiers[0])


def test_person_of_another_unit_is_a_duplicate_in_the_edition() -> None:
    taken = {str(PEOPLE[0]["id_number"]): "上城区总工会"}
    judgement = judged(list(map(form, PEOPLE)), [roster(*PEOPLE)], recommended_elsewhere=taken.get)
    assert everything_loud(judgement) == [("duplicate.in_edition", "id_number")]
    assert "上城区总工会" in said(judgement.dossiers[0])


def test_rosters_add_up_and_copies_add_nothing() -> None:
    forms = list(map(form, PEOPLE))
    halves = judged(forms, [roster(*PEOPLE[:5]), roster(*PEOPLE[5:], source="附件3（二）.xlsx")])
    copies = judged(forms, [roster(*PEOPLE), roster(*PEOPLE, source="附件3.docx")])
    assert (everything_loud(halves), everything_loud(copies)) == ([], [])
    assert halves.roster_source == "附件3.xlsx、附件3（二）.xlsx"
    assert (len(halves.roster_rows), len(copies.roster_rows)) == (12, 12)


def test_rosters_that_contradict_each_other_are_said_once() -> None:
    changed = [{**PEOPLE[0], "years_in_industry": 1}, *PEOPLE[1:]]
    judgement = judged(list(map(form, PEOPLE)), [roster(*PEOPLE), roster(*changed, source="修改稿.xlsx")])
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
        list(map(form, PEOPLE)),
        [roster(*PEOPLE)],
        file_name=f"{sender.short_name}+数字工匠推荐.zip",
        sender=sender,
        already_counted=already,
    )
    assert [(finding.code, finding.severity) for finding in judgement.findings] == expected


def test_too_few_people_is_a_note() -> None:
    judgement = judged([form(PEOPLE[0])], [roster(PEOPLE[0])])
    assert [(finding.code, finding.severity) for finding in judgement.findings] == [("quota.under_range", "note")]
    assert judgement.verdict == "clean"


def test_clauses_are_open_until_declared_and_one_of_speaks_once() -> None:
    dossier = judged([form(PEOPLE[0])], [roster(PEOPLE[0])]).dossiers[0]
    clauses = [(finding.code, finding.clause) for finding in dossier.findings]
    assert ("clause.open", "C1/C2/C3/C4") in clauses
    assert ("clause.open", "G4") not in clauses
    assert {code for code, _ in clauses} == {"clause.open", "id_number.region_unknown"}
    assert {one.clause: one.verdict.value for one in dossier.verdicts}["G4"] == "met"
    union = next(finding for finding in dossier.findings if finding.clause == "G2")
    assert "工会会员" in union.message()
    assert "union member" in union.message("en")


def test_declared_facts_decide_clauses() -> None:
    number = str(PEOPLE[0]["id_number"])
    facts = {
        "employed_in_hangzhou": True, "union_member": False, "law_abiding": True, "years_in_hangzhou": 3,
        "in_technical_post": True, "innovation_with_benefit": True, "earlier_titles": [], "civil_service_staff": False,
        "institution_or_soe_leader": False,
    }  # fmt: skip
    dossier = judged([form(PEOPLE[0])], [roster(PEOPLE[0])], declared={number: facts}).dossiers[0]
    assert [(finding.code, finding.clause) for finding in dossier.findings if finding.clause] == [
        ("clause.not_met", "G2")
    ]
    none = {**facts, "standards_or_key_technology": False, "innovation_with_benefit": False, "national_qualification": False,
            "science_award": False, "trains_talent": False, "coached_best_rank": 9}  # fmt: skip
    dossier = judged([form(PEOPLE[0])], [roster(PEOPLE[0])], declared={number: none}).dossiers[0]
    assert [finding.clause for finding in dossier.findings if finding.code == "clause.not_met"] == ["G2", "C1/C2/C3/C4"]


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
    assert everything_loud(judged([form(PEOPLE[0])], [roster(PEOPLE[0])], file_name=name)) == []


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
    assert everything_loud(judged([form(PEOPLE[0])], [roster(PEOPLE[0])], file_name=name)) == [("packet.name", None)]


def test_blank_form_is_unexpected_and_no_person() -> None:
    blank = FormReading("附件2.docx", edition_spec().form.empty_record(), None, ())
    judgement = judged([*map(form, PEOPLE), blank], [roster(*PEOPLE)])
    assert everything_loud(judgement) == [("packet.member_unexpected", None)]
    assert len(judgement.dossiers) == len(PEOPLE)


def test_unreadable_form_is_a_dossier_known_by_its_file() -> None:
    unknown = Finding("form.layout_unknown", where="x", params={"reason": "y"})
    source = f"附件2推荐表（{PEOPLE[0]['name']}）.docx"
    broken = FormReading(source, edition_spec().form.empty_record(), None, (unknown,))
    judgement = judged([broken, *map(form, PEOPLE[1:])], [roster(*PEOPLE)])
    assert everything_loud(judgement) == [("form.layout_unknown", None)]
    assert judgement.dossiers[0].roster_row == 4


def test_packet_with_nothing_readable_is_unreadable() -> None:
    refused = Finding("packet.path_escape", params={"name": "../x"})
    assert judged([], [], (refused,)).verdict == "unreadable"
    assert judged([], []).verdict == "unreadable"


def test_roster_only_fields_complete_the_record() -> None:
    changed = {**PEOPLE[0], "specialty": "区块链", "remarks": "优先"}
    record = judged([form(PEOPLE[0])], [roster(changed)]).dossiers[0].record
    assert (record["specialty"], record["remarks"]) == ("区块链", "优先")


def test_json_is_the_contract_in_both_languages() -> None:
    judgement = judged(list(map(form, PEOPLE[1:])), [roster(*PEOPLE)])
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
