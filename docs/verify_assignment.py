"""Check what `jiangbang assign --certificate` wrote: `python3 verify_assignment.py INPUT.npz OUT.csv CERTIFICATE.json`.

Needs Python and numpy (to read the input); shares no code with Jiangbang. For any prices, no assignment is worth more than the
bound that this adds up (weak duality). It uses exact fractions of the floats that stand in the files: nothing here is rounded.
"""

from __future__ import annotations

import csv
import json
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np


def read_pairs(arrays: Any) -> dict[int, dict[int, Fraction]]:
    """dossier → expert → affinity, without conflicts."""
    pairs: dict[int, dict[int, Fraction]] = {}
    if "affinity" in arrays:
        matrix = arrays["affinity"]
        conflict = arrays["conflict"] if "conflict" in arrays else np.zeros(matrix.shape, bool)
        for dossier, row in enumerate(matrix.tolist()):
            pairs[dossier] = {
                expert: Fraction(value) for expert, value in enumerate(row) if not conflict[dossier, expert]
            }
        return pairs
    bounds, experts, values = arrays["indptr"].tolist(), arrays["indices"].tolist(), arrays["data"].tolist()
    for dossier in range(int(arrays["shape"][0])):
        row = range(bounds[dossier], bounds[dossier + 1])
        pairs[dossier] = {experts[at]: Fraction(values[at]) for at in row}
    if "conflict" in arrays:
        for dossier, row in pairs.items():
            for expert in [expert for expert in row if arrays["conflict"][dossier, expert]]:
                del row[expert]
    return pairs


def counts(arrays: Any, name: str, size: int) -> list[int]:
    values = arrays[name].tolist() if name in arrays else 0
    return [int(values)] * size if not isinstance(values, list) else [int(value) for value in values]


def broken_rules(pairs: dict[int, dict[int, Fraction]], arrays: Any, chosen: list[tuple[int, int]]) -> list[str]:
    """What the assignment does not keep."""
    experts = len(arrays["load_max"]) if arrays["load_max"].ndim else int(np.asarray(arrays["affinity"]).shape[1])
    demand, low, high = (
        counts(arrays, "demand", len(pairs)),
        counts(arrays, "load_min", experts),
        counts(arrays, "load_max", experts),
    )
    broken = [f"pair {pair} is not allowed" for pair in chosen if pair[1] not in pairs[pair[0]]]
    broken += [f"pair {pair} stands twice" for pair in set(chosen) if chosen.count(pair) > 1]
    for dossier in pairs:
        mine = [expert for at, expert in chosen if at == dossier]
        if len(mine) != demand[dossier]:
            broken.append(f"dossier {dossier} has {len(mine)} experts")
        groups = [
            int(arrays["groups"][expert]) for expert in mine if "groups" in arrays and arrays["groups"][expert] >= 0
        ]
        if len(groups) != len(set(groups)):
            broken.append(f"dossier {dossier} has two experts of a group")
    load = [0] * experts
    for _, expert in chosen:
        load[expert] += 1
    return broken + [f"expert {e} has {load[e]}" for e in range(experts) if not low[e] <= load[e] <= high[e]]


def bound(pairs: dict[int, dict[int, Fraction]], arrays: Any, certificate: dict[str, Any]) -> Fraction:
    """The most that the sum can be by these prices."""
    step = certificate["step"]
    u = [Fraction(price, step) for price in certificate["dossier_prices"]]
    v = [Fraction(price, step) for price in certificate["expert_prices"]]
    floor, multipliers = certificate["floor"], certificate["multipliers"] or [0] * len(u)
    demand = counts(arrays, "demand", len(u))
    low, high = counts(arrays, "load_min", len(v)), counts(arrays, "load_max", len(v))
    total = sum((need * price for need, price in zip(demand, u, strict=True)), Fraction(0))
    total += sum(((high[e] if price >= 0 else low[e]) * price for e, price in enumerate(v)), Fraction(0))
    for dossier, row in pairs.items():
        weight = 1 + Fraction(multipliers[dossier])
        if floor is not None and demand[dossier]:
            total -= Fraction(multipliers[dossier]) * Fraction(floor)
            row = those_that_may_reach(row, demand[dossier], Fraction(floor))
        best: dict[Any, Fraction] = {}
        for expert, value in row.items():
            over = weight * value - u[dossier] - v[expert]
            group = int(arrays["groups"][expert]) if "groups" in arrays else -1
            key = ("group", group) if group >= 0 else ("expert", expert)
            best[key] = max(best.get(key, Fraction(0)), over)
        total += sum(best.values(), Fraction(0))
    return total


def those_that_may_reach(row: dict[int, Fraction], need: int, floor: Fraction) -> dict[int, Fraction]:
    """The experts with whom the dossier can reach the floor (2e-9: what adding up floats may differ by)."""
    top = sorted(row.values(), reverse=True)[:need]
    whole, others = sum(top), sum(top[:-1])
    enough = floor - Fraction(2, 10**9)
    return {expert: value for expert, value in row.items() if (whole if value >= top[-1] else others + value) >= enough}


def check(npz: str, out: str, proof: str) -> tuple[Fraction, Fraction, list[str]]:
    """The sum of the assignment, the bound on every other, and the rules that it breaks."""
    with np.load(npz) as file:
        arrays = {name: file[name] for name in file.files}
    with Path(out).open(encoding="utf-8") as file:
        chosen = [(int(row["dossier"]), int(row["expert"])) for row in csv.DictReader(file)]
    with Path(proof).open(encoding="utf-8") as file:
        certificate = json.load(file)
    pairs = read_pairs(arrays)
    value = sum((pairs[dossier].get(expert, Fraction(0)) for dossier, expert in chosen), Fraction(0))
    return value, bound(pairs, arrays, certificate), broken_rules(pairs, arrays, chosen)


if __name__ == "__main__":
    reached, most, broken = check(*sys.argv[1:4])
    print(f"sum {float(reached):.9g}, no assignment above {float(most):.9g}", *broken, sep="\n")  # noqa: T201 — a program of its own
    sys.exit(1 if broken else 0)
