"""The queue's rows follow facts, revisions and clauses."""

from __future__ import annotations

import os

import pytest
from nomination.readings import Cast, MakeReading, person
from screening.conftest import FITTING, Screeners, in_screening

from jiangbang.nomination import acts as nomination_acts
from jiangbang.nomination.models import DeclaredFact, Dossier, Person
from jiangbang.programme.models import Edition
from jiangbang.queue.jobs import JOBS, discover
from jiangbang.screening import refreshing
from jiangbang.screening.models import Screening
from jiangbang.screening.refreshing import refresh_rows
from jiangbang.screening.tasks import refresh_queues

pytestmark = pytest.mark.django_db
OFFICE = DeclaredFact.Source.OFFICE


def answer() -> tuple[str, str]:
    row = Screening.objects.get()
    return row.answer, row.because.strip()


def test_a_declared_fact_reaches_the_row(edition: Edition, dossier: Dossier, cast: Cast) -> None:
    assert answer() == ("eligible", "")
    assert refresh_rows(edition) == 0
    nomination_acts.declare_facts(dossier, {"earlier_titles": ["杭州工匠"]}, source=OFFICE, by=cast.organiser)
    assert refresh_rows(edition) == 1
    assert answer() == ("not_eligible", "X1")
    assert refresh_rows(edition) == 0


def test_a_newer_revision_reaches_the_row(edition: Edition, dossier: Dossier, cast: Cast, reading: MakeReading) -> None:
    nomination_acts.receive_packet(
        reading([person(1, years_in_industry=2)], salt="again"),
        edition=edition,
        unit=edition.spec.unit("330108"),
        by=cast.organiser,
    )
    assert refresh_rows(edition) == 1
    assert Screening.objects.get().revision == Dossier.objects.get().accepted_revision
    assert answer()[0] == "not_eligible"


def test_changed_clauses_reach_every_row_of_the_edition_and_decide_nothing(
    edition: Edition, dossier: Dossier, cast: Cast, reading: MakeReading, screeners: Screeners
) -> None:
    in_screening(edition, cast, reading, FITTING, 2)
    Screening.objects.update(answer="open", edition_sha256="", state="eligible")
    discover()
    assert "screening.refresh" in JOBS
    refresh_queues()
    assert set(Screening.objects.values_list("answer", "edition_sha256", "state")) == {
        ("eligible", edition.sha256, "eligible")
    }


def test_many_rows_are_brought_up_to_date_in_portions(
    edition: Edition, cast: Cast, reading: MakeReading, screeners: Screeners, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        in_screening(edition, cast, reading, FITTING, number)
    Screening.objects.update(answer="open", fact_count=0)
    monkeypatch.setattr(refreshing, "PORTION", 2)
    assert refresh_rows(edition) == 3
    assert set(Screening.objects.values_list("answer", "fact_count")) == {("eligible", len(FITTING))}


def test_whoever_was_erased_holds_nobody_up(
    edition: Edition, cast: Cast, reading: MakeReading, screeners: Screeners
) -> None:
    gone, here = (in_screening(edition, cast, reading, FITTING, number) for number in (1, 2))
    Screening.objects.update(answer="open", edition_sha256="")
    Person.objects.filter(pk=gone.person_id).update(wrapped_key=os.urandom(60))
    assert refresh_rows(edition) == 1
    assert dict(Screening.objects.values_list("pk", "answer")) == {gone.pk: "open", here.pk: "eligible"}
