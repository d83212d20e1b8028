"""`jiangbang draw`: commit, run, replay; what was altered; what is short."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from commands.console import Console, refused

from jiangbang.cli import jiangbang

POOL = [
    {"id": f"e{at:02d}", "fields": ["ai"] if at % 3 else ["iot"], "employer": f"x{at % 5}", "outside": at % 4 == 0}
    for at in range(20)
]
PLAN: dict[str, Any] = {
    "format": "jiangbang-draw/1",
    "pool": POOL,
    "panels": [
        {
            "name": "one",
            "seats": 5,
            "alternates": 3,
            "fields": {"iot": 2},
            "most_per_employer": 1,
            "outside_share": "1/5",
        }
    ],
    "secret": "long enough to be one",
    "witnesses": ["8", "见证人"],
}


def saved(folder: Path, **changed: Any) -> Path:
    path = folder / "plan.json"
    path.write_text(json.dumps({**PLAN, **changed}), "utf-8")
    return path


def called(*arguments: str | Path) -> Result:
    return CliRunner().invoke(jiangbang, ["draw", *map(str, arguments)], standalone_mode=False)


def test_a_draw_is_committed_run_and_replayed(empty: Console, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    committed = empty("draw", "commit", saved(tmp_path), "--json").json["commitment"]
    ran = empty("draw", "run", saved(tmp_path, commitment=committed), "-o", out, "--json")
    assert (ran.status, ran.json["commitment"], len(ran.json["panels"][0]["members"])) == (0, committed, 5)
    replayed = empty("draw", "replay", out)
    assert (replayed.status, replayed.err, empty.home.exists()) == (0, "", False)
    assert replayed.out.splitlines()[-2:] == ["the commitment holds", "the panels are as published"]


def test_what_was_altered_after_the_draw_is_found(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    assert called("run", saved(tmp_path), "-o", out).return_value == 0
    published = json.loads(out.read_text("utf-8"))
    published["result"][0]["members"][0] = "e99"
    out.write_text(json.dumps(published), "utf-8")
    result = called("replay", out)
    assert (result.return_value, "not those that the seed gives" in result.output) == (1, True)
    out.write_text(json.dumps({**published, "pool": POOL[:-1]}), "utf-8")
    assert (
        "does not fit" in called("replay", out, "--json").output
        or '"commitment_holds": false' in called("replay", out, "--json").output
    )


def test_what_is_short_gives_1(tmp_path: Path) -> None:
    plan = saved(tmp_path, panels=[{"name": "one", "seats": 6, "most_per_employer": 1}])
    result = called("run", plan, "-o", tmp_path / "out.json")
    assert result.return_value == 1
    assert "seats needs 6, and the pool left has 5" in result.output
    assert not (tmp_path / "out.json").exists()


@pytest.mark.parametrize(
    ("words", "changed"),
    [
        ("not those of the commitment", {"commitment": "0" * 64}),
        ("at least 16 characters", {"secret": "short"}),
        ("witnesses", {"witnesses": []}),
        ("its format", {"format": "x"}),
    ],
)
def test_a_draw_that_cannot_be_run_is_one_sentence(words: str, changed: dict[str, Any], tmp_path: Path) -> None:
    error = called("run", saved(tmp_path, **changed), "-o", tmp_path / "out.json").exception
    assert words in str(getattr(error, "message", error))


def test_a_file_without_a_result_cannot_be_replayed(empty: Console, tmp_path: Path) -> None:
    assert "no result" in refused(empty("draw", "replay", saved(tmp_path)))
