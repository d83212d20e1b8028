"""Loading a programme: once, again, changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role, User
from jiangbang.programme.acts import compare_programme, load_programme
from jiangbang.programme.bundles import BundleError
from jiangbang.programme.models import Edition
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db
BUNDLED = Path(__file__).resolve().parents[2] / "programmes" / "hangzhou-digital-craftsman"


@pytest.fixture
def organiser() -> User:
    return create_account("lin", role=Role.ORGANISER, password=None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BUNDLED, tmp_path / "programme"))


def loads() -> list[str]:
    return list(Entry.objects.filter(type="programme.loaded").order_by("index").values_list("edition", flat=True))


def test_loading_registers_each_edition(organiser: User) -> None:
    differences = load_programme(BUNDLED, by=organiser)
    assert [(difference.slug, difference.is_new) for difference in differences] == [("2023", True), ("2024", True)]
    assert loads() == ["hangzhou-digital-craftsman/2023", "hangzhou-digital-craftsman/2024"]
    assert Edition.objects.get(is_default=True).slug == "2023"


def test_loading_the_same_files_twice_changes_nothing(organiser: User) -> None:
    load_programme(BUNDLED, by=organiser)
    before = list(Edition.objects.values())
    assert all(difference.is_empty for difference in load_programme(BUNDLED, by=organiser))
    assert list(Edition.objects.values()) == before
    assert len(loads()) == 2


def test_a_changed_file_shows_its_difference_first(organiser: User, folder: Path) -> None:
    load_programme(folder, by=organiser)
    text = (folder / "2023.toml").read_text(encoding="utf-8")
    (folder / "2023.toml").write_text(text.replace("quota_max = 5", "quota_max = 6"), encoding="utf-8")
    first, second = compare_programme(folder)
    assert first.changed == ("edition.unit_kind.industrial_union.quota_max",)
    assert second.changed == ("edition.unit_kind.industrial_union.quota_max",)
    assert Edition.objects.get(slug="2023").spec.unit("I01").quota_max == 5
    load_programme(folder, by=organiser)
    assert Edition.objects.get(slug="2023").spec.unit("I01").quota_max == 6
    entry = Entry.objects.filter(type="programme.loaded").latest("index")
    assert entry.facts["changed"] == ["edition.unit_kind.industrial_union.quota_max"]


def test_a_faulty_file_loads_nothing_at_all(organiser: User, folder: Path) -> None:
    (folder / "2024.toml").write_text("slug =", encoding="utf-8")
    with pytest.raises(BundleError):
        load_programme(folder, by=organiser)
    assert Edition.objects.count() == 0


def test_the_spec_is_built_once_per_content(organiser: User) -> None:
    load_programme(BUNDLED, by=organiser)
    first = Edition.objects.get(slug="2023").spec
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert Edition.objects.get(slug="2023").spec is first
    assert len(queries) == 1
