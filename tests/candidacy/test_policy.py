"""One predicate per right: who has it, and who has not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from candidacy.drafting import UNIT, Players, afresh

from jiangbang.accounts.models import User
from jiangbang.candidacy import policy
from jiangbang.candidacy.models import Candidacy

pytestmark = pytest.mark.django_db

Right = Callable[[User, Candidacy], bool]
EVERYBODY = ("organiser", "unit", "candidate", "employer", "other_candidate", "other_unit", "discipline", "stranger")


def having(players: Players, right: Right, candidacy: Candidacy) -> set[str]:
    return {who for who in EVERYBODY if right(afresh(getattr(players, who)), candidacy)}


def test_before_it_is_handed_over(draft: Candidacy, players: Players) -> None:
    assert having(players, policy.may_read, draft) == {"candidate", "unit"}
    assert having(players, policy.may_edit, draft) == {"candidate", "unit"}
    assert having(players, policy.may_read_paper, draft) == {"candidate", "unit"}
    assert having(players, policy.may_confirm, draft) == {"employer"}
    assert (policy.is_open(draft), policy.is_handed(draft)) == (True, False)


def test_while_it_lies_with_the_employer(handed: Candidacy, players: Players) -> None:
    assert having(players, policy.may_read, handed) == {"candidate", "unit"}
    assert having(players, policy.may_read_paper, handed) == {"candidate", "unit", "employer"}
    assert (policy.is_open(handed), policy.is_handed(handed)) == (False, True)


def test_the_office_and_the_unit_invite(draft: Candidacy, players: Players) -> None:
    def invites(user: User, candidacy: Candidacy) -> bool:
        return policy.may_invite(user, candidacy.edition, UNIT)

    assert having(players, invites, draft) == {"organiser", "unit"}


def test_a_closed_account_is_nobody(draft: Candidacy, players: Players) -> None:
    User.objects.update(is_active=False)
    assert having(players, policy.may_read, draft) == set()


def test_whoever_took_up_the_invitation_is_the_candidate(invited: Candidacy, players: Players) -> None:
    assert having(players, policy.is_candidate, invited) == {"candidate"}
    invited.user = players.other_candidate
    assert having(players, policy.is_candidate, invited) == {"other_candidate"}
