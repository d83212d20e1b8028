"""Finding sheets: what they say, and that nothing on them is made up."""

from __future__ import annotations

import pytest
from django.utils import timezone
from nomination.readings import Cast, MakeReading
from pytest_django import DjangoAssertNumQueries

from jiangbang.nomination import acts as nomination_acts
from jiangbang.nomination.models import DeclaredFact, Dossier
from jiangbang.papers.paper import Facts, Heading, NewPage, Paper, Table, Text
from jiangbang.programme.models import Edition
from jiangbang.screening import acts, sheets
from jiangbang.screening.lists_models import ListMatch, ListRow, NameList
from jiangbang.screening.models import ClauseRuling, Screening

from screening.conftest import FITTING, Screeners, in_screening  # isort: skip

pytestmark = pytest.mark.django_db


def sheet_of(dossier: Dossier) -> Paper:
    (screening,) = sheets.screenings(dossier.edition, pk=dossier.pk)
    return sheets.dossier_sheet(screening)


def tables(paper: Paper) -> list[Table]:
    return [block for block in paper.blocks if isinstance(block, Table)]


def row_of(paper: Paper, clause: str) -> tuple[str, ...]:
    return next(row for row in tables(paper)[0].rows if row[0] == clause)


def said(paper: Paper) -> str:
    return "\n".join(block.text for block in paper.blocks if isinstance(block, Text))


def test_every_clause_stands_on_it_with_its_facts_and_who_decided(dossier: Dossier) -> None:
    paper = sheet_of(dossier)
    assert [row[0] for row in tables(paper)[0].rows] == [clause.code for clause in dossier.edition.spec.clauses]
    code, condition, verdict, facts, by = row_of(paper, "G2")
    assert (code, verdict, facts, by) == ("G2", "符合", "工会会员：是", "由事实直接判定。")
    assert condition == "推荐对象原则上应为工会会员\n（L-2；须符合）"
    assert row_of(paper, "C2")[1].endswith("（L-2 (2)；至少符合一项）")


def test_a_ruling_is_told_with_its_reason_and_a_waiver_with_its_second_person(
    edition: Edition, cast: Cast, reading: MakeReading, screeners: Screeners
) -> None:
    dossier = in_screening(edition, cast, reading, {**FITTING, "union_member": False, "trains_talent": None})
    acts.rule_on_clause(dossier, "C4", value="open", reason="请补充 #带徒 <证明>", by=screeners.li)
    acts.rule_on_clause(dossier, "G2", value="waived", reason="派遣员工，正在转会", by=screeners.organiser)
    assert "尚未经第二人确认" in row_of(sheet_of(dossier), "G2")[4]
    acts.confirm_ruling(ClauseRuling.objects.get(clause="G2"), by=screeners.wang)
    paper = sheet_of(dossier)
    assert row_of(paper, "G2")[2] == "豁免"
    assert "理由：派遣员工，正在转会" in row_of(paper, "G2")[4]
    assert row_of(paper, "G2")[4].endswith("wang确认")
    rulings = [(row[1], row[2], row[3], row[4], row[5]) for row in tables(paper)[1].rows]
    assert rulings == [
        ("C4", "已要求补充证明", "li", "请补充 #带徒 <证明>", "—"),
        ("G2", "豁免", str(screeners.organiser), "派遣员工，正在转会", "wang"),
    ]


def test_a_changed_fact_is_told(edition: Edition, cast: Cast, reading: MakeReading, screeners: Screeners) -> None:
    dossier = in_screening(edition, cast, reading, {**FITTING, "union_member": False})
    acts.rule_on_clause(dossier, "G2", value="not_met", by=screeners.li)
    nomination_acts.declare_facts(
        dossier, {"union_member": True}, source=DeclaredFact.Source.OFFICE, by=screeners.organiser
    )
    assert "所依据的情况有变" in row_of(sheet_of(dossier), "G2")[4]


def test_the_conclusion_is_what_people_said_and_not_what_the_clauses_would_say(
    dossier: Dossier, screeners: Screeners
) -> None:
    assert "尚未作出结论" in said(sheet_of(dossier))
    acts.conclude_screening(dossier, by=screeners.li)
    paper = sheet_of(dossier)
    assert "符合推荐条件" in said(paper)
    heads = dict(block for facts in paper.blocks if isinstance(facts, Facts) for block in facts.rows)
    assert heads["结论人"].startswith("li 20")


