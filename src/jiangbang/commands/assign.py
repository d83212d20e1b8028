"""`jiangbang assign`: experts to dossiers, from a file of affinities."""

from __future__ import annotations

import csv
import json
import time
import zipfile
import zlib
from pathlib import Path
from typing import Any, Final

import click
import numpy as np

from jiangbang.commands.speaking import json_option, print_json
from jiangbang.kernel.assignment import (
    Aim,
    Assignment,
    InfeasibleError,
    Problem,
    ProblemError,
    Proof,
    Shortage,
    assign,
    assign_by_lot,
    from_arrays,
)

# A packed file of a few kilobytes may unpack to anything: more than this is refused before it is unpacked.
LARGEST_INPUT: Final = 8 * 2**30
NAMES: Final = (
    "affinity",
    "indptr",
    "indices",
    "data",
    "shape",
    "conflict",
    "demand",
    "load_min",
    "load_max",
    "groups",
)


@click.command("assign")
@click.argument("source", metavar="INPUT.npz", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-o", "target", metavar="OUT.csv", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--aim", type=click.Choice(["fair", "sum"]), default="fair", help="The worst-served first, or only the sum."
)
@click.option("--seed", type=int, help="Chooses among equally good assignments; the lot of --at-most.")
@click.option("--at-most", "at_most", type=float, help="Draw by lot, no pair likelier than this (0 to 1).")
@click.option("--certificate", type=click.Path(dir_okay=False, path_type=Path), help="Write the prices that prove it.")
@json_option
def assign_command(
    source: Path,
    target: Path,
    aim: Aim,
    seed: int | None,
    at_most: float | None,
    certificate: Path | None,
    as_json: bool,
) -> int:
    """Assign experts to dossiers; exit 1 and say what is short where that cannot be done."""
    if at_most is not None and not 0 < at_most <= 1:
        raise click.ClickException("--at-most is a likelihood: above 0, at most 1")
    problem = read_problem(source)
    began = time.perf_counter()
    try:
        found = (
            assign(problem, aim=aim, seed=seed)
            if at_most is None
            else assign_by_lot(problem, at_most=at_most, seed=seed or 0)
        )
    except InfeasibleError as error:
        return _say_short(error.shortages, as_json, seconds=time.perf_counter() - began)
    seconds = time.perf_counter() - began
    _write(target, found)
    if certificate is not None:
        _save(certificate, json.dumps(certificate_document(found.proof)) + "\n")
    answer = {
        "objective": found.objective,
        "min_dossier_affinity": found.min_dossier_affinity,
        "mean_dossier_affinity": found.mean_dossier_affinity,
        "seconds": round(seconds, 3),
        "optimal": found.optimal,
        "aim": aim if at_most is None else "lot",
        "seed": seed,
        "bound": found.proof.bound,
        "scaling_error": found.scaling_error,
        "pairs": len(found.dossiers),
    }
    if as_json:
        print_json(answer)
    else:
        proven = "proven optimal" if found.optimal else f"sum at most {found.proof.bound:.6g}"
        click.echo(f"{len(found.dossiers)} pairs in {target}: affinity {found.objective:.6g} in sum, {proven}")
        click.echo(f"worst-served dossier {found.min_dossier_affinity:.6g}, mean {found.mean_dossier_affinity:.6g}")
    return 0


def read_problem(source: Path) -> Problem:
    """The problem in an .npz file. Fails with one sentence."""
    try:
        with zipfile.ZipFile(source) as archive:
            if sum(member.file_size for member in archive.infolist()) > LARGEST_INPUT:
                raise click.ClickException(f"{source} unpacks to more than {LARGEST_INPUT // 2**30} GiB")
        with np.load(source, allow_pickle=False) as arrays:
            return from_arrays({name: arrays[name] for name in NAMES if name in arrays.files})
    except ProblemError as error:
        raise click.ClickException(f"{source}: {error}") from None
    except OSError as error:
        raise click.ClickException(f"{source}: {error.strerror or error}") from None
    except (
        ValueError,
        EOFError,
        zipfile.BadZipFile,
        NotImplementedError,
        SyntaxError,
        MemoryError,
        zlib.error,
    ) as error:
        raise click.ClickException(f"{source} is no .npz file of plain arrays: {error}") from None


def certificate_document(proof: Proof) -> dict[str, Any]:
    """The proof as JSON: what a checker multiplies and adds."""
    return {
        "bound": proof.bound,
        "step": proof.step,
        "floor": proof.floor,
        "multipliers": None if proof.multipliers is None else proof.multipliers.tolist(),
        "dossier_prices": proof.prices.dossiers.tolist(),
        "expert_prices": proof.prices.experts.tolist(),
    }


def _say_short(shortages: tuple[Shortage, ...], as_json: bool, *, seconds: float) -> int:
    findings = [
        {
            "code": f"assignment.short_of_{one.kind}",
            "severity": "block",
            "dossiers": list(one.dossiers),
            "experts": list(one.experts),
            "needed": one.needed,
            "available": one.available,
            "message": _sentence(one),
        }
        for one in shortages
    ]
    if not findings:
        message = "no assignment by lot keeps this bound: each dossier needs demand / bound candidates, and their experts the room"
        findings = [{"code": "assignment.bound_too_low", "severity": "block", "message": message}]
    if as_json:
        empty = dict.fromkeys(("objective", "min_dossier_affinity", "mean_dossier_affinity"))
        print_json({**empty, "seconds": round(seconds, 3), "optimal": False, "findings": findings})
    else:
        click.echo("there is no assignment")
        for finding in findings:
            click.echo(f"✗ {finding['message']}  ({finding['code']})")
    return 1


def _sentence(one: Shortage) -> str:
    if one.kind == "experts":
        return (
            f"{_named('dossier', one.dossiers)} need {one.needed} places, and there are {one.available}: "
            f"{one.short} short ({_named('expert', one.experts)} are full)"
        )
    return (
        f"{_named('expert', one.experts)} must have {one.needed} dossiers, and there are {one.available} for them: "
        f"{one.short} short ({_named('dossier', one.dossiers)} are full)"
    )


def _named(what: str, numbers: tuple[int, ...]) -> str:
    shown = ", ".join(map(str, numbers[:10])) + (f" … {len(numbers)} in all" if len(numbers) > 10 else "")
    return f"{what}s {shown}" if numbers else f"no {what}s"


def _write(target: Path, found: Assignment) -> None:
    try:
        with target.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(["dossier", "expert"])
            rows.writerows(zip(found.dossiers.tolist(), found.experts.tolist(), strict=True))
    except OSError as error:
        raise click.ClickException(f"{target}: {error.strerror}") from None


def _save(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from None
