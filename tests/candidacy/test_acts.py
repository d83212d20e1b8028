"""Inviting, saving, consenting, withdrawing: what each does, whom it refuses, and that it falls with its entry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from unittest import mock

import pytest
from candidacy.drafting import UNIT, Players, afresh, again, agree, fill

from jiangbang.accounts.models import User
from jiangbang.candidacy import acts
from jiangbang.candidacy.acts import Conflict, InvitationRow
from jiangbang.candidacy.drafts import answer_of, answers_of
from jiangbang.candidacy.models import Candidacy, Consent, DraftField
from jiangbang.candidacy.queries import consents_of
from jiangbang.kernel.vault import VaultError
from jiangbang.nomination.dossiers import subject_of
from jiangbang.programme.models import Edition
from jiangbang.register import acts as register_acts
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db


def said(subject: str) -> list[tuple[str, dict[str, object]]]:
    return [(entry.type, entry.facts) for entry in Entry.objects.filter(subject=subject).order_by("index")]


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        call()
    assert str(refusal.value)
    return refusal.value.code


def without_register() -> object:
    return mock.patch.object(register_acts, "_append", side_effect=OSError("the disk is full"))


def after_the_deadline(edition: Edition) -> object:
    moment = edition.spec.deadline + timedelta(seconds=1)
    return mock.patch.object(Edition, "now", return_value=moment)


def test_inviting_opens_a_candidacy_for_each_row(edition: Edition, players: Players) -> None:
    made = acts.invite_candidates(
        edition,
        edition.spec.unit(UNIT),
        [InvitationRow("王  工"), InvitationRow("李工", "li@example.org")],
        by=players.unit,
    )
    assert [one.candidacy.name for one in made] == ["王工", "李工"]
    assert {one.candidacy.state for one in made} == {"invited"}
    assert [answer_of(one.candidacy, "name").value for one in made] == ["王工", "李工"]  # type: ignore[union-attr]
    assert said(made[0].candidacy.subject) == [("candidacy.invited", {"unit": UNIT})]


def test_who_may_not_invite_is_refused(edition: Edition, players: Players) -> None:
    unit, rows = edition.spec.unit(UNIT), [InvitationRow("王工")]
    for player in (players.other_unit, players.candidate, players.discipline, players.stranger):
        assert refused(lambda player=player: acts.invite_candidates(edition, unit, rows, by=player)) == "permission"
    assert refused(lambda: acts.invite_candidates(edition, unit, [], by=players.unit)) == "empty"
    assert (
        refused(lambda: acts.invite_candidates(edition, unit, [*rows, InvitationRow(" ")], by=players.unit))
        == "no_name"
    )
    with after_the_deadline(edition):  # type: ignore[attr-defined]
        assert refused(lambda: acts.invite_candidates(edition, unit, rows, by=players.unit)) == "late"
    assert Candidacy.objects.count() == 0


def test_inviting_falls_with_its_entry(edition: Edition, players: Players) -> None:
    with without_register(), pytest.raises(OSError, match="full"):  # type: ignore[attr-defined]
        acts.invite_candidates(edition, edition.spec.unit(UNIT), [InvitationRow("王工")], by=players.unit)
    assert (Candidacy.objects.count(), DraftField.objects.count()) == (0, 0)


def test_agreeing_opens_the_form_and_is_registered_by_purpose(invited: Candidacy, players: Players) -> None:
    acts.give_consent(invited, "processing", by=players.candidate)
    acts.give_consent(invited, "processing", by=players.candidate)
    now = again(invited)
    assert (now.state, now.user, set(consents_of(now))) == ("drafting", players.candidate, {"processing"})
    assert said(invited.subject)[1:] == [
        ("consent.given", {"purpose": "processing"}),
        ("candidacy.opened", {"unit": UNIT}),
    ]


@pytest.mark.parametrize("who", ["unit", "employer", "other_candidate", "organiser", "stranger"])
def test_nobody_agrees_for_another(invited: Candidacy, players: Players, who: str) -> None:
    player = getattr(players, who)
    assert refused(lambda: acts.give_consent(invited, "processing", by=player)) == "permission"
    assert refused(lambda: acts.withdraw_consent(invited, "processing", by=player)) == "permission"
    assert Consent.objects.count() == 0


def test_consents_are_of_known_purposes(draft: Candidacy, players: Players) -> None:
    assert refused(lambda: acts.give_consent(draft, "advertising", by=players.candidate)) == "unknown_purpose"
    acts.withdraw_consent(draft, "publication", by=players.candidate)
    assert refused(lambda: acts.withdraw_consent(draft, "publication", by=players.candidate)) == "absent"


def test_a_consent_falls_with_its_entry(invited: Candidacy, players: Players) -> None:
    with without_register(), pytest.raises(OSError, match="full"):  # type: ignore[attr-defined]
        acts.give_consent(invited, "processing", by=players.candidate)
    assert (Consent.objects.count(), again(invited).state) == (0, "invited")


def test_saving_counts_versions_and_normalises(draft: Candidacy, players: Players) -> None:
    first = acts.save_field(draft, "birth_month", "1985年6月", expected=0, by=players.candidate)
    second = acts.save_field(draft, "birth_month", "1985.7", expected=1, by=players.candidate)
    same = acts.save_field(draft, "birth_month", "1985-07", expected=0, by=players.candidate)
    assert [(saved.value, saved.version, saved.changed) for saved in (first, second, same)] == [
        ("1985-06", 1, True),
        ("1985-07", 2, True),
        ("1985-07", 2, False),
    ]
    answer = answer_of(draft, "birth_month")
    assert answer is not None
    assert (answer.value, answer.version, answer.edited_by) == ("1985-07", 2, players.candidate)


def test_what_cannot_be_read_is_kept_as_it_was_typed(draft: Candidacy, players: Players) -> None:
    saved = acts.save_field(draft, "years_in_industry", "很多年", expected=0, by=players.candidate)
    assert saved.value == "很多年"


def test_an_older_version_is_a_conflict_and_nothing_is_overwritten(draft: Candidacy, players: Players) -> None:
    acts.save_field(draft, "motto", "慢一点", expected=0, by=players.candidate)
    with pytest.raises(Conflict) as conflict:
        acts.save_field(draft, "motto", "准一点", expected=0, by=players.unit)
    assert (conflict.value.theirs.value, conflict.value.theirs.version) == ("慢一点", 1)
    assert conflict.value.theirs.edited_by == players.candidate
    assert answers_of(draft)["motto"].value == "慢一点"
    acts.save_field(draft, "motto", "准一点", expected=1, by=players.unit)
    assert answers_of(draft)["motto"].value == "准一点"


def test_the_register_is_told_of_each_persons_first_change_of_the_day(draft: Candidacy, players: Players) -> None:
    for text in ("一", "二", "三"):
        stands = answer_of(draft, "motto")
        acts.save_field(draft, "motto", text, expected=stands.version if stands else 0, by=players.candidate)
    acts.save_field(draft, "education", "本科", expected=0, by=players.unit)
    edits = [facts for kind, facts in said(draft.subject) if kind == "draft.edited"]
    assert edits == [{"as": "candidate"}, {"as": "unit"}]


@pytest.mark.parametrize("who", ["employer", "other_candidate", "other_unit", "organiser", "discipline", "stranger"])
def test_others_may_not_write(draft: Candidacy, players: Players, who: str) -> None:
    player = getattr(players, who)
    assert refused(lambda: acts.save_field(draft, "motto", "我", expected=0, by=player)) == "permission"
    assert "motto" not in answers_of(draft)


def test_saving_is_refused_for_good_reasons(draft: Candidacy, players: Players) -> None:
    def save(key: str, value: object = "x") -> object:
        return acts.save_field(draft, key, value, expected=0, by=players.candidate)

    assert refused(lambda: save("photo")) == "unknown_field"
    assert refused(lambda: save("opinions")) == "unknown_field"
    assert refused(lambda: save("salary")) == "unknown_field"
    assert refused(lambda: save("deeds", "长" * (acts.LONGEST + 1))) == "too_long"


def test_one_second_after_the_deadline_is_refused_with_the_time(draft: Candidacy, players: Players) -> None:
    edition = draft.edition
    with mock.patch.object(Edition, "now", return_value=edition.spec.deadline + timedelta(milliseconds=999)):
        acts.save_field(draft, "motto", "最后一秒", expected=0, by=players.candidate)
    with after_the_deadline(edition), pytest.raises(Refused) as refusal:  # type: ignore[attr-defined]
        acts.save_field(draft, "motto", "晚了一秒", expected=1, by=players.candidate)
    assert refusal.value.code == "late"
    assert "2023-04-01 00:00:00" in str(refusal.value)
    assert answers_of(draft)["motto"].value == "最后一秒"


def test_nothing_is_written_before_it_was_agreed(invited: Candidacy, players: Players) -> None:
    assert refused(lambda: acts.save_field(invited, "motto", "x", expected=0, by=players.candidate)) == "no_consent"
    agree(invited, players.candidate, "processing")
    acts.save_field(invited, "motto", "x", expected=0, by=players.candidate)
    assert (
        refused(lambda: acts.save_field(invited, "mobile", "19900000001", expected=0, by=players.candidate))
        == "no_consent"
    )
    agree(invited, players.candidate, "sensitive")
    acts.save_field(invited, "mobile", "19900000001", expected=0, by=players.candidate)


def test_a_save_falls_with_its_entry(draft: Candidacy, players: Players) -> None:
    with without_register(), pytest.raises(OSError, match="full"):  # type: ignore[attr-defined]
        acts.save_field(draft, "motto", "慢一点", expected=0, by=players.candidate)
    assert "motto" not in answers_of(draft)


def test_the_name_on_lists_follows_the_form(draft: Candidacy, players: Players) -> None:
    acts.save_field(draft, "name", "张 大山", expected=1, by=players.candidate)
    assert again(draft).name == "张大山"


def test_without_consent_to_sensitive_data_it_is_erased(whole: Candidacy, players: Players) -> None:
    acts.withdraw_consent(whole, "sensitive", by=players.candidate)
    held = answers_of(again(whole))
    assert set(held) & set(whole.edition.spec.form.keys_of("sensitive")) == set()
    assert {"motto", "deeds", "name"} <= set(held)
    assert whole.attachments.count() == 0
    assert said(whole.subject)[-1] == ("consent.withdrawn", {"purpose": "sensitive"})


def test_a_handed_form_comes_back_without_consent_to_sensitive_data(handed: Candidacy, players: Players) -> None:
    acts.withdraw_consent(handed, "sensitive", by=players.candidate)
    assert (again(handed).state, again(handed).handed_at) == ("drafting", None)
    assert [kind for kind, _facts in said(handed.subject)][-2:] == ["consent.withdrawn", "candidacy.called_back"]


def test_withdrawing_the_use_of_data_withdraws_the_candidacy(whole: Candidacy, players: Players) -> None:
    acts.withdraw_consent(whole, "processing", by=players.candidate)
    gone = again(whole)
    assert (gone.state, gone.fields.count(), gone.attachments.count(), consents_of(gone)) == ("withdrawn", 0, 0, {})
    assert said(whole.subject)[-2:] == [
        ("consent.withdrawn", {"purpose": "processing"}),
        ("candidacy.withdrawn", {"state": "drafting"}),
    ]
    with pytest.raises(VaultError):
        subject_of(gone.person)
    assert refused(lambda: acts.give_consent(gone, "processing", by=players.candidate)) == "withdrawn"


def test_candidate_and_unit_may_withdraw_and_others_not(draft: Candidacy, players: Players) -> None:
    for player in (players.employer, players.other_candidate, players.other_unit, players.stranger):
        assert refused(lambda player=player: acts.withdraw(draft, by=player)) == "permission"
    acts.withdraw(draft, by=players.unit)
    assert again(draft).state == "withdrawn"
    assert refused(lambda: acts.withdraw(draft, by=players.candidate)) == "withdrawn"


@pytest.mark.parametrize("act_", ["withdraw", "withdraw_consent"])
def test_withdrawing_falls_with_its_entry(whole: Candidacy, players: Players, act_: str) -> None:
    arguments = () if act_ == "withdraw" else ("processing",)
    with without_register(), pytest.raises(OSError, match="full"):  # type: ignore[attr-defined]
        getattr(acts, act_)(whole, *arguments, by=players.candidate)
    assert (again(whole).state, whole.fields.count() > 10, whole.attachments.count()) == ("drafting", True, 1)
    assert subject_of(again(whole).person)


def test_no_value_is_in_clear_where_the_draft_is_stored(whole: Candidacy, players: Players) -> None:
    del players
    fill_values = [str(value) for value in ("慢一点，准一点，稳一点。", "19900000001", "杭州市滨江路1号")]
    stored = b"".join(bytes(row.sealed) for row in DraftField.objects.all())
    assert [value for value in fill_values if value.encode() in stored] == []
    entries = repr(list(Entry.objects.values_list("facts", "subject")))
    assert [value for value in fill_values if value in entries] == []


def test_the_office_sees_no_draft(draft: Candidacy, players: Players) -> None:
    fill(draft, players.candidate, with_photo=False)
    for player in (players.organiser, players.discipline):
        asked: User = afresh(player)
        assert refused(lambda asked=asked: acts.save_field(draft, "motto", "x", expected=1, by=asked)) == "permission"
