"""What the objections ask of the product's own database: `python -m bench._objections_house WORK`, one JSON answer."""

from __future__ import annotations

import base64
import json
import sys
from typing import Any


def prepare(people: str = "3") -> dict[str, Any]:
    """The schema, the edition, and a notice that stands, with so many people."""
    from jiangbang.commands.ready import make_ready

    make_ready()
    from notice.noticed import noticed

    from jiangbang.accounts.acts import create_account
    from jiangbang.accounts.models import Role
    from jiangbang.notice.objection_queries import objectable
    from jiangbang.programme.queries import default_edition

    office, edition = (
        create_account("office", role=Role.ORGANISER, password="no one signs in with it"),
        default_edition(),
    )
    assert edition is not None
    noticed(edition, office, titles=int(people) - 1)
    return {"entries": [entry.pk for entry in objectable(edition)]}


def puzzles(count: str) -> dict[str, Any]:
    """So many solved puzzles, as the senders' own machines would solve them."""
    _wake()
    from altcha.v1 import solve_challenge

    from jiangbang.notice.captcha import new_puzzle

    solutions = []
    for _ in range(int(count)):
        made = new_puzzle()
        found = solve_challenge(str(made["challenge"]), str(made["salt"]), "SHA-256", int(str(made["maxnumber"])))
        assert found is not None
        solutions.append(base64.b64encode(json.dumps({**made, "number": found.number}).encode()).decode())
    return {"solutions": solutions}


def check() -> dict[str, Any]:
    """What is in the database: every case with a number of its own, its words, its file."""
    _wake()
    from jiangbang.notice.models import Objection, ObjectionFile
    from jiangbang.notice.objection_case import file_bytes, said
    from jiangbang.register.models import Entry
    from jiangbang.register.verification import verify_register

    cases = list(Objection.objects.order_by("sequence"))
    return {
        "kept": len(cases),
        "numbers": len({one.number for one in cases}),
        "in one row": [one.sequence for one in cases] == list(range(1, len(cases) + 1)),
        "different words": len({said(one, "facts") for one in cases}),
        "files that open": sum(file_bytes(row).startswith(b"%PDF") for row in ObjectionFile.objects.all()),
        "entries of the register": Entry.objects.filter(type="objection.filed").count(),
        "register whole": verify_register().whole,
    }


def _wake() -> None:
    from jiangbang.commands.ready import wake

    wake()


if __name__ == "__main__":
    work = {"prepare": prepare, "puzzles": puzzles, "check": check}[sys.argv[1]]
    print(json.dumps(work(*sys.argv[2:]), ensure_ascii=False))
