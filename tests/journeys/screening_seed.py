"""Run in a house of a journey: `python screening_seed.py COUNT`. So many people received and in screening, twelve of them given to the
organiser. Prints, as JSON, who is what among the twelve."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parents[1]
# What the twelve are, by the fact that makes them so; the others fit in every respect.
KINDS: dict[str, dict[str, Any]] = {
    "bulk 1": {},
    "bulk 2": {},
    "fits 1": {},
    "fits 2": {},
    "fits 3": {},
    "fits 4": {},
    "titled": {"earlier_titles": ["杭州工匠"]},
    "no union": {"union_member": False},
    "union unknown": {"union_member": None},
    "law unknown": {"law_abiding": None},
    "overruled": {},
    "returned": {},
}
IN_A_PACKET = 100


def main(count: int) -> None:
    sys.path.insert(0, str(TESTS))
    from jiangbang.commands.ready import wake

    wake()
    sys.stdout.write(json.dumps(seed(count)) + "\n")


def seed(count: int) -> dict[str, Any]:
    from nomination.readings import make_reading
    from screening.conftest import FITTING

    from jiangbang.accounts.models import User
    from jiangbang.nomination.acts import receive_packet
    from jiangbang.nomination.models import Dossier
    from jiangbang.programme.queries import default_edition
    from jiangbang.rehearsal.people import make_people
    from jiangbang.screening.acts import assign_screener, begin_screening

    edition, by = default_edition(), User.objects.get(username="organiser")
    assert edition is not None
    spec, kinds = edition.spec, list(KINDS)
    people = make_people(
        count, seed=11, form=spec.form, classes=spec.industry_classes, signed=date(2023, 3, 1), year=2023
    )
    records = [{**person.record, "years_in_industry": 12} for person in people]
    units = [unit for unit in spec.units if not unit.hard]
    for first in range(0, count, IN_A_PACKET):
        some = records[first : first + IN_A_PACKET]
        declared = {
            str(record["id_number"]): {**FITTING, **(KINDS[kinds[number]] if number < len(kinds) else {})}
            for number, record in enumerate(some, first)
        }
        receive_packet(
            make_reading(some, salt=str(first)),
            edition=edition,
            unit=units[first // IN_A_PACKET % len(units)],
            by=by,
            declared={number: {k: v for k, v in facts.items() if v is not None} for number, facts in declared.items()},
        )
    begin_screening(edition, by=by)
    # a quota that is overstepped concerns the unit, not the person
    Dossier.objects.update(warn_count=0)
    names = [str(record["name"]) for record in records[: len(kinds)]]
    found = {row.name: row for row in Dossier.objects.filter(edition=edition, name__in=names)}
    assign_screener(edition, [found[name].pk for name in names], screener=by, by=by)
    return {
        "screener": by.pk,
        "dossiers": Dossier.objects.filter(screening__isnull=False).count(),
        "kinds": {str(found[name].pk): kind for name, kind in zip(names, kinds, strict=True)},
    }


if __name__ == "__main__":
    main(int(sys.argv[1]))
