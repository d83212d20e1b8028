"""A loaded edition, people who act, and packets as readings, without files."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from nomination.readings import Cast, MakeReading, make_reading

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role, User
from jiangbang.programme.acts import load_programme
from jiangbang.programme.models import Edition

BUNDLED = Path(__file__).resolve().parents[2] / "programmes" / "hangzhou-digital-craftsman"


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast(
        create_account("organiser", role=Role.ORGANISER, password=None),
        create_account("discipline", role=Role.DISCIPLINE, password=None),
        create_account("system", role=Role.SYSTEM, password=None),
        User.objects.create(username="stranger"),
    )


@pytest.fixture
def edition(cast: Cast) -> Edition:
    load_programme(BUNDLED, by=cast.organiser)
    return Edition.objects.get(slug="2023")


@pytest.fixture
def ended_edition(cast: Cast, tmp_path: Path) -> Edition:
    """The same edition on the real clock: its deadline is long past."""
    folder = Path(shutil.copytree(BUNDLED, tmp_path / "programme"))
    text = (folder / "2023.toml").read_text(encoding="utf-8")
    (folder / "2023.toml").write_text(text.replace("clock = 2023-03-20T09:00:00+08:00", ""), encoding="utf-8")
    load_programme(folder, by=cast.organiser)
    return Edition.objects.get(slug="2023")


@pytest.fixture
def reading() -> MakeReading:
    """Make a packet's reading: `reading(records)`; forms and roster agree unless told otherwise."""
    return make_reading
