"""The pages of the screening stage."""

from __future__ import annotations

import pytest
from django.test import Client
from nomination.readings import Cast, MakeReading, person
from pytest_django import DjangoAssertNumQueries

from jiangbang.nomination import acts as nomination_acts
from jiangbang.nomination.facts import declared_facts
from jiangbang.nomination.models import Dossier, FindingCount, Revision
from jiangbang.papers.findings import Finding
from jiangbang.programme.models import Edition
from jiangbang.screening import acts
from jiangbang.screening.models import ClauseRuling, Note, Screening

from screening.conftest import FITTING, Screeners, in_screening  # isort: skip

pytestmark = pytest.mark.django_db


@pytest.fixture
def li(client: Client, screeners: Screeners) -> Client:
    """A screener's browser."""
    client.force_login(screeners.li)
    return client


def page(dossier: Dossier, *rest: str) -> str:
    return "/".join(["/screening", str(dossier.pk), *rest, ""])


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_takes_the_same_queries_for_one_row_and_for_three(
    li: Client,
    edition: Edition,
    cast: Cast,
    reading: MakeReading,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        in_screening(edition, cast, reading, FITTING, number)
    li.get("/screening/")
    with django_assert_num_queries(11):
        answer = li.get("/screening/")
    assert answer.content.count(b'name="dossier"') == count
    assert b'name="screener"' not in answer.content.split(b"data-list")[1]
    assert len(answer.context["rows"]) == count


def test_an_empty_house_says_what_must_come_first(
    client: Client, edition: Edition, cast: Cast, reading: MakeReading, screeners: Screeners
) -> None:
    client.force_login(screeners.organiser)
    assert "还没有可初审的材料" in client.get("/screening/").content.decode()
    nomination_acts.receive_packet(
        reading([person(1)]), edition=edition, unit=edition.spec.unit("330108"), by=cast.organiser
    )
    assert "开始初审" in client.get("/screening/").content.decode()
    assert client.post("/screening/begin/")["Location"] == "/screening/"
    assert Screening.objects.count() == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 2),
        ("?state=waiting", 2),
        ("?state=eligible", 0),
        ("?answer=not_eligible", 1),
        ("?clause=X1", 1),
        ("?clause=G1", 0),
        ("?unit=330108", 2),
        ("?unit=330106", 0),
        ("?screener=none", 2),
        ("?screener=nobody", 2),
        ("?q=云栖", 2),
        ("?q=%00&state=strange", 2),
    ],
)
def test_the_address_narrows_the_queue(
    li: Client, edition: Edition, cast: Cast, reading: MakeReading, dossier: Dossier, query: str, found: int
) -> None:
    in_screening(edition, cast, reading, {**FITTING, "earlier_titles": ["杭州工匠"]}, 2)
    assert len(li.get(f"/screening/{query}").context["rows"]) == found


def test_a_dossiers_page_shows_what_each_clause_read(li: Client, dossier: Dossier) -> None:
    answer = li.get(page(dossier))
    clauses = {clause.code: clause for group in answer.context["groups"] for clause in group.clauses}
    assert [(fact.label, fact.value) for fact in clauses["G5"].facts] == [("在杭全职工作年限", "3")]
    assert (clauses["X1"].state, clauses["X1"].facts[0].value) == ("met", "无")
    assert answer.context["answer"].answer == "eligible"
    assert person(1)["id_number"] not in answer.content.decode()


