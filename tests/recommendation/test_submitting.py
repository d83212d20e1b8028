"""Submitting: the same act as for files, everything or nothing, told before it is too late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from nomination.readings import person
from recommendation.people import OTHER_UNIT, UNIT, People, State, again, drafted, portrait, ready, unit_of, with_unit

from jiangbang.candidacy.models import Candidacy
from jiangbang.kernel.edition import UnitSpec
from jiangbang.nomination import acts as nomination_acts
from jiangbang.nomination import evidence
from jiangbang.nomination.dossiers import full_record
from jiangbang.nomination.facts import declared_facts
from jiangbang.nomination.intake import read_packet
from jiangbang.nomination.models import Dossier, Packet
from jiangbang.programme.models import Edition
from jiangbang.recommendation import acts, queries, returning, submitting
from jiangbang.recommendation.models import Return, Submission
from jiangbang.recommendation.packing import Nominee, packet_file_name, write_packet
from jiangbang.recommendation.submitting import prepare, submit_packet
from jiangbang.register import acts as register_acts
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db

DECLARATION = "本单位对所报材料的真实性负责。"


def submit(edition: Edition, people: People, chosen: Sequence[Candidacy], **more: object) -> tuple[Packet, bool]:
    prepared = prepare(edition, unit_of(edition), [again(one) for one in chosen], by=people.unit)
    return submit_packet(prepared, declaration=DECLARATION, by=people.unit)


def refusal(edition: Edition, people: People, chosen: Sequence[Candidacy], unit: UnitSpec | None = None) -> str:
    with pytest.raises(Refused) as refused:
        prepare(edition, unit or unit_of(edition), [again(one) for one in chosen], by=people.unit)
    assert not Packet.objects.exists()
    return refused.value.code


def types_since(index: int) -> list[str]:
    return list(Entry.objects.filter(index__gte=index).order_by("index").values_list("type", flat=True))


def test_a_packet_becomes_dossiers(edition: Edition, people: People) -> None:
    chosen = [ready(edition, people.unit, number) for number in (1, 2)]
    size = Entry.objects.count()
    packet, new = submit(edition, people, chosen)
    assert (packet.number, packet.verdict, packet.accepted_count, new) == ("2023-330108-001", "clean", 2, True)
    assert packet.file_name == "滨江+数字工匠推荐.zip"
    assert packet.received_by == people.unit
    assert types_since(size) == [
        "packet.received",
        "dossier.accepted",
        "dossier.accepted",
        "candidacy.submitted",
        "candidacy.submitted",
        "packet.submitted",
    ]
    for candidacy in map(again, chosen):
        assert candidacy.state == State.SUBMITTED
        assert candidacy.dossier is not None
        assert candidacy.dossier.state == Dossier.State.ACCEPTED
        # one person, one key: what erases the draft's key erases the dossier's
        assert candidacy.dossier.person_id == candidacy.person_id
    submission = Submission.objects.get()
    assert (submission.packet, submission.declaration, submission.people) == (packet, DECLARATION, 2)


def test_web_and_files_lead_to_the_same_dossier(edition: Edition, people: People, tmp_path: Path) -> None:
    facts = {"union_member": True, "years_in_hangzhou": 9}
    candidacy = ready(edition, people.unit, 1)
    acts.declare_for(candidacy, {"union_member": "yes", "years_in_hangzhou": "9年"}, by=people.unit)
    submit(edition, people, [candidacy])
    by_web = Dossier.objects.get()
    # the same person, as another unit would send the form by file
    record = full_record(by_web.accepted_revision)  # type: ignore[arg-type]
    other = edition.spec.unit(OTHER_UNIT)
    Dossier.objects.update(state=Dossier.State.WAITING)
    path = tmp_path / packet_file_name(edition.spec, other)
    write_packet(path, [Nominee(record, portrait(1))], edition.spec, other)
    reading = read_packet(path, edition.spec.form, name=path.name, keep=True)
    nomination_acts.receive_packet(
        reading, edition=edition, unit=other, by=people.other, declared={str(record["id_number"]): facts}
    )
    by_file = Dossier.objects.get(unit_code=OTHER_UNIT)
    assert by_web.revision is not None
    assert by_file.revision is not None
    assert full_record(by_file.revision) == full_record(by_web.revision)
    expected = {**person(1), "photo": record["photo"], "opinions": record["opinions"]}
    assert full_record(by_web.revision) == expected
    for name in ("open", "photo_sha256", "findings", "verdicts", "roster_row", "source"):
        assert getattr(by_file.revision, name) == getattr(by_web.revision, name), name
    declared = declared_facts(Dossier.objects.select_related("person"))
    assert declared[by_file.pk] == declared[by_web.pk] == facts
    for name in ("name", "employer", "industry_class", "block_count", "warn_count"):
        assert getattr(by_file, name) == getattr(by_web, name), name


def test_people_stand_in_the_roster_in_the_unit_s_order(edition: Edition, people: People) -> None:
    chosen = [ready(edition, people.unit, number) for number in (1, 2, 3)]
    wanted = [chosen[2], chosen[0], chosen[1]]
    acts.order_nominees(edition, unit_of(edition), [one.pk for one in wanted], expected=0, by=people.unit)
    ordered = list(queries.standing_candidacies(edition, UNIT))
    packet, _new = submit(edition, people, ordered)
    rows = packet.revisions.order_by("roster_row").values_list("dossier__name", flat=True)
    assert list(rows) == [one.name for one in wanted]


def test_the_same_forms_again_are_the_same_packet(edition: Edition, people: People) -> None:
    chosen = [ready(edition, people.unit, 1)]
    first, _ = submit(edition, people, chosen)
    second, new = submit(edition, people, chosen)
    assert (second, new) == (first, False)
    assert Packet.objects.count() == 1


def test_an_amended_form_is_a_new_revision(edition: Edition, people: People) -> None:
    candidacy = ready(edition, people.unit, 1)
    submit(edition, people, [candidacy])
    acts.reopen(again(candidacy), by=people.unit)
    assert again(candidacy).state == State.WITH_UNIT
    acts.give_opinion([again(candidacy)], "同意推荐，列第一位。", "2023-03-20", by=people.colleague)
    packet, new = submit(edition, people, [candidacy])
    dossier = Dossier.objects.get()
    assert (packet.number, new, dossier.state) == ("2023-330108-002", True, "accepted")
    assert [one.number for one in dossier.revisions.order_by("number")] == [1, 2]
    assert full_record(dossier.accepted_revision)["opinions"]["unit"]["text"] == "同意推荐，列第一位。"  # type: ignore[arg-type,call-overload,index]


def test_going_back_to_an_earlier_form_is_a_packet_too(edition: Edition, people: People) -> None:
    candidacy = ready(edition, people.unit, 1)
    for text in ("同意推荐。", "同意推荐，列第一位。", "同意推荐。"):
        if again(candidacy).state == State.SUBMITTED:
            acts.reopen(again(candidacy), by=people.unit)
        acts.give_opinion([again(candidacy)], text, "2023-03-20", by=people.unit)
        submit(edition, people, [candidacy])
    assert Packet.objects.count() == 3
    revision = Dossier.objects.get().accepted_revision
    assert full_record(revision)["opinions"]["unit"]["text"] == "同意推荐。"  # type: ignore[arg-type,call-overload,index]


def test_a_corrected_number_supersedes_the_dossier_under_the_wrong_one(edition: Edition, people: People) -> None:
    from jiangbang.candidacy.drafts import write_answer

    candidacy = ready(edition, people.unit, 1)
    submit(edition, people, [candidacy])
    before = Dossier.objects.get()
    acts.reopen(again(candidacy), by=people.unit)
    write_answer(again(candidacy), "id_number", person(3)["id_number"], by=people.unit)
    submit(edition, people, [candidacy])
    before.refresh_from_db()
    assert before.state == Dossier.State.SUPERSEDED
    assert Dossier.objects.filter(state=Dossier.State.ACCEPTED).count() == 1
    assert again(candidacy).dossier != before


def test_what_is_not_ready_is_refused_before_anything_is_received(edition: Edition, people: People) -> None:
    good = ready(edition, people.unit, 1)
    assert refusal(edition, people, []) == "nobody"
    assert refusal(edition, people, [good, drafted(edition, people.unit, 2)]) == "not_with_unit"
    assert refusal(edition, people, [good, with_unit(edition, people.unit, 3)]) == "incomplete"
    lacking = ready(edition, people.unit, 4, motto=None)
    assert refusal(edition, people, [good, lacking]) == "incomplete"


def test_above_a_bound_that_binds_the_lowest_are_held(edition: Edition, people: People) -> None:
    """As with a packet brought as a file: whoever has a seat keeps it, the lowest of the unit's order wait, and the unit chooses."""
    from dataclasses import replace

    small = replace(unit_of(edition), quota_max=1)
    assert small.hard
    chosen = [ready(edition, people.unit, number) for number in (1, 2)]
    packet, _ = submit_packet(
        prepare(edition, small, [again(one) for one in chosen], by=people.unit), declaration=DECLARATION, by=people.unit
    )
    assert (packet.accepted_count, packet.waiting_count) == (1, 1)
    assert [again(one).dossier.state for one in chosen] == ["accepted", "held"]
    assert [again(one).state for one in chosen] == [State.SUBMITTED, State.SUBMITTED]
    third = ready(edition, people.unit, 3)
    submit_packet(prepare(edition, small, [again(third)], by=people.unit), declaration=DECLARATION, by=people.unit)
    assert [again(one).dossier.state for one in (*chosen, third)] == ["accepted", "held", "held"]
    held = list(Entry.objects.filter(type="dossier.held").order_by("index").values_list("subject", flat=True))
    assert held == [again(one).dossier.subject for one in (chosen[1], third)]


