"""An edition, a candidacy that was invited by its unit, and everybody around it."""

from __future__ import annotations

import pytest
from candidacy.drafting import UNIT, Players, account, again, agree, fill
from nomination.conftest import cast, edition  # noqa: F401 — fixtures
from nomination.readings import Cast, person

from jiangbang.accounts.models import Membership, Role
from jiangbang.candidacy import acts, handing
from jiangbang.candidacy.acts import InvitationRow
from jiangbang.candidacy.models import Candidacy
from jiangbang.programme.models import Edition


@pytest.fixture
def players(edition: Edition, cast: Cast) -> Players:  # noqa: F811
    return Players(
        cast.organiser,
        account("unit", edition, Role.UNIT, UNIT),
        account("candidate", edition, Role.CANDIDATE, "none yet"),
        account("employer", edition, Role.EMPLOYER, "none yet"),
        account("other-candidate", edition, Role.CANDIDATE, "another"),
        account("other-unit", edition, Role.UNIT, "330102"),
        cast.discipline,
        cast.stranger,
    )


@pytest.fixture
def invited(edition: Edition, players: Players) -> Candidacy:  # noqa: F811
    """As it stands once candidate and employer have used their links, before anything was agreed to."""
    row = InvitationRow(str(person(1)["name"]), "candidate@example.org")
    (made,) = acts.invite_candidates(edition, edition.spec.unit(UNIT), [row], by=players.unit)
    for player in (players.candidate, players.employer):
        Membership.objects.filter(user=player).update(scope=str(made.candidacy.pk))
    return again(made.candidacy)


@pytest.fixture
def draft(invited: Candidacy, players: Players) -> Candidacy:
    """Agreed to, still empty but for the name."""
    agree(invited, players.candidate)
    return again(invited)


@pytest.fixture
def whole(draft: Candidacy, players: Players) -> Candidacy:
    """Filled in, ready to be handed over."""
    fill(draft, players.candidate)
    return again(draft)


@pytest.fixture
def handed(whole: Candidacy, players: Players) -> Candidacy:
    """With the employer."""
    handing.hand_to_employer(whole, by=players.candidate)
    return again(whole)


@pytest.fixture
def with_unit(handed: Candidacy, players: Players) -> Candidacy:
    """Confirmed, with the unit."""
    handing.confirm_as_employer(handed, "情况属实，同意推荐。", by=players.employer)
    return again(handed)
