"""Invitations: for whom, and where the link goes."""

from __future__ import annotations

import pytest
from candidacy.drafting import UNIT, Players
from candidacy.test_acts import refused

from jiangbang.accounts.invitations import accept
from jiangbang.candidacy import acts
from jiangbang.candidacy.acts import InvitationRow
from jiangbang.candidacy.models import Candidacy
from jiangbang.candidacy.policy import is_candidate
from jiangbang.outbox.models import Message
from jiangbang.programme.models import Edition

pytestmark = pytest.mark.django_db


def test_a_link_goes_to_an_address_and_opens_the_candidacy(edition: Edition, players: Players) -> None:
    (made,) = acts.invite_candidates(
        edition, edition.spec.unit(UNIT), [InvitationRow("王工", "wang@example.org")], by=players.unit
    )
    _invitation, user = accept(made.token)
    assert is_candidate(user, made.candidacy)
    message = Message.objects.get(template="candidacy.invited")
    assert (message.edition, made.token in message.subject) == (edition.key, False)


@pytest.mark.parametrize("address", ["", "19900000001"])
def test_without_a_mail_address_nothing_is_posted(edition: Edition, players: Players, address: str) -> None:
    (made,) = acts.invite_candidates(
        edition, edition.spec.unit(UNIT), [InvitationRow("王工", address)], by=players.unit
    )
    assert (Message.objects.count(), bool(made.token)) == (0, True)


def test_a_wrong_mail_address_is_refused_and_nobody_is_invited(edition: Edition, players: Players) -> None:
    rows = [InvitationRow("李工"), InvitationRow("王工", "wang@")]
    assert refused(lambda: acts.invite_candidates(edition, edition.spec.unit(UNIT), rows, by=players.unit)) == "address"
    assert Candidacy.objects.count() == 0
