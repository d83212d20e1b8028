"""Inside the product, for `bench/lists.py`: 10,000 accepted dossiers, a list of 50,000 firms and one of 5,000 holders, through the acts."""

from __future__ import annotations

import io
import json
import resource
import sys
import time
from typing import Any

import xlsxwriter

from bench import lists as synthetic

HOLDERS = 5_000


def main() -> dict[str, Any]:
    from jiangbang.commands.ready import make_ready

    make_ready()
    from jiangbang.accounts.acts import console_account
    from jiangbang.programme.queries import default_edition
    from jiangbang.screening import lists
    from jiangbang.screening.lists_comparing import compare, outdated

    edition, by = default_edition(), console_account()
    assert edition is not None
    names, employers = synthetic.firms_and_employers()
    fill(edition, by, employers)
    firms = workbook(["企业名称", "批次"], [[name, "第一批"] for name in names])
    people = [[f"张{at % 20_000}", names[at], 2019] for at in range(0, HOLDERS)]
    holders = workbook(["姓名", "工作单位", "年份"], people)
    told: dict[str, Any] = {}

    def timed(name: str, work: Any) -> Any:
        started = time.perf_counter()
        done = work()
        told[name] = round(time.perf_counter() - started, 1)
        return done

    draft = timed(
        "read and keep 50,000 rows",
        lambda: lists.bring_list(edition, firms, file_name="a.xlsx", kind="little_giant", by=by),
    )
    timed("put in force", lambda: lists.import_list(draft, by=by))
    lists.import_list(lists.bring_list(edition, holders, file_name="b.xlsx", kind="hangzhou_craftsman", by=by), by=by)
    whole = timed("compare 10,000 dossiers with both", lambda: compare(edition, by=by))
    timed("look whether anything is outdated", lambda: outdated(edition))
    told["found"], told["likely"] = whole.found, whole.near
    told["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return told


def workbook(heading: list[object], rows: list[list[object]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate([heading, *rows]):
            for place, cell in enumerate(row):
                sheet.write(line, place, cell)
    return out.getvalue()


def fill(edition: Any, by: Any, employers: list[str]) -> None:
    """Accepted dossiers as comparing sees them: people with keys, no papers."""
    from django.utils import timezone

    from jiangbang.nomination.dossiers import new_person
    from jiangbang.nomination.models import Dossier, Packet, Person, Revision

    now = timezone.now()
    unit = edition.spec.units[0].code
    packet = Packet.objects.create(
        edition=edition, unit_code=unit, number="1", sequence=1, file_name="a.zip", sha256="0" * 64, size=1, members=[],
        findings=[], verdict="clean", accepted_count=len(employers), waiting_count=0, received_at=now, received_by=by,
    )  # fmt: skip
    people = [new_person(f"{number:064x}") for number in range(len(employers))]
    Person.objects.bulk_create(people, batch_size=500)
    dossiers, revisions = [], []
    for number, (person, employer) in enumerate(zip(people, employers, strict=True)):
        dossier = Dossier(
            edition=edition, person=person, unit_code=unit, state="accepted", name=f"张{number}", employer=f"{employer} 工程师",
            updated_at=now,
        )  # fmt: skip
        revision = Revision(
            dossier=dossier, person=person, number=1, packet=packet, open={}, sealed=b"", findings=[], verdicts=[],
            commitment="", created_at=now,
        )  # fmt: skip
        dossier.revision = dossier.accepted_revision = revision
        dossiers.append(dossier)
        revisions.append(revision)
    from django.db import transaction

    with transaction.atomic():
        Dossier.objects.bulk_create(dossiers, batch_size=500)
        Revision.objects.bulk_create(revisions, batch_size=500)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main()) + "\n")
