"""`jiangbang assign`: files in, files out, what is short, bad input."""

from __future__ import annotations

import io
import runpy
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click import ClickException
from commands.console import Console, refused

from jiangbang.commands.assign import read_problem

# the program for outsiders
check = runpy.run_path(str(Path(__file__).resolve().parents[2] / "docs" / "verify_assignment.py"))["check"]

AFFINITY = np.array([[0.9, 0.1, 0.5, 0.3], [0.8, 0.7, 0.2, 0.4], [0.6, 0.3, 0.9, 0.1]])


def saved(folder: Path, **changed: Any) -> Path:
    arrays = {
        "affinity": AFFINITY,
        "demand": np.full(3, 2),
        "load_min": np.zeros(4, int),
        "load_max": np.full(4, 2),
        **changed,
    }
    path = folder / "input.npz"
    np.savez(path, **{name: value for name, value in arrays.items() if value is not None})
    return path


def test_the_answer_has_the_keys_of_the_contract(empty: Console, tmp_path: Path) -> None:
    outcome = empty("assign", saved(tmp_path), "-o", tmp_path / "out.csv", "--json")
    answer = outcome.json
    assert (outcome.status, outcome.err) == (0, "")
    keys = ["objective", "min_dossier_affinity", "mean_dossier_affinity", "seconds", "optimal"]
    assert list(answer)[:5] == keys
    assert (answer["objective"], answer["min_dossier_affinity"]) == (pytest.approx(4.1), pytest.approx(1.2))
    assert (answer["optimal"], answer["pairs"]) == (True, 6)
    lines = (tmp_path / "out.csv").read_text("utf-8").splitlines()
    assert lines == ["dossier,expert", "0,0", "0,2", "1,0", "1,1", "2,1", "2,2"]
    assert not empty.home.exists()


def test_a_small_program_of_its_own_confirms_the_certificate(empty: Console, tmp_path: Path) -> None:
    source = saved(tmp_path, groups=np.array([1, 1, -1, -1]))
    out, proof = tmp_path / "out.csv", tmp_path / "proof.json"
    assert empty("assign", source, "-o", out, "--aim", "sum", "--certificate", proof).status == 0
    value, bound, broken = check(str(source), str(out), str(proof))
    assert broken == []
    assert float(value) == pytest.approx(float(bound), abs=1e-6)


def test_the_certificate_under_a_floor_bounds_the_sum(shared_dir: Path, empty: Console, tmp_path: Path) -> None:
    scores = np.load(shared_dir / "data" / "assignment" / "midl" / "scores.npy").T
    source = saved(tmp_path, affinity=scores, demand=np.full(118, 3), load_min=None, load_max=np.full(177, 4))
    out, proof = tmp_path / "out.csv", tmp_path / "proof.json"
    answer = empty("assign", source, "-o", out, "--certificate", proof, "--json").json
    value, bound, broken = check(str(source), str(out), str(proof))
    assert broken == []
    assert float(value) == pytest.approx(answer["objective"]) == pytest.approx(201.7687, abs=1e-4)
    assert answer["objective"] <= float(bound) == pytest.approx(answer["bound"], abs=1e-4)


def test_sparse_rows_and_a_matrix_give_the_same(empty: Console, tmp_path: Path) -> None:
    rows = {
        "indptr": np.arange(0, 13, 4),
        "indices": np.tile(np.arange(4), 3),
        "data": AFFINITY.ravel(),
        "shape": np.array([3, 4]),
    }
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    empty("assign", saved(tmp_path), "-o", first)
    empty("assign", saved(tmp_path, affinity=None, **rows), "-o", second)
    assert first.read_bytes() == second.read_bytes()


def test_the_same_seed_gives_the_same_bytes(empty: Console, tmp_path: Path) -> None:
    source, files = saved(tmp_path), [tmp_path / "a.csv", tmp_path / "b.csv"]
    for file in files:
        assert empty("assign", source, "-o", file, "--seed", "5", "--at-most", "0.5").status == 0
    assert files[0].read_bytes() == files[1].read_bytes()


def test_what_cannot_be_done_says_what_is_short(empty: Console, tmp_path: Path) -> None:
    conflict = np.zeros((3, 4), bool)
    conflict[1, :3] = True
    outcome = empty("assign", saved(tmp_path, conflict=conflict), "-o", tmp_path / "out.csv", "--json")
    assert outcome.status == 1
    assert outcome.json["findings"] == [
        {
            "code": "assignment.short_of_experts",
            "severity": "block",
            "dossiers": [1],
            "experts": [],
            "needed": 2,
            "available": 1,
            "message": "dossiers 1 need 2 places, and there are 1: 1 short (no experts are full)",
        }
    ]
    assert not (tmp_path / "out.csv").exists()


def test_minimum_loads_that_cannot_be_met_are_named(empty: Console, tmp_path: Path) -> None:
    outcome = empty("assign", saved(tmp_path, load_min=np.full(4, 2)), "-o", tmp_path / "out.csv")
    assert (outcome.status, "must have 8 dossiers, and there are 6" in outcome.out) == (1, True)


def test_a_bound_too_low_says_so(empty: Console, tmp_path: Path) -> None:
    outcome = empty("assign", saved(tmp_path), "-o", tmp_path / "out.csv", "--at-most", "0.25", "--json")
    assert (outcome.status, outcome.json["findings"][0]["code"]) == (1, "assignment.bound_too_low")


def test_bad_input_is_one_sentence(empty: Console, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    assert "demand has 2 values" in refused(empty("assign", saved(tmp_path, demand=np.ones(2, int)), "-o", target))
    assert "above 0" in refused(empty("assign", saved(tmp_path), "-o", target, "--at-most", "2"))
    assert "where.csv" in refused(empty("assign", saved(tmp_path), "-o", tmp_path / "no" / "where.csv"))


def test_a_file_that_is_no_plain_archive_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ClickException, match="plain arrays"):
        read_problem(saved(tmp_path, demand=np.array([{}, 1, 2], dtype=object)))
    (tmp_path / "text.npz").write_text("no archive", "utf-8")
    with pytest.raises(ClickException, match="plain arrays"):
        read_problem(tmp_path / "text.npz")


def test_a_bomb_is_refused_before_it_is_unpacked(empty: Console, tmp_path: Path) -> None:
    """A header that promises 80 GB over a few bytes."""
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f8", "fortran_order": False, "shape": (10**5, 10**5)})
    with zipfile.ZipFile(tmp_path / "bomb.npz", "w") as archive:
        archive.writestr("affinity.npy", header.getvalue() + b"0" * 64)
    with pytest.raises(ClickException, match="bomb"):
        read_problem(tmp_path / "bomb.npz")
