"""Inside the product, for `bench/pictures.py`: 10,000 dossiers in screening, in rows as the acts leave them, then the page."""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

RUNS = 20


def main() -> dict[str, Any]:
    from jiangbang.commands.ready import make_ready

    make_ready()
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, setup_test_environment

    from jiangbang.programme.queries import default_edition
    from jiangbang.screening import pictures
    from jiangbang.screening.picture_files import as_png

    edition, by = default_edition(), get_user_model().objects.get(username="rush")
    assert edition is not None
    dossiers = fill(edition)
    setup_test_environment()
    client = Client()
    client.force_login(by)
    client.get("/screening/pictures/")
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = client.get("/screening/pictures/")
    assert answer.status_code == 200
    unit = pictures.picture(edition, "unit")
    assert unit is not None
    return {
        "database": connection.vendor,
        "dossiers": dossiers,
        "queries of the page": len(captured),
        "counting all pictures": spread(lambda: pictures.pictures(edition)),
        "whole page": spread(lambda: client.get("/screening/pictures/")),
        "one PNG": spread(lambda: as_png(unit)),
    }


def spread(work: Callable[[], object]) -> dict[str, float]:
    took = []
    for _ in range(RUNS):
        started = time.perf_counter()
        work()
        took.append(1e3 * (time.perf_counter() - started))
    return {"p50 ms": round(statistics.median(took), 1), "worst ms": round(max(took), 1)}


def fill(edition: Any) -> int:
    """Revisions nobody reads, screenings in every state, traits."""
    from django.utils import timezone

    from jiangbang.nomination.models import Dossier, Packet, Revision
    from jiangbang.screening.models import Screening
    from jiangbang.screening.picture_models import Trait
    from jiangbang.screening.traits import AGES, YEARS

    chance, packet, now = random.Random(2023), Packet.objects.order_by("pk")[0], timezone.now()
    dossiers = list(Dossier.objects.filter(edition=edition).order_by("pk"))
    revisions = [
        Revision(
            dossier=one,
            person_id=one.person_id,
            number=1,
            packet=packet,
            open={},
            sealed=b"",
            findings=[],
            verdicts=[],
            commitment="",
            created_at=now,
        )
        for one in dossiers
    ]
    Revision.objects.bulk_create(revisions, batch_size=500)
    states = [chance.choice(("waiting", "waiting", "eligible", "not_eligible")) for _ in dossiers]
    Screening.objects.bulk_create(
        [
            Screening(
                dossier=one,
                edition=edition,
                unit_code=one.unit_code,
                state=state,
                revision=made,
                answer="open",
                open_count=1,
            )
            for one, made, state in zip(dossiers, revisions, states, strict=True)
        ],
        batch_size=500,
    )
    Trait.objects.bulk_create(
        [
            Trait(
                key=f"{number:064x}",
                edition=edition,
                state=state,
                gender=chance.choice(("male", "female")),
                age=chance.choice(AGES),
                years=chance.choice(YEARS),
                focus=f" {chance.choice(('iot', 'ai', 'cloud', 'big_data'))} ",
            )
            for number, state in enumerate(states)
        ],
        batch_size=500,
    )
    return len(dossiers)


if __name__ == "__main__":
    print(json.dumps(main()))
