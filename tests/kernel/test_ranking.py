"""Ranking: exact means, the model against generalised least squares, truth recovered, intervals, ties, hints."""

from __future__ import annotations

import csv
import itertools
from fractions import Fraction
from pathlib import Path
from statistics import mean

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernel.ranking_cases import panel, place, scores_of
from scipy.linalg import inv
from scipy.special import ndtr

from jiangbang.kernel.ranking import (
    Method,
    Scores,
    ScoresError,
    agreement,
    calibrate,
    half_up,
    hints,
    means,
    own_side,
    panel_error,
    parse_score,
    parts,
    rank,
    standing,
    table,
    trimmed_mean,
    trimmed_means,
    weighted,
)

MARKS = st.decimals(min_value=0, max_value=100, places=1)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (Fraction(5, 1000), 2, "0.01"),
        (Fraction(-5, 1000), 2, "-0.01"),
        (Fraction(-4, 1000), 2, "0.00"),
        (Fraction(2675, 1000), 2, "2.68"),
        (Fraction(1, 3), 4, "0.3333"),
        (Fraction(7, 2), 0, "4"),
    ],
)
def test_a_half_is_rounded_up(value: Fraction, digits: int, text: str) -> None:
    """2.675 is the classic: as a float it is a little less and rounds down."""
    assert half_up(value, digits) == text


@given(st.lists(MARKS, min_size=5, max_size=9))
def test_a_trimmed_mean_is_the_mean_of_the_inner_values(marks: list[object]) -> None:
    values = sorted(Fraction(str(mark)) for mark in marks)
    assert trimmed_mean(values) == sum(values[1:-1], Fraction(0)) / (len(values) - 2)


@given(st.lists(st.lists(MARKS, min_size=5, max_size=7), min_size=1, max_size=6))
def test_means_of_a_table_are_the_means_of_its_rows(rows: list[list[object]]) -> None:
    exact = [[Fraction(str(mark)) for mark in row] for row in rows]
    scores = table((f"d{d}", f"e{e}", mark) for d, row in enumerate(exact) for e, mark in enumerate(row))
    assert means(scores) == [sum(row, Fraction(0)) / len(row) for row in exact]
    assert trimmed_means(scores) == [trimmed_mean(row) for row in exact]


def test_trimming_refuses_below_five_and_names_the_dossier() -> None:
    scores = scores_of({"a": dict.fromkeys("12345", "7"), "b": dict.fromkeys("1234", "7")})
    with pytest.raises(ScoresError, match="1 have fewer: b"):
        rank(scores, method="trimmed")


@pytest.mark.parametrize("text", ["x", "NaN", "inf", "1e400", "1" * 20, "1,5", "--1"])
def test_what_is_no_score_is_refused(text: str) -> None:
    with pytest.raises(ScoresError, match="is no score"):
        parse_score(text)


def test_an_empty_cell_is_no_score_and_half_a_card_neither() -> None:
    assert parse_score(" ") is None
    assert weighted([Fraction(1), None], [Fraction(1), Fraction(1)]) is None
    assert weighted([Fraction(80), Fraction(90)], [Fraction(40), Fraction(60)]) == 86


def test_a_pair_that_stands_twice_is_refused() -> None:
    with pytest.raises(ScoresError, match="expert 1 scored dossier a twice"):
        table([("a", "1", Fraction(1)), ("a", "1", Fraction(2))])
    with pytest.raises(ScoresError, match="no score"):
        table([])


def gls(scores: Scores) -> tuple[float, np.ndarray, np.ndarray, np.ndarray]:
    """μ, quality, bias and the covariance of the qualities' errors, from the textbook: V inverted, nothing absorbed."""
    fit = calibrate(scores)
    y, n = scores.floats, len(scores.value)
    zq, zb = np.eye(len(scores.dossiers))[scores.dossier], np.eye(len(scores.experts))[scores.expert]
    sq, sb, se = fit.variances.quality, fit.variances.bias, fit.variances.error
    v = inv(sq * zq @ zq.T + sb * zb @ zb.T + se * np.eye(n))
    one = np.ones(n)
    mu = float(one @ v @ y / (one @ v @ one))
    p = v - np.outer(v @ one, one @ v) / (one @ v @ one)
    gap = sq * zq.T @ v @ one - 1
    covariance = sq * np.eye(zq.shape[1]) - sq**2 * zq.T @ v @ zq + np.outer(gap, gap) / (one @ v @ one)
    assert p.shape == (n, n)
    return mu, mu + sq * zq.T @ v @ (y - mu), sb * zb.T @ v @ (y - mu), covariance


def test_the_model_is_generalised_least_squares() -> None:
    scores = panel(3, 60, 12, 4)[1]
    fit = calibrate(scores)
    mu, quality, bias, covariance = gls(scores)
    assert fit.mean == pytest.approx(mu, abs=1e-8)
    assert fit.quality == pytest.approx(quality, abs=1e-8)
    assert fit.bias == pytest.approx(bias, abs=1e-8)
    root = np.linalg.inv(fit.root)
    spread = fit.share.toarray() @ (root.T @ root * fit.variances.error) @ fit.share.toarray().T + np.diag(fit.own)
    assert spread == pytest.approx(covariance, abs=1e-8)


