"""Programs, fonts and files that are missing."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from jiangbang.diagnosis import tools


def bad(findings: object) -> list[str]:
    return [finding.code for finding in findings if finding.level != "ok"]  # type: ignore[attr-defined]


def test_programs_and_libraries_that_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setattr(tools, "have_libarchive", lambda: False)
    monkeypatch.setattr(tools.sandbox, "layers", lambda: {"limits": True, "landlock": True})
    found = list(tools.look_at_tools())
    assert bad(found) == ["tools.office", "tools.node", "tools.libarchive"]
    assert next(one.mend for one in found if one.level != "ok") == "apt install libreoffice-writer"


def test_a_kernel_without_a_layer() -> None:
    (finding,) = tools.layers({"limits": True, "landlock": False, "seccomp": False})
    assert (finding.code, finding.state) == ("tools.sandbox", "not available: landlock, seccomp")


def test_no_typesetter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    assert bad(tools.typesetting()) == ["tools.typesetting"]


def test_no_fonts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tools, "font_folders", lambda: [tmp_path / "none"])
    assert bad(tools.typesetting()) == ["tools.fonts"]


def test_no_front_end(tmp_path: Path) -> None:
    assert bad(tools.front_end(tmp_path)) == ["tools.front_end"]
