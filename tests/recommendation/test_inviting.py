"""Inviting: all of a list or none, links that replace each other, somebody entered by the unit."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from recommendation.people import People, State, again, drafted, invited, unit_of

from jiangbang.accounts.invitations import accept
from jiangbang.accounts.models import Invitation, Membership
from jiangbang.candidacy.drafts import answers_of
from jiangbang.candidacy.models import Candidacy
from jiangbang.candidacy.queries import consents_of
from jiangbang.outbox.models import Message
from jiangbang.programme.models import Edition
from jiangbang.recommendation import inviting
from jiangbang.recommendation.pasting import PastedPerson
from jiangbang.register import acts as register_acts
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db

ZHAO = PastedPerson(1, "赵一鸣", "云栖数据", "19900000001", "")
QIAN = PastedPerson(2, "钱多多", "智联科技", "", "qian@example.org")


def code_of(attempt: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        attempt()
    return refused.value.code


def invite(edition: Edition, people: People, *rows: PastedPerson, who: str = "unit") -> list[inviting.InvitedPerson]:
    return inviting.invite_people(edition, unit_of(edition), rows, by=getattr(people, who))


def test_a_list_is_invited_with_what_is_known(edition: Edition, people: People) -> None:
    zhao, qian = invite(edition, people, ZHAO, QIAN)
    assert [one.candidacy.name for one in (zhao, qian)] == ["赵一鸣", "钱多多"]
    answers = answers_of(again(zhao.candidacy))
    assert (answers["employer_and_position"].value, answers["mobile"].value) == ("云栖数据", "19900000001")
    assert Message.objects.count() == 1
    types = list(Entry.objects.order_by("-index").values_list("type", flat=True)[:5])
    assert sorted(types) == ["candidacy.invited"] * 2 + ["invitation.made"] * 2 + ["message.posted"]


def test_a_link_leads_the_candidate_to_the_form(edition: Edition, people: People) -> None:
    (zhao,) = invite(edition, people, ZHAO)
    _invitation, user = accept(zhao.token)
    held = Membership.objects.get(user=user)
    assert (held.role, held.scope, held.edition) == ("candidate", str(zhao.candidacy.pk), edition.key)


def test_one_bad_line_stops_the_list(edition: Edition, people: People) -> None:
    bad = PastedPerson(2, "钱多多", "", "123", "", ("mobile",))
    assert code_of(lambda: invite(edition, people, ZHAO, bad)) == "unchecked"
    assert code_of(lambda: invite(edition, people)) == "empty"
    for who in ("other", "organiser", "discipline", "stranger"):
        assert code_of(lambda who=who: invite(edition, people, ZHAO, who=who)) == "permission"  # type: ignore[misc]
    assert not Candidacy.objects.exists()


def test_a_failing_register_invites_nobody(edition: Edition, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_entries: object) -> None:
        raise RuntimeError("the register cannot be written")

    monkeypatch.setattr(register_acts, "_append", fail)
    with pytest.raises(RuntimeError):
        invite(edition, people, ZHAO, QIAN)
    assert (Candidacy.objects.count(), Invitation.objects.count(), Message.objects.count()) == (0, 0, 0)


def test_a_new_link_takes_the_place_of_the_old(edition: Edition, people: People) -> None:
    (zhao,) = invite(edition, people, ZHAO)
    second = inviting.invite_again(again(zhao.candidacy), "zhao@example.org", by=people.colleague)
    assert code_of(lambda: accept(zhao.token)) == "revoked"
    assert Message.objects.count() == 1
    accept(second.token)
    assert code_of(lambda: inviting.invite_again(again(zhao.candidacy), "", by=people.unit)) == "in_use"


def test_a_new_link_is_refused(edition: Edition, people: People) -> None:
    one = invited(edition, people.unit)
    assert code_of(lambda: inviting.invite_again(one, "", by=people.other)) == "permission"
    Candidacy.objects.update(state=State.WITHDRAWN)
    assert code_of(lambda: inviting.invite_again(one, "", by=people.unit)) == "withdrawn"


def enter(edition: Edition, people: People, *attested: str, name: str = "赵一鸣", who: str = "unit") -> Candidacy:
    return inviting.enter_candidate(edition, unit_of(edition), name, attested=attested, by=getattr(people, who))


def test_somebody_without_an_address_is_entered_with_consents_on_paper(edition: Edition, people: People) -> None:
    made = again(enter(edition, people, "processing", "sensitive"))
    assert (made.state, made.user) == (State.DRAFTING, None)
    assert sorted(consents_of(made)) == ["processing", "sensitive"]
    entry = Entry.objects.get(type="consent.attested")
    assert (entry.facts, entry.actor) == ({"purposes": ["processing", "sensitive"]}, f"user:{people.unit.pk}")


def test_entering_is_refused_as_a_whole(edition: Edition, people: People) -> None:
    assert code_of(lambda: enter(edition, people, "processing")) == "no_consent"
    assert code_of(lambda: enter(edition, people, "processing", "sensitive", "marketing")) == "unknown_purpose"
    assert code_of(lambda: enter(edition, people, "processing", "sensitive", name=" ")) == "no_name"
    assert code_of(lambda: enter(edition, people, "processing", "sensitive", who="organiser")) == "permission"
    assert not Candidacy.objects.exists()


def test_consents_are_attested_once_and_only_before_the_candidate_began(edition: Edition, people: People) -> None:
    begun = drafted(edition, people.unit)
    attempt = lambda: inviting.attest_consents(begun, ["processing", "sensitive"], by=people.unit)  # noqa: E731
    assert code_of(attempt) == "not_invited"
