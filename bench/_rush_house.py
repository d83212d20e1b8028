"""What the rush asks of the product's own database: `python -m bench._rush_house WORK [FILE]`, one JSON answer."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def prepare() -> dict[str, Any]:
    """The schema, the edition on the real clock, an organiser."""
    from jiangbang.commands.ready import make_ready

    make_ready()
    from jiangbang.accounts.acts import create_account
    from jiangbang.accounts.models import Role

    create_account("rush", role=Role.ORGANISER, password="no one signs in with it")
    return {}


def session() -> dict[str, Any]:
    """Cookies and token of a signed-in organiser, as a browser would hold them."""
    _wake()
    from django.middleware.csrf import _get_new_csrf_string
    from django.test import Client

    from jiangbang.accounts.models import User

    client, token = Client(), _get_new_csrf_string()
    client.force_login(User.objects.get(username="rush"))
    cookies = {name: morsel.value for name, morsel in client.cookies.items()} | {"csrftoken": token}
    return {"cookies": "; ".join(f"{name}={value}" for name, value in cookies.items()), "token": token}


def reload() -> dict[str, Any]:
    """Load the edition's changed file, as `jiangbang programme load` does."""
    _wake()
    from jiangbang.accounts.acts import console_account
    from jiangbang.commands.speaking import BUNDLED
    from jiangbang.programme.acts import load_programme

    return {"changed": [one.slug for one in load_programme(BUNDLED, by=console_account()) if not one.is_empty]}


def fill() -> dict[str, Any]:
    """10,000 dossiers as lists and figures see them, and 500 packets; nobody's papers."""
    _wake()
    from datetime import timedelta

    from django.utils import timezone

    from jiangbang.accounts.models import User
    from jiangbang.nomination.models import Dossier, Packet, Person
    from jiangbang.programme.queries import default_edition

    edition, by = default_edition(), User.objects.get(username="rush")
    assert edition is not None
    units, now = [unit.code for unit in edition.spec.units], timezone.now()
    people = Person.objects.bulk_create([Person(wrapped_key=b"") for _ in range(10_000)], batch_size=500)
    dossiers = [
        Dossier(
            edition=edition,
            person=person,
            unit_code=units[number % len(units)],
            state=Dossier.State.WAITING,
            name=f"张{number}",
            employer="云栖智联科技有限公司 算法工程师",
            industry_class=f"{number % 32:04} 软件开发",
            block_count=number % 3,
            updated_at=now - timedelta(seconds=number),
        )
        for number, person in enumerate(people)
    ]
    Dossier.objects.bulk_create(dossiers, batch_size=500)
    packets = [
        Packet(
            edition=edition,
            unit_code=units[number % len(units)],
            number=f"{edition.slug}-{units[number % len(units)]}-{number:03}",
            sequence=number,
            file_name="推荐.zip",
            sha256=f"{number:064x}",
            size=1,
            members=[],
            findings=[],
            verdict="blocked",
            accepted_count=0,
            waiting_count=20,
            received_at=now - timedelta(minutes=number),
            received_by=by,
        )
        for number in range(500)
    ]
    Packet.objects.bulk_create(packets, batch_size=500)
    return {"dossiers": len(dossiers)}


def stamp() -> dict[str, Any]:
    """What an open desk would ask with."""
    _wake()
    from jiangbang.nomination import desk_live
    from jiangbang.programme.queries import default_edition

    edition = default_edition()
    assert edition is not None
    return {"stamp": str(desk_live.stamp(edition))}


def left() -> dict[str, Any]:
    """How many files wait to be read, or are being read."""
    _wake()
    from jiangbang.nomination.models import Intake

    return {"left": Intake.objects.filter(state__in=("waiting", "reading")).count()}


def check(sent: str) -> dict[str, Any]:
    """Each answer of the senders against the database: nothing lost, nothing late let in, nothing timely refused."""
    _wake()
    from bench.rush import intake_of, quantile
    from jiangbang.nomination.models import Dossier, Intake, Packet
    from jiangbang.programme.queries import default_edition
    from jiangbang.register.models import Entry
    from jiangbang.register.verification import verify_register

    edition = default_edition()
    assert edition is not None
    ends = edition.deadline.ends
    answers = json.loads(Path(sent).read_text())
    kept = {str(one.pk): one for one in Intake.objects.select_related("packet")}
    told = [kept.get(intake_of(one["place"])) for one in answers if one["status"] == 200]
    found = [one for one in told if one is not None]
    timely = [one for one in found if one.brought_at < ends]
    late = [one for one in found if one.brought_at >= ends]
    received = [one for one in timely if one.state == Intake.State.DONE and one.packet is not None]
    packets = {one.packet.pk: one.packet for one in received if one.packet}
    entries = Entry.objects.filter(type="packet.received").values_list("subject", "at")
    at = {int(subject.partition(":")[2]): moment for subject, moment in entries}
    took = sorted((at[one.packet.pk] - one.brought_at).total_seconds() for one in received if one.packet)
    near = [abs((one.brought_at - ends).total_seconds()) for one in found]
    unanswered = [one for one in answers if one["status"] != 200]
    outside = [
        one
        for one in answers
        if (row := kept.get(intake_of(one["place"])))
        and not one["began"] - 0.001 <= row.brought_at.timestamp() <= one["answered"] + 0.001
    ]
    return {
        "sent": len(answers),
        "answered": len(told),
        "lost (answered, not kept)": len(told) - len(found),
        "not answered": len(unanswered),
        "came in time": len(timely),
        "of these received": len(received),
        "of these still to be read": sum(one.state in ("waiting", "reading") for one in timely),
        "of these refused": sum(one.state == "failed" for one in timely),
        "came late": len(late),
        "late accepted": sum(one.packet is not None for one in late),
        "late refused with the time": sum(one.failure_code == "late" and bool(one.failure) for one in late),
        "came within a second of the deadline": sum(one <= 1 for one in near),
        "moment outside the sender's own clock": len(outside),
        "packets": len(packets),
        "packets after the deadline": Packet.objects.filter(received_at__gte=ends).count(),
        "people in received packets": sum(len(one.members) - 1 for one in packets.values()),
        "people accepted": Dossier.objects.filter(state="accepted").count(),
        "register whole": verify_register().whole,
        "reading": {
            "received": len(received),
            "p50 s": round(quantile(took, 0.5), 2),
            "p95 s": round(quantile(took, 0.95), 2),
            "worst s": round(took[-1], 2) if took else 0.0,
        },
    }


def _wake() -> None:
    from jiangbang.commands.ready import wake

    wake()


if __name__ == "__main__":
    work = {
        "prepare": prepare,
        "session": session,
        "reload": reload,
        "left": left,
        "check": check,
        "fill": fill,
        "stamp": stamp,
    }[sys.argv[1]]
    print(json.dumps(work(*sys.argv[2:])))
