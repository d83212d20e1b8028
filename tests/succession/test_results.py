"""Earlier results are found by the person; prize holders are told through their units, once; people go over, once."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from nomination.readings import Cast

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Membership, Role
from jiangbang.conferral.award_models import Award
from jiangbang.nomination.contacts import ContactRow, keep_contacts
from jiangbang.nomination.models import Dossier
from jiangbang.notice.site_texts import word_site
from jiangbang.outbox.models import Message
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.screening.lists_comparing import compare
from jiangbang.screening.lists_models import ListMatch, ListRow, NameList
from jiangbang.succession.carrying import carried, carry_over
from jiangbang.succession.inviting import invite_holders, may_stand_again
from jiangbang.succession.results import take_results, taken_list

pytestmark = pytest.mark.django_db


def recommended_again(award: Award, edition: Edition) -> Dossier:
    """The same person, under a name that is written otherwise and at another firm, in a later edition."""
    old = award.dossier
    return Dossier.objects.create(
        edition=edition, person=old.person, unit_code=old.unit_code, state="accepted", name="另名", employer="别的公司",
        accepted_revision=old.accepted_revision, revision=old.revision, updated_at=old.updated_at,
    )  # fmt: skip


def test_whoever_holds_a_title_is_found_under_another_name(
    following: Edition, held: Sequence[Award], cast: Cast
) -> None:
    assert take_results(following, by=cast.organiser) == 3
    again = [recommended_again(one, following) for one in (held[0], held[2])]
    compare(following, by=cast.organiser)
    found = ListMatch.objects.filter(edition=following, counts=True).order_by("pk")
    assert {(one.dossier_id, one.kind, one.way) for one in found} == {
        (again[0].pk, "craftsman_2023", "identity"),
        (again[1].pk, "nominee_2023", "identity"),
    }


def test_taking_anew_leaves_out_whoever_lost_the_title(following: Edition, held: Sequence[Award], cast: Cast) -> None:
    take_results(following, by=cast.organiser)
    first = taken_list(following)
    assert take_results(following, by=cast.organiser) == 3
    assert taken_list(following) == first
    Award.objects.filter(pk=held[0].pk).update(state="revoked")
    assert take_results(following, by=cast.organiser) == 2
    states = NameList.objects.filter(edition=following).order_by("imported_at").values_list("state", flat=True)
    assert list(states) == ["replaced", "in_force"]
    rows = ListRow.objects.filter(name_list=taken_list(following)).values_list("batch", flat=True)
    assert sorted(rows) == sorted(one.number for one in held[1:])


def test_an_edition_without_one_before_has_nothing_to_take(edition: Edition, cast: Cast) -> None:
    for by, code in ((cast.organiser, "nobody"), (cast.discipline, "permission")):
        with pytest.raises(Refused) as refused:
            take_results(edition, by=by)
        assert refused.value.code == code


def test_units_are_told_once_who_may_stand_again(following: Edition, held: Sequence[Award], cast: Cast) -> None:
    prize = held[2]
    (standing,) = may_stand_again(following)
    assert (standing.award, standing.told, standing.reachable, standing.stands) == (prize, False, False, False)
    assert invite_holders(following, by=cast.organiser) == 0
    unit = prize.dossier.unit_code
    keep_contacts(following, [ContactRow(unit, "林一", "lin@unit.example")], by=cast.organiser)
    assert [invite_holders(following, by=cast.organiser) for _turn in range(2)] == [1, 0]
    message = Message.objects.get(edition=following.key, template="succession.stand_again")
    assert message.name == "林一"
    recommended_again(prize, following)
    (standing,) = may_stand_again(following)
    assert (standing.told, standing.stands) == (True, True)


def test_what_is_missing_is_carried_over_once(edition: Edition, following: Edition, cast: Cast) -> None:
    unit = edition.spec.units[0].code
    keep_contacts(edition, [ContactRow(unit, "林一", "lin@unit.example")], by=cast.organiser)
    word_site(edition, {"about": "工匠精神", "call": "请推荐"}, called=True, by=cast.organiser)
    clerk = create_account("clerk", role=Role.UNIT, password="", edition=edition.key, scope=unit, by=cast.organiser)
    kinds = ("contacts", "accounts", "experts", "members", "words")
    counts = [carry_over(edition, following, key, by=cast.organiser) for key in kinds]
    assert (counts[0], counts[1] >= 1, counts[4]) == (1, True, 1)
    assert [carry_over(edition, following, key, by=cast.organiser) for key in kinds] == [0] * 5
    assert {one.missing for one in carried(edition, following)} == {0}
    assert Membership.objects.filter(user=clerk, edition=following.key, role=Role.UNIT, scope=unit).exists()
    page = following.site_page  # type: ignore[attr-defined]
    assert (page.about, page.called_at) == ("工匠精神", None)
    with pytest.raises(Refused) as refused:
        carry_over(edition, following, "everything", by=cast.organiser)
    assert refused.value.code == "unknown"
