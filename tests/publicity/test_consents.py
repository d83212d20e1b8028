"""Who agrees to be shown."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from nomination.readings import Cast

from jiangbang.conferral.award_models import Award
from jiangbang.publicity.consents import record_consent, withdraw_consent
from jiangbang.publicity.models import PublicityConsent
from jiangbang.register.acts import Refused
from jiangbang.register.queries import entries

pytestmark = pytest.mark.django_db


def test_an_agreement_is_noted_withdrawn_and_given_again(held: Sequence[Award], cast: Cast) -> None:
    dossier = held[0].dossier
    record_consent(dossier, paper=" 同意书  第1号 ", photo=True, by=cast.organiser)
    withdraw_consent(dossier, by=cast.organiser)
    record_consent(dossier, paper="同意书第2号", photo=False, by=cast.organiser)
    rows = PublicityConsent.objects.filter(dossier=dossier).order_by("pk")
    assert [(row.paper, row.photo, row.withdrawn_at is None) for row in rows] == [
        ("同意书 第1号", True, False),
        ("同意书第2号", False, True),
    ]
    kinds = [one.type for one in entries(subject=dossier.subject) if one.type.startswith("publicity.")]
    assert sorted(kinds) == ["publicity.agreed", "publicity.agreed", "publicity.withdrawn"]


def test_what_is_refused(held: Sequence[Award], cast: Cast) -> None:
    dossier, by = held[0].dossier, cast.organiser
    assert refused(lambda: record_consent(dossier, paper="同意书", photo=False, by=cast.discipline)) == "permission"
    assert refused(lambda: record_consent(dossier, paper=" ", photo=False, by=by)) == "paper"
    assert refused(lambda: record_consent(dossier, paper="同" * 121, photo=False, by=by)) == "paper"
    assert refused(lambda: withdraw_consent(dossier, by=by)) == "absent"
    record_consent(dossier, paper="同意书", photo=False, by=by)
    assert refused(lambda: record_consent(dossier, paper="同意书", photo=True, by=by)) == "agreed"
    Award.objects.update(state=Award.State.REVOKED)
    assert refused(lambda: record_consent(held[1].dossier, paper="同意书", photo=False, by=by)) == "title"


def refused(act: object) -> str:
    with pytest.raises(Refused) as caught:
        act()  # type: ignore[operator]
    return str(caught.value.code)