def test_variances_maximise_the_restricted_likelihood() -> None:
    """The textbook's −2 log REML on a grid around the estimate: nowhere smaller."""
    scores = panel(5, 30, 8, 4)[1]
    found = calibrate(scores).variances
    y, one = scores.floats, np.ones(len(scores.value))
    zq, zb = np.eye(len(scores.dossiers))[scores.dossier], np.eye(len(scores.experts))[scores.expert]

    def badness(quality: float, bias: float, error: float) -> float:
        v = quality * zq @ zq.T + bias * zb @ zb.T + error * np.eye(len(y))
        inverse = inv(v)
        weight = one @ inverse @ one
        p = inverse - np.outer(inverse @ one, one @ inverse) / weight
        return float(np.linalg.slogdet(v)[1] + np.log(weight) + y @ p @ y)

    best = badness(found.quality, found.bias, found.error)
    for factors in itertools.product((0.97, 1, 1.03), repeat=3):
        tried = (
            value * factor for value, factor in zip((found.quality, found.bias, found.error), factors, strict=True)
        )
        assert badness(*tried) >= best - 1e-6


def test_calibration_recovers_more_of_the_true_best_and_intervals_cover() -> None:
    """Two panels of 463 dossiers, 30 experts, five scores each; figures in docs/decisions/kernel-ranking.md."""
    found: dict[Method, list[int]] = {"mean": [], "trimmed": [], "calibrated": []}
    covered = []
    for seed in range(2):
        quality, scores = panel(seed)
        truth = np.empty(len(quality), dtype=int)
        truth[np.argsort(-quality)] = np.arange(1, len(quality) + 1)
        for method, hits in found.items():
            lines = rank(scores, method=method).lines
            hits.append(sum(float(truth[place(line.dossier)] <= 50) for line in lines[:50]))
            if method == "calibrated":
                covered += [float(line.low <= truth[place(line.dossier)] <= line.high) for line in lines]
                assert sum(line.p_title for line in lines) == pytest.approx(50, abs=0.5)
    assert mean(found["calibrated"]) > max(mean(found["mean"]), mean(found["trimmed"]))
    assert 0.92 <= mean(covered) <= 0.98


def test_a_cut_in_doubt_is_told_better_than_by_a_hard_cut(shared_dir: Path) -> None:
    """ICLR 2021, one pair of reviews foretelling another: the Brier score of standing above a 5 % cut."""
    text = (shared_dir / "data" / "ranking" / "iclr" / "iclr2021_ratings.tsv").read_text("utf-8").splitlines()
    rows = [row.split("\t")[1:7] for row in text[1:]]
    marks = np.array([[float(mark) for mark in row[:4]] for row in rows if sum(map(bool, row)) == 4 and all(row[:4])])
    cut = round(0.05 * len(marks))
    soft, hard = [], []
    for first in ((0, 1), (2, 3)):
        second = [at for at in range(4) if at not in first]
        scores = table((f"{d:05d}", f"{d}/{e}", Fraction(str(marks[d, e]))) for d in range(len(marks)) for e in first)
        fit = calibrate(scores)
        told = standing(fit, [cut], again=panel_error(fit, scores)).above[0]
        again = np.zeros(len(marks))
        again[np.argsort(-marks[:, second].mean(axis=1), kind="stable")[:cut]] = 1
        once = np.zeros(len(marks))
        once[np.argsort(-marks[:, list(first)].mean(axis=1), kind="stable")[:cut]] = 1
        soft.append(float(((told - again) ** 2).mean()))
        hard.append(float(((once - again) ** 2).mean()))
    assert mean(soft) < 0.0453
    assert mean(hard) > 0.075


def test_the_agreement_at_a_level_is_that_of_its_dossiers() -> None:
    """Experts who agree about the best and not about the rest: the error of a new panel is small at the top only."""
    rng = np.random.default_rng(5)
    quality = np.repeat([90.0, 50.0], 500)
    spread = np.where(quality > 70, 1.0, 6.0)
    marks = np.rint(quality[:, None] + spread[:, None] * rng.standard_normal((1000, 4)))
    scores = table((f"{d:04d}", f"{d}/{e}", Fraction(int(marks[d, e]))) for d in range(1000) for e in range(4))
    told = panel_error(calibrate(scores), scores) * 4
    for level, variance in ((quality > 70, 1.0), (quality < 70, 36.0)):
        assert told[level] == pytest.approx(variance + 1 / 12, rel=0.12)
    once = table((f"{d:04d}", f"{d}", Fraction(int(marks[d, 0]))) for d in range(1000))
    fit = calibrate(once)
    assert panel_error(fit, once) == pytest.approx(fit.variances.error + fit.variances.bias)


