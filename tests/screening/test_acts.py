"""Ruling on clauses, second persons, conclusions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from nomination.readings import Cast, MakeReading, person
from screening.conftest import FITTING, Screeners, in_screening
from screening.refusals import assert_refused

from jiangbang.nomination import acts as nomination_acts
from jiangbang.nomination.models import DeclaredFact, Dossier
from jiangbang.programme.models import Edition
from jiangbang.register import acts as register_acts
from jiangbang.register.models import Entry
from jiangbang.screening import acts
from jiangbang.screening.models import ClauseRuling, Note, Screening
from jiangbang.screening.standings import reason_of, standings_of

pytestmark = pytest.mark.django_db


def told(*types: str) -> list[tuple[str, dict[str, object]]]:
    """The entries of these types in their order, without the digests."""
    return [
        (entry.type, {key: value for key, value in entry.facts.items() if key != "rests_on"})
        for entry in Entry.objects.filter(type__in=types).order_by("index")
    ]


def as_listed(dossier: Dossier) -> tuple[str, str, int]:
    found = Screening.objects.get(pk=dossier.pk)
    return found.state, found.answer, found.open_count


# -- beginning and assigning -----------------------------------------------------------------------------------------------


def test_screening_begins_with_every_accepted_dossier_and_takes_later_ones_up(
    edition: Edition, cast: Cast, reading: MakeReading, screeners: Screeners
) -> None:
    unit = edition.spec.unit("330108")
    nomination_acts.receive_packet(
        reading([person(1), person(2), person(3, mobile=None)]), edition=edition, unit=unit, by=cast.organiser
    )
    assert acts.begin_screening(edition, by=cast.organiser) == 2
    assert acts.begin_screening(edition, by=cast.organiser) == 0
    nomination_acts.receive_packet(reading([person(4)]), edition=edition, unit=unit, by=cast.organiser)
    assert acts.begin_screening(edition, by=cast.organiser) == 1
    assert {(row.state, row.answer, row.open_count) for row in Screening.objects.all()} == {("waiting", "open", 12)}
    assert told("screening.begun") == [("screening.begun", {"dossiers": 2}), ("screening.begun", {"dossiers": 1})]
    assert_refused("permission", lambda: acts.begin_screening(edition, by=screeners.li))


def test_dossiers_are_given_to_those_who_may_screen(edition: Edition, dossier: Dossier, screeners: Screeners) -> None:
    give = [dossier.pk]
    assert acts.assign_screener(edition, give, screener=screeners.li, by=screeners.organiser) == 1
    assert acts.assign_screener(edition, give, screener=screeners.li, by=screeners.organiser) == 0
    assert Screening.objects.get().screener == screeners.li
    assert told("screening.assigned") == [("screening.assigned", {"screener": f"user:{screeners.li.pk}"})]
    assert_refused(
        "no_screener",
        lambda: acts.assign_screener(edition, give, screener=screeners.discipline, by=screeners.organiser),
    )
    assert_refused("permission", lambda: acts.assign_screener(edition, give, screener=screeners.wang, by=screeners.li))


# -- ruling ----------------------------------------------------------------------------------------------------------------


def test_a_confirmation_needs_no_reason_and_is_kept_once(dossier: Dossier, screeners: Screeners) -> None:
    first = acts.rule_on_clause(dossier, "G4", value="met", by=screeners.li)
    assert acts.rule_on_clause(dossier, "G4", value="met", by=screeners.li) == first
    assert (first.counts, ClauseRuling.objects.count()) == (True, 1)
    assert told("clause.ruled") == [("clause.ruled", {"clause": "G4", "value": "met", "number": 1})]


def test_ruling_otherwise_keeps_its_reason_sealed_and_its_history(dossier: Dossier, screeners: Screeners) -> None:
    acts.rule_on_clause(dossier, "G6", value="not_met", reason="已转任行政总监", by=screeners.li)
    acts.rule_on_clause(dossier, "G6", value="met", reason="兼任，仍在一线开发", by=screeners.wang)
    rulings = list(ClauseRuling.objects.order_by("number"))
    assert [(one.number, one.value, reason_of(one, dossier)) for one in rulings] == [
        (1, "not_met", "已转任行政总监"),
        (2, "met", "兼任，仍在一线开发"),
    ]
    assert "行政总监".encode() not in bytes(rulings[0].sealed_reason)
    assert as_listed(dossier) == ("waiting", "eligible", 0)


def test_asking_for_evidence_opens_the_clause(dossier: Dossier, screeners: Screeners) -> None:
    acts.rule_on_clause(dossier, "C2", value="open", reason="请附专利证书", by=screeners.li)
    assert as_listed(dossier) == ("waiting", "open", 1)
    assert_refused("open", lambda: acts.conclude_screening(dossier, by=screeners.li))


def test_a_waiver_counts_once_another_person_has_confirmed_it(
    edition: Edition, cast: Cast, reading: MakeReading, screeners: Screeners
) -> None:
    dossier = in_screening(edition, cast, reading, {**FITTING, "institution_or_soe_leader": True})
    ruling = acts.rule_on_clause(dossier, "X3", value="waived", reason="一线带班，院办公会同意", by=screeners.organiser)
    assert (ruling.counts, as_listed(dossier)) == (False, ("waiting", "not_eligible", 0))
    assert_refused("same_person", lambda: acts.confirm_ruling(ruling, by=screeners.organiser))
    assert_refused("permission", lambda: acts.confirm_ruling(ruling, by=screeners.discipline))
    acts.confirm_ruling(ruling, by=screeners.li)
    assert as_listed(dossier) == ("waiting", "eligible", 0)
    assert_refused("not_needed", lambda: acts.confirm_ruling(ruling, by=screeners.wang))
    assert told("clause.confirmed") == [("clause.confirmed", {"clause": "X3", "value": "waived", "number": 1})]


def test_a_ruling_that_was_overtaken_cannot_be_confirmed(
    edition: Edition, cast: Cast, reading: MakeReading, screeners: Screeners
) -> None:
    dossier = in_screening(edition, cast, reading, {**FITTING, "union_member": False})
    first = acts.rule_on_clause(dossier, "G2", value="waived", reason="正在办理", by=screeners.organiser)
    acts.rule_on_clause(dossier, "G2", value="open", reason="请补会员证", by=screeners.li)
    assert_refused("superseded", lambda: acts.confirm_ruling(first, by=screeners.li))


@pytest.mark.parametrize(
    ("code", "clause", "value", "reason", "who"),
    [
        ("permission", "G1", "met", "", "discipline"),
        ("permission", "G1", "met", "", "stranger"),
        ("permission", "G1", "waived", "例外", "li"),
        ("unknown_value", "G1", "perhaps", "x", "li"),
        ("unknown_clause", "G99", "met", "", "li"),
        ("not_waivable", "G3", "waived", "例外", "organiser"),
        ("no_reason", "G1", "not_met", " ", "li"),
        ("no_reason", "G1", "open", "", "li"),
        ("no_reason", "G1", "waived", "", "organiser"),
    ],
)
def test_rulings_are_refused_by_name(
    dossier: Dossier, screeners: Screeners, code: str, clause: str, value: str, reason: str, who: str
) -> None:
    by = getattr(screeners, who)
    assert_refused(code, lambda: acts.rule_on_clause(dossier, clause, value=value, reason=reason, by=by))
    assert ClauseRuling.objects.count() == 0


def test_who_is_not_in_screening_is_not_ruled_on(
    edition: Edition, cast: Cast, reading: MakeReading, screeners: Screeners
) -> None:
    nomination_acts.receive_packet(
        reading([person(1)]), edition=edition, unit=edition.spec.unit("330108"), by=cast.organiser
    )
    found = Dossier.objects.get()
    assert_refused("not_in_screening", lambda: acts.rule_on_clause(found, "G1", value="met", by=screeners.li))


def test_a_changed_fact_opens_the_rulings_that_read_it_and_no_other(dossier: Dossier, screeners: Screeners) -> None:
    acts.rule_on_clause(dossier, "G2", value="met", by=screeners.li)
    acts.rule_on_clause(dossier, "G6", value="not_met", reason="转岗", by=screeners.li)
    nomination_acts.declare_facts(
        dossier, {"in_technical_post": None}, source=DeclaredFact.Source.OFFICE, by=screeners.organiser
    )
    found = standings_of([Dossier.objects.select_related("edition", "person", "accepted_revision__person").get()])
    clauses = {one.clause: (one.value, one.stale) for one in found[dossier.pk].clauses if one.ruled}
    assert clauses == {"G2": ("met", False), "G6": ("open", True)}


# -- concluding ------------------------------------------------------------------------------------------------------------


def test_who_fits_is_eligible_by_one_word(dossier: Dossier, screeners: Screeners) -> None:
    assert acts.conclude_screening(dossier, by=screeners.li) == "eligible"
    assert told("screening.concluded") == [("screening.concluded", {"answer": "eligible", "clauses": []})]
    assert_refused("concluded", lambda: acts.conclude_screening(dossier, by=screeners.wang))
    assert_refused("concluded", lambda: acts.rule_on_clause(dossier, "G1", value="met", by=screeners.wang))


def test_a_no_names_its_clauses_and_needs_two_persons(
    edition: Edition, cast: Cast, reading: MakeReading, screeners: Screeners
) -> None:
    dossier = in_screening(edition, cast, reading, {**FITTING, "earlier_titles": ["杭州工匠"]})
    assert acts.conclude_screening(dossier, by=screeners.li) == "second"
    assert_refused("same_person", lambda: acts.conclude_screening(dossier, by=screeners.li))
    assert acts.conclude_screening(dossier, by=screeners.wang) == "not_eligible"
    facts = {"answer": "not_eligible", "clauses": ["X1"]}
    assert told("screening.concluded", "screening.confirmed") == [
        ("screening.concluded", facts),
        ("screening.confirmed", facts),
    ]
    found = Screening.objects.get()
    assert (found.concluded_by, found.confirmed_by) == (screeners.li, screeners.wang)


def test_what_changed_between_the_two_words_starts_over(
    edition: Edition, cast: Cast, reading: MakeReading, screeners: Screeners
) -> None:
    dossier = in_screening(edition, cast, reading, {**FITTING, "earlier_titles": ["杭州工匠"]})
    acts.conclude_screening(dossier, by=screeners.li)
    acts.rule_on_clause(dossier, "X1", value="met", reason="同名他人", by=screeners.wang)
    assert acts.conclude_screening(dossier, by=screeners.li) == "eligible"


def test_conclusions_are_refused_without_the_right_or_taken_up_again_without_reason(
    dossier: Dossier, screeners: Screeners
) -> None:
    assert_refused("permission", lambda: acts.conclude_screening(dossier, by=screeners.discipline))
    assert_refused("not_concluded", lambda: acts.reopen_screening(dossier, reason="x", by=screeners.organiser))
    acts.conclude_screening(dossier, by=screeners.li)
    assert_refused("permission", lambda: acts.reopen_screening(dossier, reason="x", by=screeners.li))
    assert_refused("no_reason", lambda: acts.reopen_screening(dossier, reason="", by=screeners.organiser))
    acts.reopen_screening(dossier, reason="收到新证据", by=screeners.organiser)
    assert as_listed(dossier) == ("waiting", "eligible", 0)
    assert told("screening.reopened") == [("screening.reopened", {"answer": "eligible"})]


def test_notes_are_sealed_and_not_empty(dossier: Dossier, screeners: Screeners) -> None:
    acts.write_note(dossier, "电话核实过在职情况", by=screeners.li)
    assert "核实".encode() not in bytes(Note.objects.get().sealed)
    assert_refused("empty", lambda: acts.write_note(dossier, "  ", by=screeners.li))
    assert_refused("permission", lambda: acts.write_note(dossier, "x", by=screeners.discipline))


@pytest.mark.parametrize(
    "act",
    [
        lambda dossier, who: acts.rule_on_clause(dossier, "G1", value="met", by=who.li),
        lambda dossier, who: acts.conclude_screening(dossier, by=who.li),
        lambda dossier, who: acts.write_note(dossier, "x", by=who.li),
        lambda dossier, who: acts.assign_screener(dossier.edition, [dossier.pk], screener=who.li, by=who.organiser),
    ],
)
def test_a_failed_register_write_undoes_the_act(
    dossier: Dossier, screeners: Screeners, act: Callable[[Dossier, Screeners], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_entries: object) -> None:
        raise RuntimeError

    before = Screening.objects.values().get()
    monkeypatch.setattr(register_acts, "_append", fail)
    with pytest.raises(RuntimeError):
        act(dossier, screeners)
    assert (Screening.objects.values().get(), ClauseRuling.objects.count(), Note.objects.count()) == (before, 0, 0)
