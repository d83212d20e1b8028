"""The next edition is the last one with what was said to be different, and nothing else."""

from __future__ import annotations

import io
import tomllib
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from nomination.readings import Cast
from succession.conftest import PLAN

from jiangbang.conferral.award_models import Award
from jiangbang.programme.acts import compare_programme, document_hash
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry
from jiangbang.succession.copying import as_folder, check_document, copy_edition, next_document
from jiangbang.succession.differences import differences

pytestmark = pytest.mark.django_db


def test_only_names_dates_seats_and_earlier_titles_are_different(edition: Edition) -> None:
    made = next_document(edition, PLAN)
    check_document(made)
    found = differences(edition.document, made)
    assert {one.section for one in found} == {"名称", "日期", "称号与名额", "条款", "已获称号"}
    told = {one.place: (one.before, one.after) for one in found}
    assert told["杭州数字工匠 · 名额"] == ("50", "60")
    assert told["社会公示 · 开始"][1] == "2025-05-12 星期一"
    assert told["推荐 · 结束"] == ("2023-03-31 星期五", "2025-03-28 星期五")
    assert told["截止"] == ("2023-03-31 星期五 23:59:59", "2025-03-28 星期五 23:59:59")
    assert edition.document["edition"]["slug"] == "2023"


def test_its_titles_exclude_and_its_prizes_do_not(following: Edition) -> None:
    titles = {one.key: one for one in following.spec.earlier_titles if one.edition == "2023"}
    assert {key: one.may_stand_again for key, one in titles.items()} == {"craftsman_2023": False, "nominee_2023": True}
    clause = next(one for one in following.spec.clauses if "杭州数字工匠" in one.expression)
    assert (clause.kind, clause.expression) == ("exclusion", "!('杭州数字工匠' in earlier_titles)")
    # the third one inherits the clause instead of saying it twice
    again = next_document(following, replace(PLAN, slug="2027"))
    assert sum("'杭州数字工匠' in" in one["expression"] for one in again["edition"]["clause"]) == 1
    assert again["edition"]["previous"] == ["2023", "2025"]


def test_loading_its_files_changes_nothing(following: Edition, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(as_folder(following.document, following.programme))) as folder:
        folder.extractall(tmp_path)
    home = tmp_path / following.programme
    assert [one.is_empty for one in compare_programme(home)] == [True]
    written = tomllib.loads((home / "2025.toml").read_text("utf-8"))
    assert written["stage"][0]["opens"].isoformat() == following.document["edition"]["stage"][0]["opens"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"slug": "Third Edition"}, "slug"),
        ({"slug": "2023"}, "taken"),
        ({"name": " "}, "name"),
        ({"dates": {"review": (PLAN.dates["notice"][1], PLAN.dates["notice"][0])}}, "dates"),
    ],
)
def test_what_is_refused(edition: Edition, change: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refused:
        next_document(edition, replace(PLAN, **change))  # type: ignore[arg-type]
    assert refused.value.code == code


def test_it_is_made_as_it_was_looked_at_by_the_office(edition: Edition, held: Sequence[Award], cast: Cast) -> None:
    seen = document_hash(next_document(edition, PLAN))
    for plan, by, code in (
        (replace(PLAN, name="另一届"), cast.organiser, "changed"),
        (PLAN, cast.discipline, "permission"),
    ):
        with pytest.raises(Refused) as refused:
            copy_edition(edition, plan, seen=seen, by=by)
        assert refused.value.code == code
    made = copy_edition(edition, PLAN, seen=seen, by=cast.organiser)
    assert [one.type for one in Entry.objects.filter(edition=made.key).order_by("index")] == [
        "programme.loaded",
        "edition.copied",
    ]
    assert (made.is_default, Edition.objects.filter(is_default=True).count()) == (False, 1)
