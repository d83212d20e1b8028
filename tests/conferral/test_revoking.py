"""A revoked certificate stays revoked, and the register is the list."""

from __future__ import annotations

import pytest
from conferral.conferred import conferred
from django.utils import timezone
from nomination.readings import Cast

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role, User
from jiangbang.conferral import revoking
from jiangbang.conferral.award_models import Award, Revocation
from jiangbang.conferral.revoking import (
    confirm_revocation,
    decline_revocation,
    note_recovered,
    propose_revocation,
    revoke_certificate,
    revoked_numbers,
)
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry


def test_a_revocation_stands_in_the_register_and_in_the_list(edition: Edition, cast: Cast) -> None:
    assert revoked_numbers() == {}
    for number in ("1号", "2号"):
        revoke_certificate(edition, number=number, resolution="撤〔2023〕1号", by=cast.organiser)
    today = timezone.localdate()
    assert list(revoked_numbers().items()) == [("2号", today), ("1号", today)]
    entry = Entry.objects.latest("index")
    facts = {"number": "2号", "resolution": "撤〔2023〕1号"}
    assert (entry.type, entry.edition, entry.facts) == ("certificate.revoked", edition.key, facts)


def test_the_list_is_one_query_however_long(edition: Edition, cast: Cast, django_assert_num_queries: object) -> None:
    for number in ("1号", "2号", "3号"):
        revoke_certificate(edition, number=number, resolution="撤〔2023〕1号", by=cast.organiser)
        with django_assert_num_queries(1):  # type: ignore[operator]
            found = revoked_numbers()
    assert len(found) == 3


def test_who_may_not_and_what_is_missing(edition: Edition, cast: Cast) -> None:
    revoke_certificate(edition, number="1号", resolution="撤〔2023〕1号", by=cast.organiser)
    codes = []
    for number, resolution, by in (
        ("2号", "撤〔2023〕1号", cast.discipline),
        (" ", "撤〔2023〕1号", cast.organiser),
        ("2号", "", cast.organiser),
        (" 1号 ", "撤〔2023〕2号", cast.organiser),
    ):
        with pytest.raises(Refused) as refused:
            revoke_certificate(edition, number=number, resolution=resolution, by=by)
        codes.append(refused.value.code)
    assert codes == ["permission", "number", "resolution", "revoked"]
    assert list(revoked_numbers()) == ["1号"]


def test_a_register_that_cannot_be_written_revokes_nothing(
    edition: Edition, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: object, **_facts: object) -> None:
        raise RuntimeError("register away")

    monkeypatch.setattr(revoking, "record", fails)
    with pytest.raises(RuntimeError):
        revoke_certificate(edition, number="1号", resolution="撤〔2023〕1号", by=cast.organiser)
    assert revoked_numbers() == {}


@pytest.fixture
def award(edition: Edition, cast: Cast) -> Award:
    return conferred(edition, cast.organiser)[0]


@pytest.fixture
def second(edition: Edition) -> User:
    return create_account("second", role=Role.ORGANISER, password=None, edition=edition.key)


def code_of(call: object, *arguments: object, **more: object) -> str:
    with pytest.raises(Refused) as refusal:
        call(*arguments, **more)  # type: ignore[operator]
    return refusal.value.code


def test_a_title_is_revoked_by_two_persons_and_its_certificate_with_it(award: Award, cast: Cast, second: User) -> None:
    made = propose_revocation(award, ground="事迹不实", resolution="撤〔2023〕1号", by=cast.organiser)
    assert code_of(confirm_revocation, made, by=cast.organiser) == "same_person"
    assert (Award.objects.get(pk=award.pk).held, revoked_numbers()) == (True, {})
    confirm_revocation(made, by=second)
    assert Award.objects.get(pk=award.pk).state == "revoked"
    assert list(revoked_numbers()) == [award.number]
    kinds = list(Entry.objects.filter(type__contains="revo").order_by("index").values_list("type", flat=True))
    assert kinds == ["revocation.proposed", "award.revoked", "certificate.revoked"]
    note_recovered(made, by=second)
    assert Revocation.objects.get(pk=made.pk).recovered_at is not None
    assert code_of(note_recovered, made, by=second) == "state"
    assert code_of(confirm_revocation, made, by=second) == "state"
    assert code_of(propose_revocation, award, ground="x", resolution="y", by=second) == "revoked"


def test_a_proposal_is_turned_down_or_taken_back_and_the_title_stays(award: Award, cast: Cast, second: User) -> None:
    for who, left in ((second, ["declined"]), (cast.organiser, ["declined"])):
        made = propose_revocation(award, ground="x", resolution="撤〔2023〕1号", by=cast.organiser)
        assert code_of(propose_revocation, award, ground="x", resolution="y", by=second) == "proposed"
        assert code_of(note_recovered, made, by=second) == "state"
        decline_revocation(made, by=who)
        assert code_of(decline_revocation, made, by=who) == "state"
        assert list(Revocation.objects.values_list("state", flat=True)) == left
    assert (Award.objects.get(pk=award.pk).held, revoked_numbers()) == (True, {})


def test_a_revocation_needs_ground_paper_and_right(award: Award, cast: Cast) -> None:
    by = cast.organiser
    assert code_of(propose_revocation, award, ground=" ", resolution="y", by=by) == "ground"
    assert code_of(propose_revocation, award, ground="x", resolution=" ", by=by) == "resolution"
    assert code_of(propose_revocation, award, ground="x", resolution="y", by=cast.discipline) == "permission"


def test_a_certificate_that_was_revoked_before_stays_so(award: Award, cast: Cast, second: User) -> None:
    revoke_certificate(award.edition, number=award.number, resolution="撤〔2023〕9号", by=cast.organiser)
    made = propose_revocation(award, ground="x", resolution="撤〔2023〕1号", by=cast.organiser)
    confirm_revocation(made, by=second)
    assert Entry.objects.filter(type="certificate.revoked").count() == 1