def test_somebody_whom_another_unit_recommends_is_told_of(edition: Edition, people: People, tmp_path: Path) -> None:
    other = edition.spec.unit(OTHER_UNIT)
    photo = portrait(1)
    described = {"media_type": "image/jpeg", "width": 413, "height": 579, "sha256": evidence.keep_bytes(photo)}
    path = tmp_path / packet_file_name(edition.spec, other)
    write_packet(path, [Nominee(person(1, photo=described), photo)], edition.spec, other)
    reading = read_packet(path, edition.spec.form, name=path.name, keep=True)
    nomination_acts.receive_packet(reading, edition=edition, unit=other, by=people.organiser)
    candidacy = ready(edition, people.unit, 1)
    with pytest.raises(Refused) as refused:
        prepare(edition, unit_of(edition), [again(candidacy)], by=people.unit)
    assert refused.value.code == "findings"
    assert again(candidacy).state == State.WITH_UNIT


@pytest.mark.parametrize("who", ["other", "organiser", "discipline", "stranger"])
def test_nobody_but_the_unit_submits_for_it(edition: Edition, people: People, who: str) -> None:
    candidacy = ready(edition, people.unit, 1)
    prepared = prepare(edition, unit_of(edition), [candidacy], by=people.unit)
    for attempt in (
        lambda user: prepare(edition, unit_of(edition), [candidacy], by=user),
        lambda user: submit_packet(prepared, declaration=DECLARATION, by=user),
    ):
        with pytest.raises(Refused) as refused:
            attempt(getattr(people, who))
        assert refused.value.code == "permission"


