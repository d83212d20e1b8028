"""A decided edition in a moment, for the tests of later stages: rows of a result without the meeting that led to it."""

from __future__ import annotations

from django.utils import timezone
from review.panels import eligible_dossiers

from jiangbang.accounts.models import User
from jiangbang.decision.models import Place, Result
from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition


def decided(
    edition: Edition,
    office: User,
    *,
    titles: int = 2,
    prizes: int = 1,
    reserve: int = 2,
    direct: int = 0,
    released: bool = True,
    dossiers: list[Dossier] | None = None,
) -> Result:
    """So many places by title, by prize, on the reserve list, and direct titles; of new eligible people unless `dossiers` are given.
    Not `released`: sealed, as before the act that publishes the notice."""
    people = dossiers or eligible_dossiers(edition, office, titles + prizes + reserve + direct)
    keys = [title.key for title in edition.spec.titles if title.seats]
    direct_key = next((title.key for title in edition.spec.titles if title.direct), "")
    now = timezone.now()
    result = Result.objects.create(
        edition=edition,
        resolution="数匠审〔2023〕1号",
        resolved_by=office,
        resolved_at=now,
        released_by=office if released else None,
        released_at=now if released else None,
    )
    lists = ((keys[0], False, titles), (keys[-1], False, prizes), (keys[0], True, reserve), (direct_key, False, direct))
    waiting = iter(people)
    for title, on_reserve, count in lists:
        for position in range(1, count + 1):
            Place.objects.create(
                result=result, dossier=next(waiting), title=title, reserve=on_reserve, position=position
            )
    return result