def test_divers_are_marked_up_by_their_own_country(shared_dir: Path) -> None:
    with (shared_dir / "data" / "ranking" / "Diving2000.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    dives = ["/".join((row["Event"], row["Round"], row["Diver"], row["DiveNo"])) for row in rows]
    scores = table((dive, row["Judge"], Fraction(row["JScore"])) for dive, row in zip(dives, rows, strict=True))
    side = own_side(
        scores, {d: r["Country"] for d, r in zip(dives, rows, strict=True)}, {r["Judge"]: r["JCountry"] for r in rows}
    )
    assert side is not None
    assert (round(side.own, 2), side.own_cases, round(side.others, 3)) == (0.24, 314, -0.007)
    assert side.z > 10
    assert parts(scores) == 1


def test_ties_are_broken_by_the_declared_rules_to_the_end() -> None:
    scores = scores_of(
        {
            "lot-a": {"1": "5", "2": "5", "3": "5"},
            "lot-b": {"1": "5", "2": "5", "3": "5"},
            "median": {"1": "3", "2": "6", "3": "6"},
            "lowest": {"1": "4", "2": "5", "3": "6"},
            "best": {"1": "9", "2": "9", "3": "9"},
        }
    )
    lines = rank(scores, method="mean").lines
    assert [line.rank for line in lines] == [1, 2, 3, 4, 5]
    assert [(line.dossier, line.rule) for line in lines[:2]] == [("best", "score"), ("median", "score")]
    assert [line.rule for line in lines[2:]] == ["median", "lot", "lowest"]
    assert lines[4].dossier == "lowest"
    orders = {tuple(line.dossier for line in rank(scores, method="mean", seed=seed).lines) for seed in range(4)}
    assert len(orders) == 2


def test_the_order_of_the_input_does_not_matter() -> None:
    rows = [(f"d{d}", f"e{e}", Fraction(d * 7 % 5 + e % 3)) for d in range(9) for e in range(3)]
    assert rank(table(rows)).lines == rank(table(rows[::-1])).lines


def test_one_dossier_is_first_and_certain() -> None:
    (line,) = rank(scores_of({"a": {"1": "5"}})).lines
    assert (line.rank, line.low, line.high, line.p_title, line.p_nominee) == (1, 1, 1, 1.0, 1.0)


def test_equal_scores_everywhere_are_ranked_by_lot() -> None:
    lines = rank(scores_of({name: {"1": "5", "2": "5"} for name in "abc"})).lines
    assert [line.rule for line in lines] == ["score", "lot", "lot"]
    assert {line.score for line in lines} == {Fraction(5)}


def test_without_cuts_nobody_stands_above_one() -> None:
    lines = rank(
        scores_of({name: {"1": mark, "2": mark} for name, mark in zip("abc", "579", strict=True)}), titles=0, nominees=0
    ).lines
    assert {(line.p_title, line.p_nominee) for line in lines} == {(0.0, 0.0)}


def test_panels_without_a_shared_expert_are_said() -> None:
    scores = scores_of({"a": {"1": "5", "2": "6"}, "b": {"1": "7", "2": "8"}, "c": {"3": "5", "4": "6"}})
    assert (parts(scores), rank(scores).parts, calibrate(scores).connected) == (2, 2, False)


def test_the_cross_check_agrees_with_itself() -> None:
    scores = scores_of({f"d{d}": {str(e): str(d + e) for e in range(3)} for d in range(6)})
    found = agreement(scores, rank(scores, method="mean"), 3)
    assert (found.tau, found.first, found.shared) == (pytest.approx(1.0), 3, 3)


def test_hints_find_who_is_far_and_who_moves_together() -> None:
    rng = np.random.default_rng(8)
    rows = []
    for dossier in range(80):
        together = rng.normal(0, 6)
        for expert in range(6):
            mark = 70 + rng.normal(0, 4) + (20 if expert == 0 else 0) + (together if expert in (1, 2) else 0)
            rows.append((f"d{dossier}", f"e{expert}", Fraction(round(mark * 10), 10)))
    found = hints(table(rows))
    assert ("bias", ("e0",)) in [(hint.kind, hint.experts) for hint in found]
    assert [hint.experts for hint in found if hint.kind == "pair"] == [("e1", "e2")]


def test_an_honest_panel_gives_no_pairs() -> None:
    found = hints(panel(2, 200, 12, 5, bias=0)[1])
    assert [hint for hint in found if hint.kind != "spread"] == []


def test_the_likelihood_of_one_against_one_is_the_normal_tail() -> None:
    """Two dossiers, no bias: P(a above b) is Φ(difference / its deviation), by hand."""
    scores = scores_of(
        {"a": {"1": "6", "2": "8"}, "b": {"3": "5", "4": "7"}, "c": {"5": "1", "6": "3"}, "d": {"7": "0", "8": "3"}}
    )
    fit = calibrate(scores, experts_differ=False)
    told = standing(fit, [1]).above[0]
    both = fit.quality[0] - fit.quality[1]
    assert told[0] / (told[0] + told[1]) == pytest.approx(
        float(ndtr(both / np.sqrt(fit.own[0] + fit.own[1]))), abs=0.03
    )