@pytest.mark.parametrize("rulings", [1, 3])
def test_a_dossiers_page_takes_the_same_queries_for_one_ruling_and_for_three(
    li: Client,
    dossier: Dossier,
    screeners: Screeners,
    rulings: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for clause in ("G1", "G2", "G3")[:rulings]:
        acts.rule_on_clause(dossier, clause, value="met", by=screeners.wang)
        acts.write_note(dossier, clause, by=screeners.wang)
    li.get(page(dossier))
    with django_assert_num_queries(16):
        li.get(page(dossier))


def test_ruling_leads_back_to_the_clause_with_the_filter_kept(li: Client, dossier: Dossier) -> None:
    sent = {"clause": "G6", "value": "not_met", "reason": "已转岗"}
    answer = li.post(page(dossier, "rule") + "?unit=330108", sent)
    assert answer["Location"] == page(dossier) + "?unit=330108#clause-G6"
    assert ClauseRuling.objects.get().value == "not_met"


def test_a_refused_ruling_is_said_on_the_page(li: Client, dossier: Dossier) -> None:
    answer = li.post(page(dossier, "rule"), {"clause": "G6", "value": "not_met"}, follow=True)
    assert "请写明理由" in answer.content.decode()
    assert ClauseRuling.objects.count() == 0


def test_concluding_goes_on_to_the_next_of_the_queue(
    li: Client, edition: Edition, cast: Cast, reading: MakeReading, dossier: Dossier
) -> None:
    other = in_screening(edition, cast, reading, FITTING, 2)
    answer = li.post(page(dossier, "conclude") + "?state=waiting")
    assert answer["Location"] == page(dossier, "next") + "?state=waiting"
    assert li.get(answer["Location"])["Location"] == page(other) + "?state=waiting"
    li.post(page(other, "conclude"))
    assert li.get(page(other, "next") + "?state=waiting")["Location"] == "/screening/?state=waiting"


def test_a_second_person_confirms_a_waiver(
    client: Client, edition: Edition, cast: Cast, reading: MakeReading, screeners: Screeners
) -> None:
    dossier = in_screening(edition, cast, reading, {**FITTING, "union_member": False})
    ruling = acts.rule_on_clause(dossier, "G2", value="waived", reason="办理中", by=screeners.organiser)
    client.force_login(screeners.wang)
    assert "作为第二人确认" in client.get(page(dossier)).content.decode()
    client.post(page(dossier, "confirm", str(ruling.pk)), {"clause": "G2"})
    assert ClauseRuling.objects.get().confirmed_by == screeners.wang
    assert "没有这项认定" in client.post(page(dossier, "confirm", "99999"), follow=True).content.decode()


def test_facts_are_established_and_a_wrong_number_changes_nothing(li: Client, dossier: Dossier) -> None:
    wrong = {"fact-years_in_hangzhou": "三年", "fact-union_member": "no"}
    assert "须填整数" in li.post(page(dossier, "facts"), wrong, follow=True).content.decode()
    right = {"fact-years_in_hangzhou": "4", "fact-union_member": "", "fact-earlier_titles": "杭州工匠，浙江工匠"}
    li.post(page(dossier, "facts"), right)
    facts = declared_facts([Dossier.objects.select_related("person").get()])[dossier.pk]
    assert (facts["years_in_hangzhou"], facts["earlier_titles"]) == (4, ["杭州工匠", "浙江工匠"])
    assert "union_member" not in facts


def test_notes_are_written_and_a_conclusion_is_taken_up_again(
    client: Client, dossier: Dossier, screeners: Screeners
) -> None:
    client.force_login(screeners.organiser)
    client.post(page(dossier, "note"), {"text": "已核实"})
    client.post(page(dossier, "conclude"))
    client.post(page(dossier, "reopen"), {"reason": "新证据"})
    assert (Note.objects.count(), Screening.objects.get().state) == (2, "waiting")
    assert "已核实" in client.get(page(dossier)).content.decode()


def test_chosen_dossiers_are_given_to_a_screener(client: Client, dossier: Dossier, screeners: Screeners) -> None:
    client.force_login(screeners.organiser)
    client.post("/screening/assign/", {"dossier": [str(dossier.pk), "no key"], "screener": screeners.li.pk})
    assert Screening.objects.get().screener == screeners.li
    answer = client.post("/screening/assign/", {"screener": screeners.li.pk}, follow=True)
    assert "请选择材料" in answer.content.decode()


def test_who_is_not_in_screening_leads_to_the_queue(
    li: Client, edition: Edition, cast: Cast, reading: MakeReading
) -> None:
    nomination_acts.receive_packet(
        reading([person(1)]), edition=edition, unit=edition.spec.unit("330108"), by=cast.organiser
    )
    assert li.get(page(Dossier.objects.get()))["Location"] == "/screening/"


def test_the_queue_is_narrowed_by_a_finding_and_says_how_many_carry_it(
    li: Client, edition: Edition, cast: Cast, reading: MakeReading, dossier: Dossier
) -> None:
    other = in_screening(edition, cast, reading, FITTING, 2)
    FindingCount.objects.all().delete()
    FindingCount.objects.create(dossier=other, code="field.too_long")
    answer = li.get("/screening/?finding=field.too_long")
    assert [row.name for row in answer.context["rows"]] == [other.name]
    assert [(choice.value, choice.count) for choice in answer.context["findings"]] == [("field.too_long", 1)]
    assert li.get(page(other, "next") + "?finding=field.too_long")["Location"] == "/screening/?finding=field.too_long"


def test_the_paper_stands_in_the_split_view_with_what_was_found_numbered(
    client: Client, edition: Edition, cast: Cast, reading: MakeReading, screeners: Screeners
) -> None:
    dossier = in_screening(edition, cast, reading, FITTING)
    found = Finding("field.too_long", field="deeds", params={"label": "主要事迹", "limit": 400, "count": 450})
    odd = Finding("roster.missing")
    Revision.objects.update(findings=[found.as_stored(), odd.as_stored()])
    client.force_login(screeners.organiser)
    assert client.get(page(dossier)).context["paper"] is None
    answer = client.get(page(dossier) + "?leaf=paper&unit=330108")
    paper = answer.context["paper"]
    assert [(one.line.key, one.marks) for one in paper.long if one.marks] == [("deeds", (1,))]
    assert [(remark.number, remark.label) for remark in paper.remarks] == [(1, "主要事迹"), (2, "")]
    assert {one.line.key for one in paper.short} >= {"name", "id_number", "mobile"}
    assert "specialty" not in {one.line.key for one in (*paper.short, *paper.long)}
    content = answer.content.decode()
    assert person(1)["id_number"] not in content
    assert (answer.context["other_leaf"], "首届“杭州数字工匠”推荐表" in content) == ("?unit=330108", True)
    assert "已填写，此处不显示" in content


def test_the_leaf_stays_when_a_clause_was_ruled_on(li: Client, dossier: Dossier) -> None:
    sent = {"clause": "G6", "value": "met"}
    answer = li.post(page(dossier, "rule") + "?leaf=paper&state=waiting", sent)
    assert answer["Location"] == page(dossier) + "?state=waiting&leaf=paper#clause-G6"
    assert li.get(page(dossier, "next") + "?leaf=strange")["Location"] == "/screening/"


def test_the_chosen_that_fit_are_concluded_at_once(
    li: Client, edition: Edition, cast: Cast, reading: MakeReading, dossier: Dossier
) -> None:
    other = in_screening(edition, cast, reading, {**FITTING, "earlier_titles": ["杭州工匠"]}, 2)
    answer = li.post("/screening/conclude/?unit=330108", {"dossier": [dossier.pk, other.pk, "no key"]}, follow=True)
    assert answer.redirect_chain[0][0] == "/screening/?unit=330108"
    assert "已对 1 份材料作出结论" in answer.content.decode()
    assert "1 份须逐份查看" in answer.content.decode()
    assert set(Screening.objects.values_list("pk", "state")) == {(dossier.pk, "eligible"), (other.pk, "waiting")}
    assert "请先选择材料" in li.post("/screening/conclude/", follow=True).content.decode()
