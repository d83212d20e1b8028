"""What holds for every finding."""

from __future__ import annotations

import re
from pathlib import Path

import jiangbang.diagnosis
from jiangbang.diagnosis.findings import fail, ok, warn

SOURCE = Path(jiangbang.diagnosis.__file__).parent
ROOT = Path(__file__).resolve().parents[2]


def codes() -> set[str]:
    """Every code that any look may report."""
    texts = [path.read_text("utf-8") for path in SOURCE.glob("*.py")]
    return {code for text in texts for code in re.findall(r'"([a-z]+\.[a-z_]+)"', text)}


def test_every_finding_is_documented_and_shown_by_a_test() -> None:
    section = (ROOT / "docs" / "operator.md").read_text("utf-8").split("## What the doctor says")[1].split("\n## ")[0]
    tests = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests" / "diagnosis").glob("*.py"))
    found = codes()
    assert len(found) > 50
    undocumented = [code for code in found if f"`{code}`" not in section and f"`{code.split('.')[1]}`" not in section]
    assert undocumented == []
    assert [code for code in found if f'"{code}"' not in tests] == []


def test_json_says_the_level_twice() -> None:
    def said(finding: object) -> tuple[object, object, object]:
        shown = finding.as_json()  # type: ignore[attr-defined]
        return shown["level"], shown["well"], shown["needed"]

    assert said(ok("a", "A", "x")) == ("ok", True, True)
    assert said(warn("a", "A", "x", why="w", mend="m")) == ("warn", False, False)
    assert said(fail("a", "A", "x", why="w", mend="m")) == ("fail", False, True)
