"""`jiangbang rank`: recompute a ranking from published scores."""

from __future__ import annotations

from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from jiangbang.commands.speaking import json_option, print_json
from jiangbang.kernel.ranking import METHODS, Method, Ranking, ScoresError, agreement, half_up, hints, own_side, rank
from jiangbang.kernel.ranking.sheet import Sheet, read_sheet
from jiangbang.kernel.ranking.written import DIGITS, ranking_csv


@click.command("rank")
@click.argument("source", metavar="SCORES.csv", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--method", type=click.Choice(METHODS), default="calibrated", help="How scores become an order.")
@click.option(
    "-o", "target", metavar="OUT.csv", type=click.Path(dir_okay=False, path_type=Path), help="Else standard output."
)
@click.option("--titles", type=click.IntRange(min=0), default=50, help="Places of the title.")
@click.option("--nominees", type=click.IntRange(min=0), default=10, help="Places of the nominee prize after them.")
@click.option(
    "--weight", "weights", multiple=True, metavar="LINE=W", help="Weight of a line of the rubric; all or none."
)
@click.option(
    "--digits", type=click.IntRange(0, 9), default=DIGITS, help="Decimals of the printed score, rounded half up."
)
@click.option("--seed", type=int, default=0, help="Of the lot that breaks the last ties.")
@click.option("--zero-is-missing", is_flag=True, help="Read a score of 0 as not given.")
@click.option("--hints", "with_hints", is_flag=True, help="Add experts to look at to the JSON; for the chief only.")
@json_option
def rank_command(
    source: Path,
    method: Method,
    target: Path | None,
    titles: int,
    nominees: int,
    weights: tuple[str, ...],
    digits: int,
    seed: int,
    zero_is_missing: bool,
    with_hints: bool,
    as_json: bool,
) -> int:
    """Rank dossiers from scores, with the uncertainty of each rank."""
    try:
        sheet = _read(source, weights, zero_is_missing)
        ranking = rank(sheet.scores, method=method, titles=titles, nominees=nominees, seed=seed)
    except ScoresError as error:
        raise click.ClickException(f"{source}: {error}") from None
    text = ranking_csv(ranking, digits)
    if target is not None:
        try:
            target.write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            raise click.ClickException(f"{target}: {error.strerror}") from None
    if as_json:
        print_json({**_document(sheet, ranking, digits, titles), **(_hints(sheet) if with_hints else {})})
    elif target is None:
        click.echo(text, nl=False)
    else:
        click.echo(f"{len(ranking.lines)} dossiers ranked in {target}")
    if not as_json:
        for finding in _findings(ranking):
            click.echo(f"! {finding['message']}  ({finding['code']})", err=True)
    return 0


def _read(source: Path, weights: tuple[str, ...], zero_is_missing: bool) -> Sheet:
    chosen = {}
    for text in weights:
        name, _, value = text.rpartition("=")
        try:
            chosen[name] = Fraction(value)
        except (ValueError, ZeroDivisionError):
            raise ScoresError(f"--weight {text} is not LINE=NUMBER") from None
    try:
        return read_sheet(source.read_text(encoding="utf-8-sig").splitlines(), chosen, zero_is_missing=zero_is_missing)
    except UnicodeDecodeError:
        raise ScoresError("it is no text in UTF-8") from None
    except OSError as error:
        raise ScoresError(error.strerror or "cannot be read") from None


def _document(sheet: Sheet, ranking: Ranking, digits: int, titles: int) -> dict[str, Any]:
    scores, fit = sheet.scores, ranking.fit
    return {
        "method": ranking.method,
        "dossiers": len(scores.dossiers),
        "experts": len(scores.experts),
        "scores": len(scores.value),
        "missing": sheet.missing,
        "weights": {name: str(weight) for name, weight in sheet.weights.items()},
        "connected": ranking.parts == 1,
        "parts": ranking.parts,
        "model": {
            "mean": round(fit.mean, 6),
            **{f"{name}_variance": value for name, value in asdict(fit.variances).items()},
        },
        "agreement": asdict(agreement(scores, ranking, titles)),
        "findings": _findings(ranking),
        "rows": [{**asdict(line), "score": float(half_up(line.score, digits))} for line in ranking.lines],
    }


def _hints(sheet: Sheet) -> dict[str, Any]:
    side = own_side(sheet.scores, sheet.dossier_side, sheet.expert_side)
    return {
        "own_employer": None if side is None else {key: round(value, 6) for key, value in asdict(side).items()},
        "hints": [
            {**asdict(hint), "effect": round(hint.effect, 6), "z": round(hint.z, 3)}
            for hint in hints(sheet.scores, sheet.dossier_side, sheet.expert_side)
        ],
    }


def _findings(ranking: Ranking) -> list[dict[str, str]]:
    found = []
    if ranking.parts > 1:
        message = (
            f"experts and dossiers fall into {ranking.parts} parts that share no expert: "
            "between parts the order rests on the assumption that they are equally good"
        )
        found.append({"code": "ranking.not_connected", "severity": "warn", "message": message})
    if ranking.fit.variances.quality == 0 and len(ranking.lines) > 1:
        message = "the scores differ no more between dossiers than within them: the order is chance"
        found.append({"code": "ranking.no_difference", "severity": "warn", "message": message})
    return found
