"""The result leaves its seal once, by the office, while the consultation clears everybody in it."""

from __future__ import annotations

import pytest
from decision.decided import decided
from django.db import DatabaseError, transaction
from nomination.readings import Cast

from jiangbang.decision import releasing
from jiangbang.decision.models import Place, Result
from jiangbang.decision.queries import released_places, reserve_for
from jiangbang.decision.releasing import release_result
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry


def test_a_result_is_sealed_until_it_is_released(edition: Edition, cast: Cast) -> None:
    decided(edition, cast.organiser, released=False)
    assert (released_places(edition), reserve_for(edition)) == ([], [])
    release_result(edition, by=cast.organiser)
    assert [(place.title, place.position) for place in released_places(edition)] == [
        ("craftsman", 1),
        ("craftsman", 2),
        ("nominee", 1),
    ]
    assert [place.position for place in reserve_for(edition)] == [1, 2]
    last = Entry.objects.latest("index")
    assert (last.type, last.facts) == ("result.released", {"number": "数匠审〔2023〕1号", "count": 3})
    release_result(edition, by=cast.organiser)
    assert Entry.objects.latest("index") == last


def test_who_may_not_and_what_is_not_there(edition: Edition, cast: Cast) -> None:
    for by, code in ((cast.discipline, "permission"), (cast.organiser, "no_result")):
        with pytest.raises(Refused) as raised:
            release_result(edition, by=by)
        assert raised.value.code == code


def test_nothing_is_released_while_somebody_is_not_cleared(
    edition: Edition, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = decided(edition, cast.organiser, released=False)
    names = [place.dossier.name for place in result.places.filter(title="craftsman", reserve=False)]
    monkeypatch.setattr(releasing, "not_cleared", lambda _edition, _dossiers: names)
    with pytest.raises(Refused, match="2 人未通过") as raised:
        release_result(edition, by=cast.organiser)
    assert raised.value.code == "stale"
    assert Result.objects.get().released_at is None


@pytest.mark.parametrize("change", ["update", "delete"])
def test_a_released_result_and_its_places_are_final(edition: Edition, cast: Cast, change: str) -> None:
    decided(edition, cast.organiser)
    for rows, values in ((Result.objects, {"resolution": "2号"}), (Place.objects, {"position": 9})):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**values) if change == "update" else rows.all()._raw_delete("default")  # type: ignore[attr-defined]
