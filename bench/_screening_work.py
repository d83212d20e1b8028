"""What `bench.screening` measures, in a home and database of its own: prints one line of JSON."""

from __future__ import annotations

import hashlib
import json
import os
import random
import time
from collections.abc import Callable
from datetime import date
from typing import Any

DOSSIERS = int(os.environ.get("BENCH_DOSSIERS", "10000"))
IN_A_PACKET = 500
SAMPLES = 150
FACTS = {
    "employed_in_hangzhou": True,
    "union_member": True,
    "law_abiding": True,
    "years_in_hangzhou": 3,
    "in_technical_post": True,
    "standards_or_key_technology": False,
    "innovation_with_benefit": True,
    "national_qualification": False,
    "science_award": False,
    "trains_talent": False,
    "coached_best_rank": 0,
    "earlier_titles": [],
    "civil_service_staff": False,
    "institution_or_soe_leader": False,
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiangbang.settings")
    from jiangbang.commands.ready import make_ready

    make_ready()
    print(json.dumps(measure()))


def measure() -> dict[str, Any]:
    from django.test import Client

    from jiangbang.accounts.acts import create_account
    from jiangbang.accounts.models import Role
    from jiangbang.programme.queries import default_edition
    from jiangbang.screening.acts import assign_screener, begin_screening
    from jiangbang.screening.models import Screening

    by = create_account("bench", role=Role.ORGANISER, password=None)
    edition = default_edition()
    assert edition is not None
    _, receiving = _timed(lambda: receive(edition, by, 0, DOSSIERS))
    _, beginning = _timed(lambda: begin_screening(edition, by=by))
    keys = list(Screening.objects.order_by("pk").values_list("pk", flat=True))
    assign_screener(edition, keys[::20], screener=by, by=by)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(by)
    unit, clause = keys_of_filters(edition)
    filters = {
        "no filter": "",
        "to be screened": "?state=waiting",
        "unit": f"?unit={unit}",
        "rests on clause": f"?clause={clause}",
        "finding": "?finding=roster.mismatch",
        "screener": f"?screener={by.pk}",
        "name": "?q=%E5%B7%A5%E7%A8%8B%E5%B8%88",
    }
    rows = [next_dossier(client, keys, name, query) for name, query in filters.items()]
    queue = sorted(_timed(lambda: client.get("/screening/"))[1] * 1e3 for _ in range(30))
    likenesses = compare(edition, by)
    return {
        "dossiers": len(keys),
        "receiving s": round(receiving, 1),
        "begin the screening s": round(beginning, 1),
        "next dossier": rows,
        "first page of the queue, p95 ms": _quantile(queue, 0.95),
        "likenesses": likenesses,
    }


def next_dossier(client: Any, keys: list[Any], name: str, query: str) -> dict[str, Any]:
    dice = random.Random(1)
    took, finding, processor = [], [], []
    for _ in range(SAMPLES):
        address = f"/screening/{dice.choice(keys)}/next/{query}"
        began, spent = time.perf_counter(), time.process_time()
        answer = client.get(address)
        finding.append((time.perf_counter() - began) * 1e3)
        if client.get(answer["Location"]).status_code != 200:
            raise SystemExit(f"{address} led to {answer['Location']}")
        took.append((time.perf_counter() - began) * 1e3)
        processor.append((time.process_time() - spent) * 1e3)
    for times in (took, finding, processor):
        times.sort()
    return {
        "queue narrowed by": name,
        "p50 ms": _quantile(took, 0.5),
        "p95 ms": _quantile(took, 0.95),
        "of it finding, p95 ms": _quantile(finding, 0.95),
        # beside the wall clock: on a machine that others use it says what a quiet one would take (without PostgreSQL's own share)
        "processor p50 ms": _quantile(processor, 0.5),
        "processor p95 ms": _quantile(processor, 0.95),
    }


def keys_of_filters(edition: Any) -> tuple[str, str]:
    from jiangbang.screening.models import Screening

    row = Screening.objects.filter(edition=edition).exclude(because="  ").first()
    assert row is not None
    return row.unit_code, (row.because.split() or ["G1"])[0]


def compare(edition: Any, by: Any) -> dict[str, Any]:
    """The first comparison of all, then of a packet more."""
    from jiangbang.screening.duplicates_finding import find_duplicates

    first, all_seconds = _timed(lambda: find_duplicates(edition.programme))
    receive(edition, by, DOSSIERS, 20)
    more, seconds = _timed(lambda: find_duplicates(edition.programme))
    return {
        "first comparison s": round(all_seconds, 1),
        "dossiers": first.dossiers,
        "pairs": first.pairs,
        "a packet more s": round(seconds, 2),
        "dossiers of it": more.dossiers,
    }


def receive(edition: Any, by: Any, start: int, count: int) -> None:
    """So many people in packets, through the units without a hard quota."""
    from jiangbang.nomination.acts import receive_packet
    from jiangbang.rehearsal.people import make_people

    spec = edition.spec
    units = [unit for unit in spec.units if not unit.hard]
    for number, first in enumerate(range(start, start + count, IN_A_PACKET)):
        people = make_people(
            min(IN_A_PACKET, start + count - first),
            seed=7,
            form=spec.form,
            classes=spec.industry_classes,
            signed=date(2023, 3, 1),
            year=2023,
            start=first,
        )
        records = [person.record for person in people]
        declared = {str(record["id_number"]): FACTS for record in records}
        unit = units[number % len(units)]
        receive_packet(reading(records, unit, first), edition=edition, unit=unit, by=by, declared=declared)


def reading(records: list[Any], unit: Any, first: int) -> Any:
    from jiangbang.nomination.intake import PacketReading
    from jiangbang.papers.reading import FormReading, Member, RosterReading, RosterRow

    forms = tuple(
        FormReading(f"推荐表{place}.docx", {**record, "specialty": None}, None, ())
        for place, record in enumerate(records)
    )
    absent = {"photo", "opinions", "motto", "address", "mobile", "telephone"}
    rows = tuple(
        RosterRow(place, {key: value for key, value in record.items() if key not in absent})
        for place, record in enumerate(records, 4)
    )
    members = tuple(Member(form.source, 1000, "0" * 64, "form") for form in forms)
    roster = RosterReading("汇总表.xlsx", unit.name, rows, ())
    name = f"{unit.short_name}+{first}.zip"
    photos = {str(record["photo"]["sha256"]): ("image/jpeg", 5) for record in records}
    return PacketReading(name, hashlib.sha256(name.encode()).hexdigest(), 1, members, forms, (roster,), (), photos)


def _timed(task: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    result = task()
    return result, time.perf_counter() - began


def _quantile(ordered: list[float], share: float) -> float:
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1)


if __name__ == "__main__":
    main()
