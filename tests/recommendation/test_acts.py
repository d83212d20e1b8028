"""The acts of a unit's workspace: what they do, what they refuse, and that a failing register undoes them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from recommendation.people import (
    OTHER_UNIT,
    UNIT,
    People,
    State,
    again,
    drafted,
    invited,
    ready,
    sealed_form,
    unit_of,
    with_unit,
)

from jiangbang.candidacy.drafts import answers_of
from jiangbang.candidacy.models import Candidacy
from jiangbang.programme.models import Edition
from jiangbang.recommendation import acts, queries, scanning, submitting
from jiangbang.recommendation.acts import OrderConflict
from jiangbang.register import acts as register_acts
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db

OPINION = "同意推荐，材料属实。"


def code_of(attempt: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as refused:
        attempt()
    return refused.value.code


def newest() -> Entry:
    found = Entry.objects.order_by("-index").first()
    assert found is not None
    return found


@pytest.fixture
def after_the_deadline(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Lets the deadline go by when it is called."""
    return lambda: monkeypatch.setattr(Edition, "now", lambda _self: edition.deadline.at + timedelta(days=1))


@pytest.fixture
def broken_register(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Lets the register fail from when it is called."""

    def fail(_entries: object) -> None:
        raise RuntimeError("the register cannot be written")

    return lambda: monkeypatch.setattr(register_acts, "_append", fail)


# --- order ------------------------------------------------------------------------------------------------------------


def order(edition: Edition, people: People, ranked: list[Candidacy], expected: int = 0, who: str = "unit") -> Any:
    pks = [one.pk for one in ranked]
    return acts.order_nominees(edition, unit_of(edition), pks, expected=expected, by=getattr(people, who))


def test_the_order_is_saved_with_its_version(edition: Edition, people: People) -> None:
    three = [invited(edition, people.unit, number) for number in (1, 2, 3)]
    saved = order(edition, people, [three[2], three[0], three[1]])
    assert (saved.version, saved.saved_by) == (1, people.unit)
    assert [one.name for one in queries.standing_candidacies(edition, UNIT)] == [three[i].name for i in (2, 0, 1)]
    assert newest().facts == {
        "unit": UNIT,
        "version": 1,
        "people": [str(three[i].pk) for i in (2, 0, 1)],
    }


def test_the_same_order_again_changes_nothing(edition: Edition, people: People) -> None:
    two = [invited(edition, people.unit, number) for number in (1, 2)]
    order(edition, people, two)
    size = Entry.objects.count()
    assert order(edition, people, two, expected=1).version == 1
    assert Entry.objects.count() == size


def test_the_later_of_two_people_is_told(edition: Edition, people: People) -> None:
    two = [invited(edition, people.unit, number) for number in (1, 2)]
    order(edition, people, two)
    with pytest.raises(OrderConflict) as conflict:
        order(edition, people, two[::-1], expected=0, who="colleague")
    assert str(people.unit) in str(conflict.value)
    assert [again(one).rank for one in two] == [1, 2]


def test_who_was_invited_meanwhile_comes_last(edition: Edition, people: People) -> None:
    two = [invited(edition, people.unit, number) for number in (1, 2)]
    late = invited(edition, people.unit, 3)
    order(edition, people, two[::-1])
    assert [again(one).rank for one in (two[1], two[0], late)] == [1, 2, 3]


def test_an_order_of_others_is_refused(edition: Edition, people: People) -> None:
    one = invited(edition, people.unit, 1)
    stranger = Candidacy(pk=uuid.uuid4())
    assert code_of(lambda: order(edition, people, [one, stranger])) == "unknown_nominee"
    assert code_of(lambda: order(edition, people, [one, one])) == "unknown_nominee"
    for who in ("other", "organiser", "discipline", "stranger"):
        assert code_of(lambda who=who: order(edition, people, [one], who=who)) == "permission"  # type: ignore[misc]


def test_after_the_deadline_the_order_stands(
    edition: Edition, people: People, after_the_deadline: Callable[[], None]
) -> None:
    one = invited(edition, people.unit, 1)
    after_the_deadline()
    assert code_of(lambda: order(edition, people, [one])) == "late"


def test_a_failing_register_undoes_the_order(
    edition: Edition, people: People, broken_register: Callable[[], None]
) -> None:
    two = [invited(edition, people.unit, number) for number in (1, 2)]
    broken_register()
    with pytest.raises(RuntimeError), transaction.atomic():
        order(edition, people, two)
    assert [again(one).rank for one in two] == [None, None]
    assert queries.order_version(edition, UNIT).version == 0


# --- opinion ----------------------------------------------------------------------------------------------------------


def opinion(
    candidacies: list[Candidacy], people: People, text: str = OPINION, day: str = "2023-03-20", who: str = "unit"
) -> Any:
    return acts.give_opinion(candidacies, text, day, by=getattr(people, who))


def test_one_opinion_stands_on_many_forms(edition: Edition, people: People) -> None:
    two = [with_unit(edition, people.unit, number) for number in (1, 2)]
    assert opinion(two, people) == 2
    for one in two:
        given = queries.readiness(again(one)).opinion
        assert given == {"text": OPINION, "sealed": False, "date": "2023-03-20"}
        assert queries.readiness(again(one)).complete


def test_a_sealed_form_makes_it_a_sealed_opinion_whichever_comes_first(edition: Edition, people: People) -> None:
    before, after = (with_unit(edition, people.unit, number) for number in (1, 2))
    scanning.bring_scan(before, [sealed_form()], by=people.unit)
    opinion([before, after], people)
    scanning.bring_scan(again(after), [sealed_form()], by=people.unit)
    assert [queries.readiness(again(one)).opinion["sealed"] for one in (before, after)] == [True, True]  # type: ignore[index]


@pytest.mark.parametrize("day", ["", "2023-02-30", "20. März", "2023-03-21", "1900-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_refused(edition: Edition, people: People, day: str) -> None:
    one = with_unit(edition, people.unit, 1)
    assert code_of(lambda: opinion([one], people, day=day)) == "date"


def test_opinions_are_refused(edition: Edition, people: People) -> None:
    mine, begun = with_unit(edition, people.unit, 1), drafted(edition, people.unit, 2)
    assert code_of(lambda: opinion([], people)) == "nobody"
    assert code_of(lambda: opinion([mine], people, text="  ")) == "no_opinion"
    assert code_of(lambda: opinion([mine], people, text="同" * 2001)) == "too_long"
    assert code_of(lambda: opinion([mine, begun], people)) == "not_with_unit"
    assert queries.readiness(again(mine)).opinion is None
    for who in ("other", "organiser", "discipline", "stranger"):
        assert code_of(lambda who=who: opinion([mine], people, who=who)) == "permission"  # type: ignore[misc]


def test_a_failing_register_undoes_every_opinion(
    edition: Edition, people: People, broken_register: Callable[[], None]
) -> None:
    two = [with_unit(edition, people.unit, number) for number in (1, 2)]
    broken_register()
    with pytest.raises(RuntimeError), transaction.atomic():
        opinion(two, people)
    assert [queries.readiness(again(one)).opinion for one in two] == [None, None]


# --- facts ------------------------------------------------------------------------------------------------------------


def test_the_unit_s_word_stands_before_the_candidate_s(edition: Edition, people: People) -> None:
    from jiangbang.candidacy.drafts import write_answer

    one = with_unit(edition, people.unit, 1)
    write_answer(one, "fact.union_member", False, by=people.unit)
    changed = acts.declare_for(one, {"union_member": "yes", "earlier_titles": "无"}, by=people.unit)
    assert changed == ["union_member", "earlier_titles"]
    answers = answers_of(again(one))
    assert queries.declared_by_both(one, answers) == {"union_member": True, "earlier_titles": []}
    assert newest().facts == {"keys": changed, "source": "unit"}
    assert "union_member" not in {key for finding in queries.readiness(again(one)).clauses for key in finding.params}


def test_what_was_declared_can_be_taken_back(edition: Edition, people: People) -> None:
    one = with_unit(edition, people.unit, 1)
    acts.declare_for(one, {"union_member": "yes"}, by=people.unit)
    size = Entry.objects.count()
    assert acts.declare_for(one, {"union_member": "yes"}, by=people.unit) == []
    assert Entry.objects.count() == size
    acts.declare_for(one, {"union_member": ""}, by=people.unit)
    assert queries.unit_facts(one, answers_of(one)) == {}


def test_declaring_is_refused(edition: Edition, people: People) -> None:
    one = with_unit(edition, people.unit, 1)
    facts = {"union_member": "yes"}
    assert code_of(lambda: acts.declare_for(one, {"shoe_size": "44"}, by=people.unit)) == "unknown_fact"
    assert code_of(lambda: acts.declare_for(drafted(edition, people.unit, 2), facts, by=people.unit)) == "not_with_unit"
    for who in ("other", "organiser", "stranger"):
        assert code_of(lambda who=who: acts.declare_for(one, facts, by=getattr(people, who))) == "permission"  # type: ignore[misc]


def test_a_failing_register_undoes_a_declaration(
    edition: Edition, people: People, broken_register: Callable[[], None]
) -> None:
    one = with_unit(edition, people.unit, 1)
    broken_register()
    with pytest.raises(RuntimeError), transaction.atomic():
        acts.declare_for(one, {"union_member": "yes"}, by=people.unit)
    assert queries.unit_facts(one, answers_of(one)) == {}


# --- reopening, taking forms away ------------------------------------------------------------------------------------


@pytest.fixture
def submitted(edition: Edition, people: People) -> Candidacy:
    one = ready(edition, people.unit, 1)
    prepared = submitting.prepare(edition, unit_of(edition), [one], by=people.unit)
    submitting.submit_packet(prepared, declaration="属实", by=people.unit)
    return again(one)


def test_a_submitted_form_is_taken_up_again(people: People, submitted: Candidacy) -> None:
    acts.reopen(submitted, by=people.colleague)
    assert again(submitted).state == State.WITH_UNIT
    assert again(submitted).confirmed_at == submitted.confirmed_at
    assert newest().type == "candidacy.reopened"
    assert code_of(lambda: acts.reopen(again(submitted), by=people.unit)) == "not_submitted"


def test_reopening_is_refused(people: People, submitted: Candidacy, after_the_deadline: Callable[[], None]) -> None:
    for who in ("other", "organiser", "stranger"):
        assert code_of(lambda who=who: acts.reopen(submitted, by=getattr(people, who))) == "permission"  # type: ignore[misc]
    after_the_deadline()
    assert code_of(lambda: acts.reopen(submitted, by=people.unit)) == "late"


def test_a_failing_register_leaves_it_submitted(
    people: People, submitted: Candidacy, broken_register: Callable[[], None]
) -> None:
    broken_register()
    with pytest.raises(RuntimeError), transaction.atomic():
        acts.reopen(submitted, by=people.unit)
    assert again(submitted).state == State.SUBMITTED


def test_forms_taken_away_stand_in_the_register(edition: Edition, people: People) -> None:
    one = with_unit(edition, people.unit, 1)
    unit = unit_of(edition)
    acts.note_forms_taken([one], edition, unit, by=people.unit)
    assert (newest().type, newest().facts) == ("file.downloaded", {"file": "forms.zip"})
    assert code_of(lambda: acts.note_forms_taken([], edition, unit, by=people.unit)) == "nobody"
    other = edition.spec.unit(OTHER_UNIT)
    assert code_of(lambda: acts.note_forms_taken([one], edition, other, by=people.unit)) == "permission"