def test_not_eligible_names_the_clauses(
    edition: Edition, cast: Cast, reading: MakeReading, screeners: Screeners
) -> None:
    dossier = in_screening(edition, cast, reading, {**FITTING, "earlier_titles": ["杭州工匠"]})
    acts.conclude_screening(dossier, by=screeners.li)
    assert "尚待第二人复核" in said(sheet_of(dossier))
    acts.conclude_screening(dossier, by=screeners.wang)
    assert "不符合推荐条件：X1" in said(sheet_of(dossier))


def test_notes_for_colleagues_and_looks_are_not_on_it(dossier: Dossier, screeners: Screeners) -> None:
    acts.write_note(dossier, "只给同事看", by=screeners.li)
    nomination_acts.reveal_value(dossier, "address", by=screeners.li)
    paper = sheet_of(dossier)
    assert "只给同事看" not in str(paper)
    happened = [row[2] for row in tables(paper)[-1].rows]
    assert any("材料已受理" in what or "受理" in what for what in happened)
    assert not any("查看" in what for what in happened)


def test_its_properties_name_nobody(dossier: Dossier) -> None:
    paper = sheet_of(dossier)
    assert dossier.name not in paper.kind + paper.title + paper.foot


def test_a_units_paper_has_a_table_of_all_and_a_page_for_each(
    edition: Edition, cast: Cast, reading: MakeReading, screeners: Screeners
) -> None:
    people = [in_screening(edition, cast, reading, FITTING, number) for number in (1, 2)]
    acts.conclude_screening(people[1], by=screeners.li)
    paper = sheets.unit_sheet(edition, edition.spec.unit("330108"))
    overview = tables(paper)[0]
    assert [(row[1], row[3]) for row in overview.rows] == [(people[0].name, "待初审"), (people[1].name, "符合条件")]
    assert sum(isinstance(block, NewPage) for block in paper.blocks) == 2
    assert sum(isinstance(block, Heading) for block in paper.blocks) == 12


def test_what_lists_say_and_who_decided_it_stands_on_it(dossier: Dossier, screeners: Screeners) -> None:
    assert "名单中没有此人或所在单位" in said(sheet_of(dossier))
    name_list = NameList.objects.create(
        edition=dossier.edition,
        title="第三批未来工厂名单",
        kinds=["future_factory_city"],
        file_name="x.xlsx",
        sha256="0" * 64,
        size=1,
        columns=[],
        unused=[],
        passed_over=0,
        row_count=1,
        usable_count=1,
        problem_count=0,
        problems={},
        brought_by=screeners.organiser,
        brought_at=timezone.now(),
    )
    row = ListRow.objects.create(
        name_list=name_list, number=3, kind="future_factory_city", name="云栖智联科技有限公司", usable=True
    )
    ListMatch.objects.create(
        edition=dossier.edition,
        dossier=dossier,
        row=row,
        kind="future_factory_city",
        is_title=False,
        way="near",
        score=93,
        counts=True,
        waits=False,
        decision="accepted",
        decided_by=screeners.li,
        decided_at=timezone.now(),
    )
    found = next(table for table in tables(sheet_of(dossier)) if table.columns[0].label == "标识或称号")
    mark, said_there, _way, counts, by = found.rows[0]
    assert (mark, said_there, counts, by.split()[0]) == (
        "市未来工厂",
        "云栖智联科技有限公司，第三批未来工厂名单",
        "是",
        "li",
    )


def test_a_unit_without_anybody_says_so(edition: Edition) -> None:
    assert "没有进入初审的人选" in said(sheets.unit_sheet(edition, edition.spec.unit("330106")))


@pytest.mark.parametrize("count", [1, 3])
def test_a_units_paper_takes_the_same_queries_for_one_and_for_three(
    edition: Edition,
    cast: Cast,
    reading: MakeReading,
    screeners: Screeners,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        in_screening(edition, cast, reading, FITTING, number)
    with django_assert_num_queries(7):
        sheets.unit_sheet(edition, edition.spec.unit("330108"))
    assert Screening.objects.count() == count
