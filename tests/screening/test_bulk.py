"""Conclusions in bulk, where nothing is left to look at."""

from __future__ import annotations

import uuid

import pytest
from django.utils import timezone
from nomination.readings import Cast, MakeReading
from screening.conftest import FITTING, Screeners, in_screening
from screening.refusals import assert_refused

from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition
from jiangbang.register import acts as register_acts
from jiangbang.register.models import Entry
from jiangbang.screening import acts, bulk
from jiangbang.screening.bulk import Bulk, conclude_eligible
from jiangbang.screening.duplicates_models import DuplicatePair
from jiangbang.screening.models import Screening

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(edition: Edition, cast: Cast, reading: MakeReading, screeners: Screeners) -> list[Dossier]:
    return [in_screening(edition, cast, reading, FITTING, number) for number in range(3)]


def states() -> dict[object, str]:
    return dict(Screening.objects.values_list("pk", "state"))


def test_all_that_fit_are_concluded_each_with_its_entry(
    edition: Edition, three: list[Dossier], screeners: Screeners
) -> None:
    keys = [dossier.pk for dossier in three]
    assert conclude_eligible(edition, keys, by=screeners.li) == Bulk(3, 0)
    assert set(states().values()) == {"eligible"}
    entries = Entry.objects.filter(type="screening.concluded")
    assert {entry.subject for entry in entries} == {dossier.subject for dossier in three}
    before = Entry.objects.count()
    assert conclude_eligible(edition, keys, by=screeners.li) == Bulk(0, 3)
    assert Entry.objects.count() == before


def test_whoever_is_to_be_looked_at_stays(edition: Edition, three: list[Dossier], screeners: Screeners) -> None:
    clean, warned, returned = three
    Dossier.objects.filter(pk=warned.pk).update(warn_count=1)
    Dossier.objects.filter(pk=returned.pk).update(state="waiting")
    assert conclude_eligible(edition, [one.pk for one in three], by=screeners.li) == Bulk(1, 2)
    assert states() == {clean.pk: "eligible", warned.pk: "waiting", returned.pk: "waiting"}


def test_a_no_and_an_open_clause_are_never_said_in_bulk(
    edition: Edition, cast: Cast, reading: MakeReading, screeners: Screeners
) -> None:
    excluded = in_screening(edition, cast, reading, {**FITTING, "earlier_titles": ["杭州工匠"]}, 1)
    unknown = in_screening(edition, cast, reading, {}, 2)
    assert conclude_eligible(edition, [excluded.pk, unknown.pk, uuid.uuid4()], by=screeners.li) == Bulk(0, 3)
    assert set(states().values()) == {"waiting"}


def test_a_likeness_must_be_decided_on_first(edition: Edition, three: list[Dossier], screeners: Screeners) -> None:
    first, second, third = three
    assert first.accepted_revision_id is not None
    pair = DuplicatePair.objects.create(
        edition=edition,
        kind="text",
        first=first,
        second=second,
        first_revision_id=first.accepted_revision_id,
        second_revision_id=second.accepted_revision_id,
        score=900,
        found_at=timezone.now(),
    )
    assert conclude_eligible(edition, [one.pk for one in three], by=screeners.li) == Bulk(1, 2)
    assert states()[third.pk] == "eligible"
    pair.delete()
    assert conclude_eligible(edition, [first.pk, second.pk], by=screeners.li) == Bulk(2, 0)


def test_what_is_refused(
    edition: Edition, three: list[Dossier], screeners: Screeners, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_refused("permission", lambda: conclude_eligible(edition, [three[0].pk], by=screeners.discipline))
    assert_refused("none_chosen", lambda: conclude_eligible(edition, [], by=screeners.li))
    monkeypatch.setattr(bulk, "MOST", 2)
    assert_refused("too_many", lambda: conclude_eligible(edition, [one.pk for one in three], by=screeners.li))


def test_a_returned_dossier_cannot_be_concluded(edition: Edition, three: list[Dossier], screeners: Screeners) -> None:
    Dossier.objects.filter(pk=three[0].pk).update(state="waiting")
    assert_refused("returned", lambda: acts.conclude_screening(three[0], by=screeners.li))


def test_a_failed_register_write_concludes_nobody(
    edition: Edition, three: list[Dossier], screeners: Screeners, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_entries: object) -> None:
        raise RuntimeError("no register")

    monkeypatch.setattr(register_acts, "_append", fails)
    with pytest.raises(RuntimeError):
        conclude_eligible(edition, [one.pk for one in three], by=screeners.li)
    assert set(states().values()) == {"waiting"}