def test_the_unit_must_answer_for_the_truth(edition: Edition, people: People) -> None:
    prepared = prepare(edition, unit_of(edition), [ready(edition, people.unit, 1)], by=people.unit)
    with pytest.raises(Refused) as refused:
        submit_packet(prepared, declaration="  ", by=people.unit)
    assert (refused.value.code, Packet.objects.count()) == ("no_declaration", 0)


def test_a_form_that_somebody_changed_meanwhile_stops_the_packet(edition: Edition, people: People) -> None:
    candidacy = ready(edition, people.unit, 1)
    prepared = prepare(edition, unit_of(edition), [candidacy], by=people.unit)
    acts.give_opinion([again(candidacy)], "同意。", "2023-03-20", by=people.colleague)
    with pytest.raises(Refused) as refused:
        submit_packet(prepared, declaration=DECLARATION, by=people.unit)
    assert (refused.value.code, Packet.objects.count()) == ("changed", 0)


def test_a_failing_register_undoes_everything(
    edition: Edition, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    candidacy = ready(edition, people.unit, 1)
    prepared = prepare(edition, unit_of(edition), [candidacy], by=people.unit)

    def fail(_entries: object) -> None:
        raise RuntimeError("the register cannot be written")

    monkeypatch.setattr(register_acts, "_append", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        submit_packet(prepared, declaration=DECLARATION, by=people.unit)
    assert (Packet.objects.count(), Dossier.objects.count(), Submission.objects.count()) == (0, 0, 0)
    assert again(candidacy).state == State.WITH_UNIT


# --- returned, after the deadline --------------------------------------------------------------------------------------


@pytest.fixture
def late(edition: Edition, people: People, monkeypatch: pytest.MonkeyPatch) -> Candidacy:
    """Submitted in time, then given back by the office for a week, then the deadline went by."""
    candidacy = ready(edition, people.unit, 1)
    with_unit(edition, people.unit, 2)
    submit(edition, people, [candidacy])
    dossier = Dossier.objects.get()
    deadline = edition.spec.deadline
    returning.return_dossier(dossier, ["补充获奖证书"], due=deadline + timedelta(days=7), by=people.organiser)
    monkeypatch.setattr(Edition, "now", lambda _self: deadline + timedelta(days=3))
    mended = Candidacy.objects.filter(pk=candidacy.pk)
    mended.update(state=State.WITH_UNIT, handed_at=deadline, confirmed_at=deadline, with_unit_at=deadline)
    return again(candidacy)


def test_what_the_office_gave_back_may_come_late(edition: Edition, people: People, late: Candidacy) -> None:
    packet, new = submit(edition, people, [late])
    assert new
    assert "退回" in packet.late_reason or "returned" in packet.late_reason
    assert packet.late_by == people.organiser
    assert Return.objects.get().answer == packet.revisions.get()
    assert Dossier.objects.get().state == Dossier.State.ACCEPTED


def test_what_the_office_gave_back_may_still_be_mended(edition: Edition, people: People, late: Candidacy) -> None:
    from jiangbang.candidacy.acts import save_field
    from jiangbang.candidacy.drafts import answer_of

    Candidacy.objects.filter(pk=late.pk).update(state=State.RETURNED)
    stands = answer_of(late, "motto")
    assert stands is not None
    saved = save_field(again(late), "motto", "精益求精。", expected=stands.version, by=people.unit)
    assert saved.changed
    Candidacy.objects.update(mend_until=edition.deadline.at + timedelta(days=1))
    with pytest.raises(Refused, match="2023-04-03"):
        save_field(again(late), "motto", "再改。", expected=saved.version, by=people.unit)


def test_what_was_not_given_back_is_late(edition: Edition, people: People, late: Candidacy) -> None:
    Return.objects.update(due=edition.spec.deadline + timedelta(days=1))
    with pytest.raises(Refused) as refused:
        prepare(edition, unit_of(edition), [late], by=people.unit)
    assert refused.value.code == "late"


def test_late_people_do_not_come_with_the_returned_one(edition: Edition, people: People, late: Candidacy) -> None:
    other = Candidacy.objects.exclude(pk=late.pk).get()
    with pytest.raises(Refused) as refused:
        submitting.refuse_too_late(edition, unit_of(edition), [late, other])
    assert refused.value.code == "late"
