"""Static files are gathered when one has changed, and only then."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders

from jiangbang.web import collecting


@pytest.fixture
def sheet(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """One style sheet in a folder of its own, and the place where it is gathered."""
    source = tmp_path / "source"
    source.mkdir()
    sheet = source / "a.css"
    sheet.write_text("a { color: red }")
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    finders.get_finder.cache_clear()
    done: list[str] = []

    def gather(name: str, **_: Any) -> None:
        done.append(name)
        settings.STATIC_ROOT.mkdir(exist_ok=True)
        (settings.STATIC_ROOT / collecting.MANIFEST).write_text("{}")

    monkeypatch.setattr(collecting, "call_command", gather)
    yield sheet
    finders.get_finder.cache_clear()


def test_the_second_start_gathers_nothing(sheet: Path) -> None:
    assert collecting.collect_static()
    assert not collecting.collect_static()


def test_a_changed_file_is_gathered(sheet: Path) -> None:
    collecting.collect_static()
    sheet.write_text("a { color: black }")
    assert collecting.collect_static()


def test_a_touched_file_is_gathered(sheet: Path) -> None:
    collecting.collect_static()
    os.utime(sheet, ns=(1, 1))
    assert collecting.collect_static()


def test_a_new_file_and_a_lost_one_are_noticed(sheet: Path) -> None:
    collecting.collect_static()
    other = sheet.with_name("b.css")
    other.write_text("b {}")
    assert collecting.collect_static()
    other.unlink()
    assert collecting.collect_static()


def test_a_start_that_was_killed_gathers_again(sheet: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    collecting.collect_static()
    sheet.write_text("a { color: black }")

    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(collecting, "call_command", killed)
        with pytest.raises(KeyboardInterrupt):
            collecting.collect_static()
    assert collecting.collect_static()
    assert not collecting.collect_static()


def test_without_what_was_gathered_it_is_gathered_again(sheet: Path, settings: Any) -> None:
    collecting.collect_static()
    (settings.STATIC_ROOT / collecting.MANIFEST).unlink()
    assert collecting.collect_static()
