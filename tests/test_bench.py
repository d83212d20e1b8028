"""bench/__main__.py: how results are shown and kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import __main__ as runner


def test_rows_become_an_aligned_table() -> None:
    rows = [{"reader": "ours", "forms/s": 812.4}, {"reader": "limit", "forms/s": 1038.1, "note": "unzip + parse"}]
    assert list(runner.table(rows)) == [
        "reader  forms/s  note",
        "ours        812",
        "limit     1,038  unzip + parse",
    ]


def test_nested_results_become_indented_lines() -> None:
    result = {"rows": [{"a": 1}], "memory": {"peak_mb": 41.26}, "verdict": None}
    assert list(runner.lines_of(result)) == ["rows", "  a", "  1", "memory", "  peak_mb: 41.3", "verdict: "]


def test_a_result_is_kept_under_its_name_and_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "RESULTS", tmp_path / "results")
    kept = {"benchmark": "reading", "date": "2026-11-23T10:00:00+00:00", "result": {"单位": 1}}
    path = runner.keep(kept)
    assert path == tmp_path / "results" / "reading-2026-11-23.json"
    assert json.loads(path.read_text("utf-8")) == kept
    assert [item.name for item in path.parent.iterdir()] == [path.name]


def test_every_benchmark_can_be_run() -> None:
    folder = Path(runner.__file__).parent
    assert [name for name in runner.names() if "def run(" not in (folder / f"{name}.py").read_text("utf-8")] == []
