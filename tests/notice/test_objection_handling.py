"""A case from admission to the answer: two persons, one entry, nothing told of who objects."""

from __future__ import annotations

from datetime import date
from unittest import mock

import pytest
from nomination.readings import Cast
from notice.cases import FACTS, WHO, Pair, admitted, entered, filed, pair, proposed, taken
from notice.noticed import noticed

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role
from jiangbang.nomination.contacts import ContactRow, keep_contacts
from jiangbang.notice import objection_handling as handling
from jiangbang.notice.notice_models import NoticeEntry
from jiangbang.notice.objection_case import identity_of, said
from jiangbang.notice.objection_models import Objection
from jiangbang.notice.objection_unit import reply_inquiry
from jiangbang.outbox.models import Message
from jiangbang.programme.models import Edition
from jiangbang.register import acts as register_acts
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry

UNIT = "330108"


@pytest.fixture
def entry(edition: Edition, cast: Cast) -> NoticeEntry:
    return noticed(edition, cast.organiser).entries.order_by("pk").first()


@pytest.fixture
def people(cast: Cast) -> Pair:
    return pair(cast.organiser)


def refused(call: object, *args: object, **more: object) -> str:
    with pytest.raises(Refused) as refusal:
        call(*args, **more)  # type: ignore[operator]
    return refusal.value.code


def state_of(entry: NoticeEntry) -> str:
    return NoticeEntry.objects.get(pk=entry.pk).state


def test_an_upheld_case_strikes_the_one_entry_and_the_objector_is_answered(entry: NoticeEntry, people: Pair) -> None:
    others = NoticeEntry.objects.exclude(pk=entry.pk)
    before = list(others.values_list("pk", "state"))
    found = admitted(filed(entry), people)
    assert (found.state, state_of(entry)) == ("admitted", "suspended")
    found = handling.propose_finding(found, upheld=True, finding="经查，专利为他人所有。", by=people.handler)
    found = handling.decide_objection(found, by=people.decider)
    assert (found.state, state_of(entry)) == ("upheld", "struck")
    assert list(others.values_list("pk", "state")) == before
    found = handling.answer_objector(found, answer="属实，已取消。", by=people.handler)
    assert said(found, "answer") == "属实，已取消。"
    assert Message.objects.get(template="objection.answered").subject.endswith(f"{found.number}的答复")
    types = list(Entry.objects.filter(subject=found.subject).order_by("index").values_list("type", flat=True))
    assert types == [
        "objection.filed",
        "objection.taken",
        "objection.taken",
        "objection.admitted",
        "objection.proposed",
        "objection.decided",
        "objection.answered",
    ]


def test_a_case_that_is_not_upheld_lets_the_entry_go_on_when_it_was_the_last(entry: NoticeEntry, people: Pair) -> None:
    first, second = proposed(filed(entry), people, upheld=False), admitted(filed(entry), people)
    handling.decide_objection(first, by=people.decider)
    assert state_of(entry) == "suspended"
    second = handling.propose_finding(second, upheld=False, finding="不实。", by=people.handler)
    handling.decide_objection(second, by=people.decider)
    assert state_of(entry) == "running"


@pytest.mark.parametrize(
    ("source", "day", "specific", "flaws"),
    [
        ("person", date(2023, 3, 20), True, ""),
        ("person", date(2023, 3, 20), False, "vague"),
        ("anonymous", date(2023, 3, 20), True, "anonymous"),
    ],
)
def test_what_is_not_identified_or_specific_is_not_admitted(
    entry: NoticeEntry, people: Pair, source: str, day: date, specific: bool, flaws: str
) -> None:
    found = taken(entered(entry, people.handler, source=source, counted_on=day), people)
    identified = source != "anonymous"
    found = handling.admit_objection(
        found, identified=identified, specific=specific, reason="未列明事实。", by=people.handler
    )
    assert (found.flaws, found.state) == (flaws, "refused" if flaws else "admitted")
    assert state_of(entry) == ("running" if flaws else "suspended")
    # whoever is not admitted is told why; nobody can tell an anonymous one
    assert bool(found.answered_at) == (flaws == "vague")


def test_a_letter_counts_by_its_postmark(edition: Edition, cast: Cast, people: Pair) -> None:
    late = noticed(edition, cast.organiser, days_over=True).entries.order_by("pk").first()
    day = late.notice.last_day
    in_time, too_late = (entered(late, cast.organiser, counted_on=on) for on in (day, date(2023, 3, 20)))
    one = handling.admit_objection(taken(in_time, people), identified=True, specific=True, by=people.handler)
    other = handling.admit_objection(
        taken(too_late, people), identified=True, specific=True, reason="公示已结束。", by=people.handler
    )
    assert (one.flaws, other.flaws) == ("", "late")


