"""Affinity: of the five experts who stand first for a dossier, how many are of its trade or know what it is about.

463 generated dossiers (achievements, specialty, deeds), 100 generated profiles that name up to three fields and two things made in
one of five trades; short ones name one of each. Chance gives `random`; words alone must find the trade without the class.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

import numpy as np

from jiangbang.commands.speaking import bundled_edition
from jiangbang.kernel.affinity import Demand, Offer, affinities, word_match
from jiangbang.rehearsal.people import make_people
from jiangbang.rehearsal.words import TRADES

DOSSIERS, EXPERTS, FIRST, SEED = 463, 100, 5, 7
# Of the first five, so many of the dossier's own trade.
TARGET = 0.9


def run() -> dict[str, Any]:
    """Shares of the first five by what is compared, and processor seconds."""
    edition = bundled_edition()
    people = make_people(
        DOSSIERS, seed=SEED, form=edition.form, classes=edition.industry_classes, signed=date(2023, 3, 1), year=2023
    )
    records = [person.record for person in people]
    demands = [Demand(str(record["industry_class"]), _text(record)) for record in records]
    groups = [choice.code for choice in edition.industry_classes if len(choice.code) > 2]
    own = np.array([one.industry_class[:2] for one in demands])
    rows, seconds = [], 0.0
    for profiles, fields, made in (("full", 3, 2), ("short", 1, 1)):
        experts = list(_experts(groups, fields, made))
        offers = [Offer(classes, "、".join(said)) for _home, classes, said in experts]
        began = time.process_time()
        whole = affinities(demands, offers)
        seconds = max(seconds, time.process_time() - began)
        alone = word_match([one.text for one in demands], [one.text for one in offers])
        trade = own[:, None] == np.array([home for home, _classes, _said in experts])[None, :]
        subject = np.array(
            [[any(word in one.text for word in said) for _home, _classes, said in experts] for one in demands]
        )
        chance = np.random.default_rng(1).random(whole.shape)
        for name, found in (("class and words", whole), ("words alone", alone), ("random", chance)):
            shares = {"of_its_trade": _first(found, trade), "knows_its_subject": _first(found, subject)}
            rows.append({"profiles": profiles, "by": name, **shares})
    least = min(row["of_its_trade"] for row in rows if row["by"] == "class and words")
    met = least >= TARGET
    return {
        "dossiers": DOSSIERS,
        "experts": EXPERTS,
        "first": FIRST,
        "rows": rows,
        "cpu_s": round(seconds, 2),
        "targets": [
            {
                "target": f"{TARGET:.0%} of the first five of the trade",
                "measured": least,
                "met": "yes" if met else "no",
            }
        ],
    }


def _text(record: Any) -> str:
    parts = [*record["achievements"], str(record["specialty"]), str(record["deeds"])]
    return "\n".join(parts)


def _experts(groups: list[str], fields_named: int, made_named: int) -> Iterator[tuple[str, tuple[str, ...], list[str]]]:
    """Trade, classes (the trade's, another trade's, two groups), and what the profile names."""
    trades = sorted(TRADES)
    for number in range(EXPERTS):
        dice = Random(f"affinity {number}")
        home, other = trades[number % len(trades)], trades[(number + 1 + number // 5) % len(trades)]
        _kinds, _posts, fields, made = TRADES[home]
        inside = [code for code in groups if code.startswith(home)]
        classes = tuple(sorted({home, other, *dice.sample(inside, min(2, len(inside)))}))
        yield home, classes, [*dice.sample(fields, min(fields_named, len(fields))), *dice.sample(made, made_named)]


def _first(found: np.ndarray, right: np.ndarray) -> float:
    order = np.argsort(-found, axis=1, kind="stable")[:, :FIRST]
    return round(float(np.take_along_axis(right, order, 1).mean()), 3)
