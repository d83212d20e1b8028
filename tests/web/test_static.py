"""Static files: what we take of the npm packages, and hashed names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

import jiangbang.web
from jiangbang.web.finders import NodePackagesFinder
from jiangbang.web.storage import HouseStaticFilesStorage
from jiangbang.web.vendor import VENDOR

STATIC = Path(jiangbang.web.__file__).parent / "static" / "web"
needs_packages = pytest.mark.skipif(not Path(settings.NODE_MODULES).is_dir(), reason="npm ci has not run")


@needs_packages
def test_only_the_listed_vendor_files_are_served() -> None:
    finder = NodePackagesFinder()
    assert finder.check() == []
    assert {name for name, _storage in finder.list([])} == set(VENDOR)
    assert finder.find("vendor/htmx.js").endswith("htmx.org/dist/htmx.min.js")
    assert finder.find("vendor/package.json") == []


def test_a_missing_package_is_a_warning_and_not_a_crash(tmp_path: Path, settings: object) -> None:
    settings.NODE_MODULES = tmp_path  # type: ignore[attr-defined]
    finder = NodePackagesFinder()
    assert [message.id for message in finder.check()] == ["web.W001"]
    assert list(finder.list([])) == []


def test_the_storage_does_not_look_for_source_maps() -> None:
    patterns = [rule for _glob, rules in HouseStaticFilesStorage.patterns for rule in rules]
    assert patterns
    assert "sourceMappingURL" not in repr(patterns)


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))
    templates = (STATIC.parents[1] / "templates").rglob("*.html")
    named = {name for path in templates for name in re.findall(r'{% icon "([\w-]+)"', path.read_text(encoding="utf-8"))}
    assert named - drawn == set()


def test_the_palette_is_the_looks() -> None:
    css = (STATIC / "house.css").read_text(encoding="utf-8")
    for name, value in {
        "paper": "#fbfaf7",
        "ink": "#1f2328",
        "muted": "#5f6672",
        "line": "#e6e3dc",
        "seal": "#b3202a",
        "met": "#2f7d5b",
        "open": "#a86b00",
    }.items():
        assert f"--{name}: {value};" in css
    assert "font-style: italic" not in css
