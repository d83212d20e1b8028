"""`jiangbang rank`: the columns of the contract, rubrics, hints, bad input."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from commands.console import Console, refused

from jiangbang.cli import jiangbang
from jiangbang.kernel.ranking.written import COLUMNS

ROWS = [f"d{d},e{e},{60 + 5 * d + 2 * e + (d * e) % 3}" for d in range(6) for e in range(5)]


def saved(folder: Path, *lines: str) -> Path:
    path = folder / "scores.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def called(*arguments: str | Path) -> Result:
    """The command in this process: starting one takes longer than ranking."""
    return CliRunner().invoke(jiangbang, ["rank", *map(str, arguments)], standalone_mode=False)


def test_the_output_has_the_columns_of_the_contract(empty: Console, tmp_path: Path) -> None:
    outcome = empty("rank", saved(tmp_path, "dossier,expert,score", *ROWS), "--titles", "2", "--nominees", "1")
    lines = outcome.out.splitlines()
    assert (outcome.status, outcome.err, empty.home.exists()) == (0, "", False)
    assert lines[0] == ",".join(COLUMNS) == "rank,dossier,score,low,high,p_title,p_nominee"
    assert [line.split(",")[:2] for line in lines[1:]] == [[str(at + 1), f"d{5 - at}"] for at in range(6)]


def test_published_scores_in_any_order_give_the_same_bytes(empty: Console, tmp_path: Path) -> None:
    mixed = ROWS[:]
    random.Random(3).shuffle(mixed)
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    assert empty("rank", saved(tmp_path, "dossier,expert,score", *ROWS), "-o", first).status == 0
    # another line ending, another order of columns, a byte order mark
    text = "\ufeffscore,dossier,expert\r\n" + "".join(
        f"{s},{d},{e}\r\n" for d, e, s in (row.split(",") for row in mixed)
    )
    (tmp_path / "mixed.csv").write_text(text, "utf-8", newline="")
    assert empty("rank", tmp_path / "mixed.csv", "-o", second).status == 0
    assert first.read_bytes() == second.read_bytes()


def test_lines_of_a_rubric_are_weighed(tmp_path: Path) -> None:
    source = saved(tmp_path, "dossier,expert,technical,benefit", "a,1,80,60", "b,1,60,80", "a,2,,50")
    result = called(source, "--method", "mean", "--weight", "technical=3", "--weight", "benefit=1", "--digits", "2")
    assert [line.split(",")[1:3] for line in result.output.splitlines()[1:3]] == [["a", "75.00"], ["b", "65.00"]]


def test_the_document_says_how_it_was_reached(empty: Console, tmp_path: Path) -> None:
    answer = empty("rank", saved(tmp_path, "dossier,expert,score", *ROWS), "--json").json
    assert list(answer) == [
        "method", "dossiers", "experts", "scores", "missing", "weights", "connected", "parts", "model", "agreement", "findings", "rows",
    ]  # fmt: skip
    assert (answer["method"], answer["dossiers"], answer["connected"], answer["findings"]) == (
        "calibrated",
        6,
        True,
        [],
    )
    assert list(answer["rows"][0]) == ["rank", "dossier", "score", "low", "high", "p_title", "p_nominee", "rule"]


def test_hints_come_only_when_asked_for(tmp_path: Path) -> None:
    rows = [
        f"d{d},e{e},{70 + d % 7 + (30 if e == 0 else 0) + (d * 7 + e * 3) % 5},x{d % 3},x{e}"
        for d in range(60)
        for e in range(5)
    ]
    source = saved(tmp_path, "dossier,expert,score,dossier_employer,expert_employer", *rows)
    assert '"hints"' not in called(source, "--json").output
    output = called(source, "--json", "--hints").output
    assert '"own_cases": 60' in output
    assert '"kind": "bias"' in output


def test_parts_that_share_no_expert_are_said(empty: Console, tmp_path: Path) -> None:
    outcome = empty("rank", saved(tmp_path, "dossier,expert,score", "a,1,5", "b,1,6", "c,2,7", "d,2,9"))
    assert (outcome.status, "ranking.not_connected" in outcome.err) == (0, True)


@pytest.mark.parametrize(
    ("words", "lines", "options"),
    [
        ("no column expert", ["dossier,score", "a,1"], []),
        ("no column of scores", ["dossier,expert", "a,1"], []),
        ("same name", ["dossier,expert,score,score", "a,1,2,3"], []),
        ("there is no score", ["dossier,expert,score"], []),
        ("no column dossier", [""], []),
        ("line 3: “x” is no score", ["dossier,expert,score", "a,1,2", "a,2,x"], []),
        ("line 2: it has 2 cells", ["dossier,expert,score", "a,1"], []),
        ("names no dossier", ["dossier,expert,score", ",1,5"], []),
        ("twice", ["dossier,expert,score", "a,1,2", "a,1,3"], []),
        ("needs 5 scores a dossier", ["dossier,expert,score", "a,1,2"], ["--method", "trimmed"]),
        ("no weight is given for y", ["dossier,expert,x,y", "a,1,2,3"], ["--weight", "x=1"]),
        ("no column z to weigh", ["dossier,expert,x", "a,1,2"], ["--weight", "z=1"]),
        ("above 0", ["dossier,expert,x", "a,1,2"], ["--weight", "x=0"]),
        ("is not LINE=NUMBER", ["dossier,expert,x", "a,1,2"], ["--weight", "x"]),
    ],
)
def test_bad_input_is_one_sentence(words: str, lines: list[str], options: list[str], tmp_path: Path) -> None:
    error = called(saved(tmp_path, *lines), *options).exception
    assert words in str(getattr(error, "message", error))


def test_bytes_that_are_no_text_are_refused(empty: Console, tmp_path: Path) -> None:
    (tmp_path / "scores.csv").write_bytes(b"dossier,expert,score\n\xff\xfe,1,2\n")
    assert "UTF-8" in refused(empty("rank", tmp_path / "scores.csv"))
