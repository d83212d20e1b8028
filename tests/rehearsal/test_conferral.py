"""A rehearsed conferral: whoever stood holds a title, half of the things are handed over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nomination.conftest import cast, edition  # noqa: F401 — fixtures
from nomination.readings import Cast
from notice.noticed import noticed
from own_home import move_to

from jiangbang.conferral.award_models import Award, HandedOver
from jiangbang.conferral.issuers import current_key
from jiangbang.programme.models import Edition
from jiangbang.rehearsal.conferral import rehearse_conferral


def test_the_notice_runs_out_and_titles_are_conferred(
    edition: Edition,  # noqa: F811
    cast: Cast,  # noqa: F811
    settings: Any,
    tmp_path: Path,
) -> None:
    move_to(tmp_path, settings)
    notice = noticed(edition, cast.organiser, titles=3)
    said: list[str] = []
    after = rehearse_conferral(notice, by=cast.organiser, say=said.append)
    assert after.now().date() > (notice.last_day or after.now().date())
    assert (Award.objects.count(), HandedOver.objects.count()) == (4, 2 * 3)
    assert current_key(after.now().date()) is not None
    assert said == ["4 people hold titles."]
