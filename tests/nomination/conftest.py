"""A loaded edition, people who act, and packets as readings, without files."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from nomination.readings import BUNDLED, Cast, MakeReading, load_bundled, make_cast, make_reading

from jiangbang.programme.acts import load_programme
from jiangbang.programme.models import Edition


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def edition(cast: Cast) -> Edition:
    return load_bundled(by=cast.organiser)


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