def test_nobody_handles_a_case_alone_or_about_himself(entry: NoticeEntry, people: Pair, cast: Cast) -> None:
    found = filed(entry)
    own = create_account("own", role=Role.ORGANISER, password=None, display_name=entry.dossier.name)
    of_unit = create_account("of_unit", role=Role.ORGANISER, password=None)
    of_unit.memberships.create(role=Role.UNIT, edition=found.edition.key, scope=entry.dossier.unit_code)
    assert refused(handling.take_case, found, unrelated=True, by=own) == "related"
    assert refused(handling.take_case, found, unrelated=True, by=of_unit) == "related"
    assert refused(handling.take_case, found, unrelated=False, by=people.handler) == "declaration"
    assert refused(handling.take_case, found, unrelated=True, by=cast.system) == "permission"
    handling.take_case(found, unrelated=True, by=people.handler)
    assert refused(handling.take_case, found, unrelated=True, by=people.handler) == "same"
    handling.take_case(found, unrelated=True, by=people.decider)
    third = create_account("third", role=Role.ORGANISER, password=None)
    assert refused(handling.take_case, found, unrelated=True, by=third) == "taken"
    assert refused(handling.admit_objection, found, identified=True, specific=True, by=people.decider) == "permission"
    found = handling.admit_objection(found, identified=True, specific=True, by=people.handler)
    found = handling.propose_finding(found, upheld=True, finding="属实。", by=people.handler)
    assert refused(handling.decide_objection, found, by=people.handler) == "permission"
    found = handling.return_finding(found, reason="请再查合同。", by=people.decider)
    assert (found.state, found.upheld) == ("admitted", None)
    assert refused(handling.decide_objection, found, by=people.decider) == "state"


def test_the_unit_replies_without_learning_who_objects(entry: NoticeEntry, people: Pair) -> None:
    keep_contacts(entry.notice.edition, [ContactRow(UNIT, "林一", "lin@example.com")], by=people.handler)
    found = handling.ask_unit(admitted(filed(entry), people), question="请核实专利归属。", by=people.handler)
    assert refused(handling.ask_unit, found, question="再问。", by=people.handler) == "asked"
    unit = create_account("unit", role=Role.UNIT, password=None, edition=found.edition.key, scope=UNIT)
    other = create_account("other", role=Role.UNIT, password=None, edition=found.edition.key, scope="330106")
    assert refused(reply_inquiry, found, reply="属实。", by=other) == "permission"
    found = reply_inquiry(found, reply="经核实，专利为他人所有。", by=unit)
    assert said(found, "reply") == "经核实，专利为他人所有。"
    assert refused(reply_inquiry, found, reply="再答。", by=unit) == "state"
    letter = Message.objects.get(template="objection.asked")
    assert WHO.name not in letter.subject
    assert entry.dossier.name not in letter.subject


def test_looks_are_registered_and_only_the_two_may_look(entry: NoticeEntry, people: Pair, cast: Cast) -> None:
    found = taken(filed(entry), people)
    handling.note_look(found, what="identity", by=people.decider)
    assert Entry.objects.get(type="objection.seen").facts == {"case": found.number, "what": "identity"}
    assert refused(handling.note_look, found, what="identity", by=cast.discipline) == "permission"


def test_nothing_that_names_the_objector_lies_open(entry: NoticeEntry, people: Pair) -> None:
    found = proposed(filed(entry), people, upheld=True)
    row = Objection.objects.filter(pk=found.pk).values().get()
    plain = [str(value) for value in row.values() if not isinstance(value, bytes | memoryview)]
    sealed = b"".join(bytes(value) for value in row.values() if isinstance(value, bytes | memoryview))
    facts = str(list(Entry.objects.filter(subject=found.subject).values_list("facts", flat=True)))
    for secret in (WHO.name, WHO.contact, FACTS):
        assert secret not in " ".join(plain) + facts
        assert secret.encode() not in sealed
    assert identity_of(found) == WHO


def test_a_failed_register_write_leaves_the_case_and_the_entry_as_they_were(entry: NoticeEntry, people: Pair) -> None:
    found = proposed(filed(entry), people, upheld=True)
    with mock.patch.object(register_acts, "_append", side_effect=OSError), pytest.raises(OSError):
        handling.decide_objection(found, by=people.decider)
    assert (Objection.objects.get(pk=found.pk).state, state_of(entry)) == ("proposed", "suspended")
