"""Dossiers compared with lists: what counts, what waits, what a person decides, and what follows for the clauses."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from nomination.readings import Cast, MakeReading, person
from screening.conftest import FITTING, Screeners, in_screening
from screening.listing import EMPLOYER, firms, holders, imported
from screening.refusals import assert_refused

from jiangbang.kernel.credit_code import synthetic
from jiangbang.nomination import acts as nomination_acts
from jiangbang.nomination.facts import declared_facts
from jiangbang.nomination.models import DeclaredFact, Dossier
from jiangbang.programme.models import Edition
from jiangbang.register.models import Entry
from jiangbang.screening import acts, lists, titles
from jiangbang.screening.lists_comparing import Compared, compare, decide_match, outdated
from jiangbang.screening.lists_models import ListMatch
from jiangbang.screening.models import Screening
from jiangbang.screening.standings import standings_of

pytestmark = pytest.mark.django_db

NAME = str(person(1)["name"])
NUMBER = str(person(1)["id_number"])


def found() -> list[tuple[str, str, int, bool, bool]]:
    rows = ListMatch.objects.order_by("kind", "-score", "pk")
    return [(one.kind, one.way, one.score, one.counts, one.waits) for one in rows]


def known_titles(dossier: Dossier) -> object:
    at_hand = Dossier.objects.select_related("person").get(pk=dossier.pk)
    return declared_facts([at_hand])[dossier.pk].get("earlier_titles")


def clause(dossier: Dossier, code: str) -> tuple[str, bool]:
    at_hand = Dossier.objects.select_related("edition", "person", "accepted_revision__person").get(pk=dossier.pk)
    stands = standings_of([at_hand])[dossier.pk].clause(code)
    return stands.value, stands.stale


# -- firms -----------------------------------------------------------------------------------------------------------------


def test_a_firm_is_found_by_its_full_name_and_likely_by_a_like_one(
    edition: Edition, dossier: Dossier, screeners: Screeners
) -> None:
    imported(edition, firms((EMPLOYER, ""), ("另一家有限公司", "")), "little_giant", by=screeners.organiser)
    imported(edition, firms(("杭州云栖智联科技股份有限公司", "")), "unicorn", by=screeners.organiser)
    assert compare(edition, by=screeners.organiser) == Compared(1, 1, 1, 0)
    assert found() == [("little_giant", "name", 100, True, False), ("unicorn", "near", 96, False, True)]
    assert Entry.objects.get(type="list.compared").facts == {"dossiers": 1, "found": 1, "near": 1, "gone": 0}


def test_a_code_finds_a_firm_under_any_name_and_keeps_another_of_the_same_name_apart(
    edition: Edition, dossier: Dossier, screeners: Screeners
) -> None:
    nomination_acts.declare_facts(
        dossier, {"employer_code": synthetic(7)}, source=DeclaredFact.Source.UNIT, by=screeners.organiser
    )
    data = firms(("改名后的公司", synthetic(7)), (EMPLOYER, synthetic(8)))
    imported(edition, data, "kunpeng", by=screeners.organiser)
    compare(edition, by=screeners.organiser)
    assert found() == [("kunpeng", "code", 100, True, False)]
    imported(edition, firms((EMPLOYER, synthetic(8))), "unicorn", by=screeners.organiser)
    compare(edition, by=screeners.organiser)
    assert found()[1:] == [("unicorn", "near", 90, False, True)]


def test_a_wrong_code_is_not_compared(edition: Edition, dossier: Dossier, screeners: Screeners) -> None:
    wrong = synthetic(7)[:-1] + ("0" if synthetic(7)[-1] != "0" else "1")
    nomination_acts.declare_facts(
        dossier, {"employer_code": wrong}, source=DeclaredFact.Source.UNIT, by=screeners.organiser
    )
    imported(edition, firms(("改名后的公司", wrong)), "kunpeng", by=screeners.organiser)
    compare(edition, by=screeners.organiser)
    assert found() == []


def test_a_person_accepts_or_rejects_a_likely_row_and_may_decide_otherwise_later(
    edition: Edition, dossier: Dossier, screeners: Screeners
) -> None:
    name_list = imported(edition, firms(("杭州云栖智联科技股份有限公司", "")), "unicorn", by=screeners.organiser)
    compare(edition, by=screeners.organiser)
    match = ListMatch.objects.get()
    assert_refused("permission", lambda: decide_match(match, same=True, reason="x", by=screeners.discipline))
    assert_refused("no_reason", lambda: decide_match(match, same=True, reason=" ", by=screeners.li))
    decide_match(match, same=True, reason="工商登记查实", by=screeners.li)
    assert found() == [("unicorn", "near", 96, True, False)]
    decide_match(match, same=False, reason="是两家公司", by=screeners.wang)
    assert found() == [("unicorn", "near", 96, False, False)]
    kept = ListMatch.objects.get()
    assert kept.decided_by == screeners.wang
    assert "两家公司".encode() not in bytes(kept.sealed_reason)
    told = Entry.objects.filter(type__startswith="match.").order_by("index").values_list("type", "facts")
    facts = {"list": f"list:{name_list.pk}", "row": 2, "list_kind": "unicorn", "alike": 96}
    assert list(told) == [("match.accepted", facts), ("match.rejected", facts)]


def test_a_decision_is_carried_over_to_the_same_row_of_the_list_that_replaces(
    edition: Edition, dossier: Dossier, screeners: Screeners
) -> None:
    row = ("杭州云栖智联科技股份有限公司", "")
    old = imported(edition, firms(row), "unicorn", by=screeners.organiser)
    compare(edition, by=screeners.organiser)
    decide_match(ListMatch.objects.get(), same=True, reason="查实", by=screeners.li)
    imported(edition, firms(row, ("甲公司", "")), "unicorn", by=screeners.organiser, replaces=old)
    assert compare(edition, by=screeners.organiser) == Compared(1, 1, 0, 1)
    assert list(ListMatch.objects.order_by("pk").values_list("counts", "in_force", "decision")) == [
        (False, False, "accepted"),
        (True, True, "accepted"),
    ]
    assert_refused(
        "not_in_force",
        lambda: decide_match(ListMatch.objects.earliest("pk"), same=True, reason="x", by=screeners.li),
    )


def test_what_stood_on_a_list_that_was_withdrawn_no_longer_counts(
    edition: Edition, dossier: Dossier, screeners: Screeners
) -> None:
    name_list = imported(edition, firms((EMPLOYER, "")), "kunpeng", by=screeners.organiser)
    compare(edition, by=screeners.organiser)
    lists.withdraw_list(name_list, reason="误传", by=screeners.organiser)
    assert compare(edition, by=screeners.organiser) == Compared(1, 0, 0, 1)
    assert found() == []


def test_only_what_changed_is_compared_again(
    edition: Edition, cast: Cast, reading: MakeReading, dossier: Dossier, screeners: Screeners
) -> None:
    assert outdated(edition) == {}
    imported(edition, firms((EMPLOYER, "")), "kunpeng", by=screeners.organiser)
    assert compare(edition, by=screeners.organiser).dossiers == 1
    assert compare(edition, by=screeners.organiser).dossiers == 0
    in_screening(edition, cast, reading, FITTING, 2)
    assert compare(edition, by=screeners.organiser).dossiers == 1
    assert_refused("permission", lambda: compare(edition, by=screeners.discipline))


def test_people_of_projects_are_found_by_name_and_employer(
    edition: Edition, dossier: Dossier, screeners: Screeners
) -> None:
    data = holders((NAME, EMPLOYER, "2022"), (NAME, "毫不相干有限公司", "2022"), heading=("负责人", "承担单位", "年度"))
    imported(edition, data, "jianbing", by=screeners.organiser)
    compare(edition, by=screeners.organiser)
    assert found() == [("jianbing", "near", 99, False, True)]


# -- titles ----------------------------------------------------------------------------------------------------------------


def test_a_holder_known_by_number_is_excluded_and_only_the_clause_that_reads_it_opens(
    edition: Edition, dossier: Dossier, screeners: Screeners
) -> None:
    for code in ("X1", "G2"):
        acts.rule_on_clause(dossier, code, value="met", by=screeners.li)
    data = holders((NAME, "别的单位", NUMBER), heading=("姓名", "单位", "身份证号码"))
    imported(edition, data, "hangzhou_craftsman", by=screeners.organiser)
    compare(edition, by=screeners.organiser)
    assert found() == [("hangzhou_craftsman", "identity", 100, True, False)]
    assert known_titles(dossier) == ["杭州工匠"]
    assert (clause(dossier, "X1"), clause(dossier, "G2")) == (("open", True), ("met", False))
    acts.rule_on_clause(dossier, "X1", value="not_met", by=screeners.li)
    assert Screening.objects.get().answer == "not_eligible"


def test_another_number_is_somebody_else_however_alike_the_rest(
    edition: Edition, dossier: Dossier, screeners: Screeners
) -> None:
    data = holders((NAME, EMPLOYER, str(person(5)["id_number"])), heading=("姓名", "单位", "身份证号码"))
    imported(edition, data, "hangzhou_craftsman", by=screeners.organiser)
    compare(edition, by=screeners.organiser)
    assert (found(), known_titles(dossier)) == ([], [])


def test_while_a_likely_row_waits_a_declared_none_is_not_believed(
    edition: Edition, dossier: Dossier, screeners: Screeners
) -> None:
    imported(edition, holders((NAME, EMPLOYER, "2019")), "zhejiang_craftsman", by=screeners.organiser)
    compare(edition, by=screeners.organiser)
    assert found() == [("zhejiang_craftsman", "near", 99, False, True)]
    assert (known_titles(dossier), clause(dossier, "X1")) == (None, ("open", False))
    assert Screening.objects.get().answer == "open"
    decide_match(ListMatch.objects.get(), same=False, reason="同名，出生年份不同", by=screeners.li)
    assert (known_titles(dossier), clause(dossier, "X1")) == ([], ("met", False))
    assert Screening.objects.get().answer == "eligible"


def test_an_accepted_row_becomes_the_fact_and_a_changed_mind_takes_it_back(
    edition: Edition, dossier: Dossier, screeners: Screeners
) -> None:
    imported(edition, holders((NAME, EMPLOYER, "2019")), "zhejiang_craftsman", by=screeners.organiser)
    compare(edition, by=screeners.organiser)
    decide_match(ListMatch.objects.get(), same=True, reason="本人承认", by=screeners.li)
    assert (known_titles(dossier), clause(dossier, "X1")) == (["浙江工匠"], ("not_met", False))
    decide_match(ListMatch.objects.get(), same=False, reason="查无此事", by=screeners.li)
    assert (known_titles(dossier), clause(dossier, "X1")) == ([], ("met", False))


def test_a_withdrawn_list_takes_its_titles_along(edition: Edition, dossier: Dossier, screeners: Screeners) -> None:
    data = holders((NAME, "别的单位", NUMBER), heading=("姓名", "单位", "身份证号码"))
    name_list = imported(edition, data, "hangzhou_craftsman", by=screeners.organiser)
    compare(edition, by=screeners.organiser)
    lists.withdraw_list(name_list, reason="误传", by=screeners.organiser)
    compare(edition, by=screeners.organiser)
    # the unit's own word counts again
    assert known_titles(dossier) == []


def test_a_nominee_prize_holder_may_stand_again(edition: Edition, dossier: Dossier, screeners: Screeners) -> None:
    imported(edition, holders((NAME, EMPLOYER, "2022")), "hangzhou_craftsman_nominee", by=screeners.organiser)
    compare(edition, by=screeners.organiser)
    assert found() == [("hangzhou_craftsman_nominee", "near", 99, False, False)]
    decide_match(ListMatch.objects.get(), same=True, reason="本人承认", by=screeners.li)
    assert (known_titles(dossier), clause(dossier, "X1")) == ([], ("met", False))


def test_a_title_is_not_decided_once_the_screening_is_concluded(
    edition: Edition, dossier: Dossier, screeners: Screeners
) -> None:
    acts.conclude_screening(dossier, by=screeners.li)
    imported(edition, holders((NAME, EMPLOYER, "2019")), "zhejiang_craftsman", by=screeners.organiser)
    compare(edition, by=screeners.organiser)
    assert_refused("concluded", lambda: decide_match(ListMatch.objects.get(), same=True, reason="x", by=screeners.li))


def test_a_failed_entry_undoes_the_decision(
    edition: Edition, dossier: Dossier, screeners: Screeners, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(edition, holders((NAME, EMPLOYER, "2019")), "zhejiang_craftsman", by=screeners.organiser)
    compare(edition, by=screeners.organiser)

    def broken(*_: object) -> None:
        raise OSError("disk")

    monkeypatch.setattr("jiangbang.register.acts._append", broken)
    with pytest.raises(OSError, match="disk"):
        decide_match(ListMatch.objects.get(), same=True, reason="本人承认", by=screeners.li)
    assert (ListMatch.objects.get().decision, known_titles(dossier)) == ("", None)


def test_a_title_of_an_earlier_edition_keeps_its_holder_out_and_the_nominee_in(
    edition: Edition, cast: Cast, reading: MakeReading, screeners: Screeners
) -> None:
    unit = edition.spec.unit("330108")
    nomination_acts.receive_packet(reading([person(1), person(2)]), edition=edition, unit=unit, by=cast.organiser)
    later = Edition.objects.get(slug="2024")
    nomination_acts.receive_packet(
        reading([person(1), person(2)], salt="later"), edition=later, unit=later.spec.unit("330108"), by=cast.organiser
    )
    imported(later, holders((NAME, EMPLOYER, 2023)), "digital_craftsman", by=screeners.organiser)
    imported(later, holders((person(2)["name"], EMPLOYER, 2023)), "digital_craftsman_nominee", by=screeners.organiser)
    compare(later, by=screeners.organiser)
    assert found() == [
        ("digital_craftsman", "identity", 100, True, False),
        ("digital_craftsman_nominee", "identity", 100, True, False),
    ]
    holder, nominee = Dossier.objects.filter(edition=later).order_by(
        "name" if str(person(2)["name"]) > NAME else "-name"
    )
    assert (known_titles(holder), known_titles(nominee)) == (["杭州数字工匠"], None)
    assert clause(holder, "X4") == ("not_met", False)


# -- found on no list ------------------------------------------------------------------------------------------------------


def test_none_is_established_for_everybody_only_once_every_title_has_a_list(
    edition: Edition, cast: Cast, reading: MakeReading, screeners: Screeners
) -> None:
    silent = {key: value for key, value in FITTING.items() if key != "earlier_titles"}
    clean, likely = in_screening(edition, cast, reading, silent, 1), in_screening(edition, cast, reading, silent, 12)
    imported(edition, holders((likely.name, EMPLOYER, 2019)), "zhejiang_craftsman", by=screeners.organiser)
    compare(edition, by=screeners.organiser)
    assert_refused("not_covered", lambda: titles.establish_none(edition, by=screeners.organiser))
    imported(edition, holders(("无此人", EMPLOYER, 2019)), "hangzhou_craftsman", by=screeners.organiser)
    compare(edition, by=screeners.organiser)
    assert_refused("permission", lambda: titles.establish_none(edition, by=screeners.li))
    assert titles.establish_none(edition, by=screeners.organiser) == 1
    assert titles.establish_none(edition, by=screeners.organiser) == 0
    assert (known_titles(clean), known_titles(likely)) == ([], None)
    assert dict(Screening.objects.values_list("pk", "answer")) == {clean.pk: "eligible", likely.pk: "open"}
    assert Entry.objects.get(type="titles.none_found").facts == {"dossiers": 1}
    # the last likely row rejected says the same for the other one
    decide_match(ListMatch.objects.get(), same=False, reason="同名", by=screeners.li)
    assert known_titles(likely) == []


def test_comparing_takes_no_more_queries_for_more_dossiers(
    edition: Edition, cast: Cast, reading: MakeReading, screeners: Screeners
) -> None:
    imported(edition, firms((EMPLOYER, "")), "kunpeng", by=screeners.organiser)
    counts = []
    for numbers in ((1,), (2, 3, 4)):
        for number in numbers:
            in_screening(edition, cast, reading, FITTING, number)
        with CaptureQueriesContext(connection) as queries:
            compare(edition, by=screeners.organiser)
        counts.append(len(queries))
    assert counts[0] == counts[1]
