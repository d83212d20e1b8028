"""Returns: what to mend and until when, sealed; answered by the next packet; seen as a difference."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from nomination.readings import make_reading, person
from recommendation.people import OTHER_UNIT, People, State, again, ready, unit_of

from jiangbang.candidacy.drafts import write_answer
from jiangbang.candidacy.models import Candidacy
from jiangbang.candidacy.queries import remark_of
from jiangbang.kernel.form import Record
from jiangbang.nomination import acts as nomination_acts
from jiangbang.nomination.contacts import ContactRow, keep_contacts
from jiangbang.nomination.models import Dossier
from jiangbang.outbox.models import Message
from jiangbang.programme.models import Edition
from jiangbang.recommendation import queries, submitting
from jiangbang.recommendation.models import Return
from jiangbang.recommendation.returning import changes_of, items_of, return_dossier
from jiangbang.register import acts as register_acts
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db

ITEMS = ["补充获奖证书", "  改正格言  ", ""]


def code_of(attempt: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        attempt()
    return refused.value.code


@pytest.fixture
def due(edition: Edition) -> datetime:
    return edition.deadline.at + timedelta(days=3)


def submit(edition: Edition, people: People, one: Candidacy) -> None:
    prepared = submitting.prepare(edition, unit_of(edition), [again(one)], by=people.unit)
    submitting.submit_packet(prepared, declaration="属实", by=people.unit)


@pytest.fixture
def candidacy(edition: Edition, people: People) -> Candidacy:
    one = ready(edition, people.unit, 1)
    submit(edition, people, one)
    return again(one)


@pytest.fixture
def dossier(candidacy: Candidacy) -> Dossier:
    assert candidacy.dossier is not None
    return candidacy.dossier


def test_a_returned_dossier_waits_with_its_list(
    edition: Edition, people: People, candidacy: Candidacy, dossier: Dossier, due: datetime
) -> None:
    made = return_dossier(dossier, ITEMS, due=due, by=people.organiser)
    dossier.refresh_from_db()
    assert (dossier.state, dossier.accepted_revision) == (Dossier.State.WAITING, made.revision)
    assert items_of(made) == ["补充获奖证书", "改正格言"]
    assert "格言".encode() not in bytes(made.sealed)
    assert queries.open_returns(edition, dossier.unit_code) == {dossier.pk: made}
    mine = again(candidacy)
    assert mine.state == State.RETURNED
    assert remark_of(queries.answers_of(mine))["text"] == "补充获奖证书\n改正格言"  # type: ignore[index]
    told = Entry.objects.get(type="dossier.returned")
    assert told.facts == {"revision": 1, "items": 2, "due": due.isoformat(timespec="seconds")}


def test_the_next_packet_is_the_answer_and_shows_as_a_difference(
    edition: Edition, people: People, candidacy: Candidacy, dossier: Dossier, due: datetime
) -> None:
    made = return_dossier(dossier, ITEMS, due=due, by=people.organiser)
    write_answer(again(candidacy), "motto", "精益求精。", by=people.unit)
    now = candidacy.updated_at
    handed = Candidacy.objects.filter(pk=candidacy.pk)
    handed.update(state=State.WITH_UNIT, handed_at=now, confirmed_at=now, with_unit_at=now)
    submit(edition, people, candidacy)
    made.refresh_from_db()
    dossier.refresh_from_db()
    assert made.answer == dossier.accepted_revision
    assert dossier.state == Dossier.State.ACCEPTED
    assert [(one.key, one.before, one.after) for one in changes_of(made)] == [
        ("motto", person(1)["motto"], "精益求精。")
    ]
    assert queries.open_returns(edition, dossier.unit_code) == {}
    facts = Entry.objects.get(type="dossier.answered").facts
    assert facts == {"revision": 2, "returned_revision": 1, "packet": "2023-330108-002"}


def test_an_unchanged_form_is_an_answer_too(
    edition: Edition, people: People, candidacy: Candidacy, dossier: Dossier, due: datetime
) -> None:
    made = return_dossier(dossier, ITEMS, due=due, by=people.organiser)
    now = candidacy.updated_at
    handed = Candidacy.objects.filter(pk=candidacy.pk)
    handed.update(state=State.WITH_UNIT, handed_at=now, confirmed_at=now, with_unit_at=now)
    submit(edition, people, candidacy)
    made.refresh_from_db()
    dossier.refresh_from_db()
    assert dossier.state == Dossier.State.ACCEPTED
    assert made.answer is not None
    assert changes_of(made) == []


def test_who_came_by_file_is_returned_too(edition: Edition, people: People, due: datetime) -> None:
    other = edition.spec.unit(OTHER_UNIT)
    reading = make_reading([person(9)], unit="上城")
    nomination_acts.receive_packet(reading, edition=edition, unit=other, by=people.organiser)
    made = return_dossier(Dossier.objects.get(), ITEMS, due=due, by=people.organiser)
    assert list(queries.open_returns(edition, OTHER_UNIT).values()) == [made]


def test_a_packet_brought_as_a_file_is_an_answer_too(edition: Edition, people: People, due: datetime) -> None:
    other = edition.spec.unit(OTHER_UNIT)

    def bring(record: Record, salt: str) -> None:
        reading = make_reading([record], unit="上城", salt=salt)
        nomination_acts.receive_packet(reading, edition=edition, unit=other, by=people.organiser)

    bring(person(9), "first")
    made = return_dossier(Dossier.objects.get(), ITEMS, due=due, by=people.organiser)
    bring(person(9, mobile="1"), "still wrong")
    made.refresh_from_db()
    assert made.answer is None
    bring(person(9, motto="精益求精。"), "mended")
    made.refresh_from_db()
    assert [(one.key, one.after) for one in changes_of(made)] == [("motto", "精益求精。")]
    assert Dossier.objects.get().state == Dossier.State.ACCEPTED
    facts = Entry.objects.get(type="dossier.answered").facts
    assert (facts["revision"], facts["returned_revision"]) == (3, 1)


def test_the_units_contacts_are_written_to(edition: Edition, people: People, dossier: Dossier, due: datetime) -> None:
    rows = [
        ContactRow(dossier.unit_code, "林一", "lin@example.com"),
        ContactRow(OTHER_UNIT, "别人", "other@example.com"),
    ]
    keep_contacts(edition, rows, by=people.organiser)
    return_dossier(dossier, ITEMS, due=due, by=people.organiser)
    (message,) = Message.objects.filter(template="dossier.returned")
    assert message.name == "林一"
    assert "补正" in message.subject
    assert dossier.name not in message.subject


def test_returning_is_refused(people: People, edition: Edition, dossier: Dossier, due: datetime) -> None:
    for who in ("unit", "other", "discipline", "stranger"):
        attempt = lambda who=who: return_dossier(dossier, ITEMS, due=due, by=getattr(people, who))  # noqa: E731
        assert code_of(attempt) == "permission"
    office = people.organiser
    assert code_of(lambda: return_dossier(dossier, ["", " "], due=due, by=office)) == "nothing"
    assert code_of(lambda: return_dossier(dossier, ["x"] * 21, due=due, by=office)) == "too_long"
    assert code_of(lambda: return_dossier(dossier, ["x" * 301], due=due, by=office)) == "too_long"
    assert code_of(lambda: return_dossier(dossier, ITEMS, due=edition.now(), by=office)) == "due"
    return_dossier(dossier, ITEMS, due=due, by=office)
    assert code_of(lambda: return_dossier(dossier, ITEMS, due=due, by=office)) == "returned"
    Dossier.objects.update(state=Dossier.State.SUPERSEDED)
    assert code_of(lambda: return_dossier(dossier, ITEMS, due=due, by=office)) == "superseded"


def test_a_failing_register_returns_nothing(
    people: People, candidacy: Candidacy, dossier: Dossier, due: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_entries: object) -> None:
        raise RuntimeError("the register cannot be written")

    monkeypatch.setattr(register_acts, "_append", fail)
    with pytest.raises(RuntimeError):
        return_dossier(dossier, ITEMS, due=due, by=people.organiser)
    dossier.refresh_from_db()
    assert (dossier.state, Return.objects.count()) == (Dossier.State.ACCEPTED, 0)
    assert again(candidacy).state == State.SUBMITTED
