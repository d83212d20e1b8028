"""What was released is not edited: its migrations stand as they were, and later ones come after them (docs/decisions/0040).

Each file of tests/released holds one released state: the commit, and the hash of every migration. `script/trust upgrade` makes a database
with the program of that commit and brings it to the present.
"""

from __future__ import annotations

import hashlib
from itertools import pairwise
from pathlib import Path

import pytest
from django.db.migrations.loader import MigrationLoader

ROOT = Path(__file__).resolve().parents[1]
RELEASED = sorted((ROOT / "tests" / "released").glob("*.txt"))
Node = tuple[str, str]


def hashes(released: Path) -> dict[str, str]:
    """Path below src/jiangbang → SHA-256."""
    lines = [line for line in released.read_text("utf-8").splitlines() if not line.startswith("#")]
    return {path: digest for digest, path in (line.split("  ", 1) for line in lines)}


def nodes(released: Path) -> set[Node]:
    return {(path.split("/")[0], Path(path).stem) for path in hashes(released)}


@pytest.mark.parametrize("released", RELEASED, ids=lambda path: path.stem)
def test_a_released_migration_is_as_it_was(released: Path) -> None:
    source = ROOT / "src" / "jiangbang"
    edited = [
        path
        for path, digest in hashes(released).items()
        if not (source / path).is_file() or hashlib.sha256((source / path).read_bytes()).hexdigest() != digest
    ]
    assert edited == [], (
        "databases out there have had them: put them back, and write what is new as a migration after them"
    )


@pytest.mark.parametrize("released", RELEASED, ids=lambda path: path.stem)
def test_what_is_new_comes_after_what_was_released(released: Path) -> None:
    graph, had = MigrationLoader(None).graph, nodes(released)
    apps = {app for app, _ in had}
    before = {node: set(graph.forwards_plan(node)) - {node} for node in graph.nodes if node[0] in apps}
    ours = {app for app, _ in graph.nodes if app in apps or (ROOT / "src" / "jiangbang" / app).is_dir()}
    wedged = [(node, other) for node in sorted(had) for other in before[node] - had if other[0] in ours]
    assert wedged == [], "a released migration waits for one that was not released"
    last = {app: max(name for other, name in had if other == app) for app in apps}
    beside = [node for node in before if node not in had and (node[0], last[node[0]]) not in before[node]]
    assert beside == [], "they do not come after the last released one of their app"


def test_each_release_holds_the_one_before() -> None:
    assert len(RELEASED) >= 3
    for earlier, later in pairwise(RELEASED):
        assert hashes(earlier).items() <= hashes(later).items(), later.name
