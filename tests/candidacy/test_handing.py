"""The way to employer and unit, and back: each step, whom it refuses, and that it falls with its entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from candidacy.drafting import UNIT, Players, again, pdf, photo
from candidacy.test_acts import after_the_deadline, refused, said, without_register
from nomination.readings import MakeReading, make_reading, person

from jiangbang.candidacy import acts, files, handing
from jiangbang.candidacy.drafts import answers_of, salt_of
from jiangbang.candidacy.models import Candidacy
from jiangbang.candidacy.queries import record_of, remark_of
from jiangbang.nomination import acts as nomination_acts
from jiangbang.nomination.models import Dossier
from jiangbang.register.canonical import commitment

pytestmark = pytest.mark.django_db

Step = Callable[[Candidacy, Players], Any]


def test_handing_over_commits_to_what_was_written(handed: Candidacy, players: Players) -> None:
    del players
    record = {key: value for key, value in record_of(handed).items() if key != "opinions"}
    assert (handed.state, handed.commitment) == (
        "with_employer",
        commitment({"record": record, "facts": {}}, salt_of(handed)),
    )
    assert said(handed.subject)[-1] == ("candidacy.handed_to_employer", {"commitment": handed.commitment})


def test_what_is_not_ready_is_not_handed_over(draft: Candidacy, players: Players) -> None:
    assert refused(lambda: handing.hand_to_employer(draft, by=players.candidate)) == "not_ready"


def test_without_consent_to_sensitive_data_nothing_is_handed_over(whole: Candidacy, players: Players) -> None:
    acts.withdraw_consent(whole, "sensitive", by=players.candidate)
    assert refused(lambda: handing.hand_to_employer(whole, by=players.candidate)) == "not_ready"


def test_without_consent_to_publication_it_is_handed_over(whole: Candidacy, players: Players) -> None:
    acts.withdraw_consent(whole, "publication", by=players.candidate)
    handing.hand_to_employer(whole, by=players.candidate)
    assert again(whole).state == "with_employer"


def test_photos_that_were_replaced_are_kept_until_then(whole: Candidacy, players: Players) -> None:
    files.place_photo(whole, photo(colour="#334455"), by=players.candidate)
    assert whole.attachments.filter(kind="photo").count() == 2
    handing.hand_to_employer(whole, by=players.candidate)
    assert whole.attachments.filter(kind="photo").count() == 1


def test_evidence_of_a_removed_entry_is_kept_until_then(whole: Candidacy, players: Players) -> None:
    items = answers_of(whole)["achievements"].value
    lost = files.add_evidence(whole, f"achievements.{items[0]['id']}", pdf(), by=players.candidate)
    kept = files.add_evidence(whole, "fact.union_member", pdf(more=b"2"), by=players.candidate)
    acts.save_field(whole, "achievements", ["另一项"], expected=1, by=players.candidate)
    assert set(whole.attachments.filter(kind="evidence")) == {lost, kept}
    handing.hand_to_employer(whole, by=players.candidate)
    assert list(whole.attachments.filter(kind="evidence")) == [kept]


def test_a_handed_form_does_not_change(handed: Candidacy, players: Players) -> None:
    assert refused(lambda: acts.save_field(handed, "motto", "x", expected=1, by=players.candidate)) == "not_open"
    assert refused(lambda: files.place_photo(handed, photo(), by=players.candidate)) == "not_open"
    assert refused(lambda: handing.hand_to_employer(handed, by=players.candidate)) == "not_open"


def test_the_employers_word_takes_it_to_the_unit(with_unit: Candidacy, players: Players) -> None:
    del players
    opinions = record_of(with_unit)["opinions"]
    assert isinstance(opinions, dict)
    assert opinions["employer"] == {"text": "情况属实，同意推荐。", "sealed": False, "date": "2023-03-20"}
    assert opinions["unit"] == opinions["leading_group"] == {"text": None, "sealed": False, "date": None}
    assert with_unit.state == "with_unit"
    assert said(with_unit.subject)[-2:] == [
        ("candidacy.confirmed", {"commitment": with_unit.commitment, "way": "link"}),
        ("candidacy.handed_to_unit", {"unit": UNIT, "commitment": with_unit.commitment}),
    ]


def test_a_sealed_scan_is_as_good(handed: Candidacy, players: Players) -> None:
    assert refused(lambda: handing.confirm_by_scan(handed, by=players.candidate)) == "no_scan"
    files.add_scan(handed, pdf("盖章推荐表.pdf"), by=players.candidate)
    handing.confirm_by_scan(handed, by=players.candidate)
    opinions = record_of(again(handed))["opinions"]
    assert isinstance(opinions, dict)
    assert opinions["employer"] == {"text": None, "sealed": True, "date": "2023-03-20"}
    assert again(handed).state == "with_unit"


def test_the_employer_is_refused_an_empty_or_endless_opinion(handed: Candidacy, players: Players) -> None:
    assert refused(lambda: handing.confirm_as_employer(handed, " \n", by=players.employer)) == "no_opinion"
    endless = "好" * (handing.OPINION_LENGTH + 1)
    assert refused(lambda: handing.confirm_as_employer(handed, endless, by=players.employer)) == "too_long"


def test_the_employer_returns_it_with_a_remark(handed: Candidacy, players: Players) -> None:
    handing.return_by_employer(handed, "从业年限与档案不符。", by=players.employer)
    back = again(handed)
    remark = remark_of(answers_of(back))
    assert remark is not None
    assert (back.state, back.commitment, remark["text"], remark["from"]) == (
        "drafting",
        "",
        "从业年限与档案不符。",
        "employer",
    )
    assert said(back.subject)[-1][1] == {"unit": UNIT, "state": "with_employer", "sender": "employer"}
    handing.hand_to_employer(back, by=players.candidate)
    assert remark_of(answers_of(back)) is None


def test_the_unit_returns_it_with_a_remark(with_unit: Candidacy, players: Players) -> None:
    handing.return_to_candidate(with_unit, "请补充荣誉证书。", by=players.unit)
    assert again(with_unit).state == "returned"
    acts.save_field(with_unit, "education", "硕士研究生", expected=1, by=players.candidate)


@pytest.mark.parametrize("act_", [handing.return_by_employer, handing.return_to_candidate])
def test_a_return_says_why(handed: Candidacy, players: Players, act_: Step) -> None:
    by = players.employer if act_ is handing.return_by_employer else players.unit
    if by is players.unit:
        handing.confirm_as_employer(handed, "同意。", by=players.employer)
    assert refused(lambda: act_(handed, " ", by=by)) == "no_remark"  # type: ignore[call-arg, arg-type]
    assert refused(lambda: act_(handed, "长" * 1001, by=by)) == "too_long"  # type: ignore[call-arg, arg-type]


def test_the_candidate_calls_it_back_until_the_unit_has_submitted(with_unit: Candidacy, players: Players) -> None:
    assert refused(lambda: handing.call_back(with_unit, by=players.unit)) == "permission"
    handing.call_back(with_unit, by=players.candidate)
    back = again(with_unit)
    assert (back.state, back.handed_at, back.confirmed_at, back.with_unit_at) == ("drafting", None, None, None)
    assert refused(lambda: handing.call_back(back, by=players.candidate)) == "not_handed"
    assert said(back.subject)[-1] == ("candidacy.called_back", {"unit": UNIT})


def dossier_of(candidacy: Candidacy, players: Players, reading: MakeReading = make_reading) -> Dossier:
    edition = candidacy.edition
    nomination_acts.receive_packet(
        reading([person(1)]), edition=edition, unit=edition.spec.unit(UNIT), by=players.organiser
    )
    return Dossier.objects.get()


def test_submitting_ends_the_draft(with_unit: Candidacy, players: Players) -> None:
    dossier = dossier_of(with_unit, players)
    handing.write_unit_opinion(with_unit, {"text": "同意推荐。", "sealed": True, "date": "2023-03-21"}, by=players.unit)
    handing.note_submitted(with_unit, dossier=dossier, by=players.unit)
    done = again(with_unit)
    assert (done.state, done.dossier) == ("submitted", dossier)
    assert said(done.subject)[-1] == ("candidacy.submitted", {"unit": UNIT, "dossier": dossier.subject})
    assert refused(lambda: handing.call_back(done, by=players.candidate)) == "not_handed"
    assert refused(lambda: acts.withdraw_consent(done, "sensitive", by=players.candidate)) == "submitted"
    assert refused(lambda: acts.withdraw(done, by=players.unit)) == "submitted"
    acts.withdraw(done, by=players.candidate)
    assert again(done).state == "withdrawn"


# who may do a step: everybody else is refused
RIGHTS: dict[str, tuple[str, Step, set[str]]] = {
    "hand": ("whole", lambda c, by: handing.hand_to_employer(c, by=by), {"candidate", "unit"}),  # type: ignore[arg-type]
    "confirm": ("handed", lambda c, by: handing.confirm_as_employer(c, "好", by=by), {"employer"}),  # type: ignore[arg-type]
    "refuse": ("handed", lambda c, by: handing.return_by_employer(c, "不", by=by), {"employer"}),  # type: ignore[arg-type]
    "return": ("with_unit", lambda c, by: handing.return_to_candidate(c, "不", by=by), {"unit", "organiser"}),  # type: ignore[arg-type]
    "opinion": ("with_unit", lambda c, by: handing.write_unit_opinion(c, {"text": "好"}, by=by), {"unit"}),  # type: ignore[arg-type]
    "call back": ("with_unit", lambda c, by: handing.call_back(c, by=by), {"candidate"}),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("step", RIGHTS)
def test_each_step_has_its_people(request: pytest.FixtureRequest, players: Players, step: str) -> None:
    fixture, call, may = RIGHTS[step]
    candidacy = request.getfixturevalue(fixture)
    for who in (
        "organiser",
        "unit",
        "candidate",
        "employer",
        "other_candidate",
        "other_unit",
        "discipline",
        "stranger",
    ):
        if who not in may:
            player = getattr(players, who)
            assert (who, refused(lambda player=player: call(candidacy, player))) == (who, "permission")


@pytest.mark.parametrize("step", RIGHTS)
def test_each_step_falls_with_its_entry(request: pytest.FixtureRequest, players: Players, step: str) -> None:
    fixture, call, may = RIGHTS[step]
    candidacy = request.getfixturevalue(fixture)
    before = (again(candidacy).state, again(candidacy).commitment, candidacy.fields.count())
    with without_register(), pytest.raises(OSError, match="full"):  # type: ignore[attr-defined]
        call(candidacy, getattr(players, sorted(may)[0]))
    assert (again(candidacy).state, again(candidacy).commitment, candidacy.fields.count()) == before


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ("confirm", "not_with_employer"),
        ("refuse", "not_with_employer"),
        ("return", "not_with_unit"),
        ("opinion", "not_with_unit"),
    ],
)
def test_each_step_wants_its_state(whole: Candidacy, players: Players, step: str, code: str) -> None:
    _fixture, call, may = RIGHTS[step]
    assert refused(lambda: call(whole, getattr(players, sorted(may)[-1]))) == code


@pytest.mark.parametrize("step", ["hand", "confirm", "refuse", "call back"])
def test_after_the_deadline_drafts_are_frozen(request: pytest.FixtureRequest, players: Players, step: str) -> None:
    fixture, call, may = RIGHTS[step]
    candidacy = request.getfixturevalue(fixture)
    with after_the_deadline(candidacy.edition):  # type: ignore[attr-defined]
        assert refused(lambda: call(candidacy, getattr(players, sorted(may)[0]))) == "late"


def test_only_what_is_confirmed_goes_on(handed: Candidacy, players: Players) -> None:
    assert refused(lambda: handing.hand_to_unit(handed, by=players.candidate)) == "not_confirmed"
    assert refused(lambda: handing.hand_to_unit(handed, by=players.stranger)) == "permission"
    assert refused(lambda: handing.note_submitted(handed, dossier=Dossier(), by=players.unit)) == "not_with_unit"
    assert refused(lambda: handing.note_submitted(handed, dossier=Dossier(), by=players.candidate)) == "permission"
