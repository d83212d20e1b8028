"""One measurement of the ballot's races, in a process of its own with the database of its environment:
`python -m bench._ballot_work RACES`, one JSON answer.

Four processes race for one thing at the same moment, again and again: the slip of one voter, the ballot of one slip, the ballots of several
voters against the closing of the round. The coordinator knows what was answered to whom, and compares it with what was counted.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
import time
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any

RACERS = 4
VOTERS = 20
# voters who are kept for the race against the closing
LAST = RACERS - 1
CODES = [f"D{number:03d}" for number in range(1, 9)]
PATIENCE = 60


def main(races: int) -> dict[str, Any]:
    """Race so often and say what was found."""
    from jiangbang.commands.ready import make_ready

    make_ready()
    from django.db import connection

    barrier = multiprocessing.get_context("spawn").Barrier(RACERS)
    racers = [_start(barrier) for _number in range(RACERS)]
    found: dict[str, Any] = {
        "database": connection.vendor, "races": 0, "slip_races": 0, "ballot_races": 0, "closing_races": 0,
        "processes": RACERS, "counted_before_closing": 0, "refused_by_closing": 0, "violations": [],
    }  # fmt: skip
    meeting, by = _prepare()
    began, number = time.perf_counter(), 0
    try:
        while found["races"] < races and not found["violations"]:
            number += 1
            _one_round(number, meeting, by, [pipe for _process, pipe in racers], found)
    finally:
        for process, pipe in racers:
            pipe.send(None)
            process.join(PATIENCE)
    seconds = time.perf_counter() - began
    return {
        **found,
        "rounds": number,
        "seconds": round(seconds, 1),
        "races_per_second": round(found["races"] / seconds, 1),
    }


def _start(barrier: Barrier) -> tuple[Any, Connection]:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=racer, args=(there, barrier), daemon=True)
    process.start()
    return process, here


def racer(pipe: Connection, barrier: Barrier) -> None:
    """Do what the coordinator asks, at the same moment as the others; answer `done` or the refusal's code."""
    import django

    django.setup()
    from jiangbang.accounts.models import User
    from jiangbang.decision import ballots, voting
    from jiangbang.decision.models import Member, Round
    from jiangbang.register.acts import Refused

    members: dict[str, Member] = {}
    while (task := pipe.recv()) is not None:
        what, round_pk, member_pk, slip, marks = task
        opened = Round(pk=round_pk)
        member = members.get(member_pk) if member_pk else None
        if member is None and member_pk:
            member = members[member_pk] = Member.objects.select_related("edition").get(pk=member_pk)
        by = User.objects.get(username="racer") if what == "close" else None
        if what == "close":
            opened = Round.objects.select_related("edition").get(pk=round_pk)
        barrier.wait(PATIENCE)
        try:
            if what == "take":
                ballots.take_slip(opened, member, slip)  # type: ignore[arg-type]
            elif what == "put":
                ballots.put_ballot(opened, member, slip, marks)  # type: ignore[arg-type]
            else:
                voting.close_round(opened, reason="race", by=by)  # type: ignore[arg-type]
            pipe.send("done")
        except Refused as refusal:
            pipe.send(refusal.code)
        except Exception as error:  # noqa: BLE001 — an answer too: the coordinator reports it
            pipe.send(f"error {type(error).__name__}: {error}")


def _prepare() -> tuple[Any, Any]:
    """A meeting in which twenty sit."""
    from django.utils import timezone

    from jiangbang.accounts.acts import create_account
    from jiangbang.accounts.models import Role
    from jiangbang.decision.models import Attendance, Meeting, Member
    from jiangbang.decision.profiles import Profile, seal_profile
    from jiangbang.programme.queries import default_edition

    by = create_account("racer", role=Role.ORGANISER, password=None)
    edition, now = default_edition(), timezone.now()
    assert edition is not None
    meeting = Meeting.objects.create(
        edition=edition, number=1, state="sitting", begins_at=now, place="x", agenda="x", called_by=by, called_at=now,
        opened_by=by, opened_at=now,
    )  # fmt: skip
    for number in range(1, VOTERS + 1):
        member = Member(edition=edition, body="x", number=number, named_by=by, named_at=now)
        seal_profile(member, Profile(f"成员{number}"))
        member.save(force_insert=True)
        Attendance.objects.create(
            meeting=meeting, seat=member, sat_by=member, source="office", recorded_by=by, recorded_at=now
        )
    return meeting, by


def _open(number: int, meeting: Any, by: Any) -> Any:
    """A round as `open_round` writes it, without a shortlist behind it."""
    import secrets

    from django.utils import timezone

    from jiangbang.decision.ballots import new_key
    from jiangbang.decision.models import Round, Voter
    from jiangbang.kernel.ballot_box import Box

    made = Round.objects.create(
        meeting=meeting, edition=meeting.edition, title="craftsman", number=number, mode="secret", seats=2,
        candidates=CODES, members=VOTERS, present=VOTERS, ties="order", opened_by=by, opened_at=timezone.now(),
    )  # fmt: skip
    made.sealed_key, made.box = new_key(made, secrets.token_bytes(32)), Box().to_bytes()
    made.save(update_fields=["sealed_key", "box"])
    Voter.objects.bulk_create(Voter(round=made, attendance=one) for one in meeting.attendances.order_by("pk"))
    return made


def _one_round(number: int, meeting: Any, by: Any, pipes: list[Connection], found: dict[str, Any]) -> None:
    from jiangbang.decision.models import Round, Voter
    from jiangbang.kernel.ballot_box import fingerprint, new_slip

    opened = _open(number, meeting, by)
    keys = [str(one.sat_by_id) for one in meeting.attendances.order_by("pk")]
    counted: dict[str, list[str]] = {}
    slips: list[str] = []
    for key in keys:
        tried = [new_slip() for _racer in pipes]
        answers = _race(pipes, [("take", opened.pk, key, slip, ()) for slip in tried])
        _expect(found, "slip_races", sorted(answers), ["done", *["served"] * (RACERS - 1)], answers)
        slips.append(tried[answers.index("done")] if "done" in answers else tried[0])
    for place, (key, slip) in enumerate(zip(keys[:-LAST], slips[:-LAST], strict=True)):
        tried_marks = [[CODES[(place + racer) % len(CODES)]] for racer in range(RACERS)]
        answers = _race(pipes, [("put", opened.pk, key, slip, marks) for marks in tried_marks])
        _expect(found, "ballot_races", sorted(answers), ["done", *["used"] * (RACERS - 1)], answers)
        if "done" in answers:
            counted[fingerprint(slip)] = tried_marks[answers.index("done")]
    tasks: list[Any] = [
        ("put", opened.pk, key, slip, [CODES[0]]) for key, slip in zip(keys[-LAST:], slips[-LAST:], strict=True)
    ]
    at = number % RACERS
    tasks.insert(at, ("close", opened.pk, None, "", ()))
    answers = _race(pipes, tasks)
    puts = [answer for place, answer in enumerate(answers) if place != at]
    for slip, answer in zip(slips[-LAST:], puts, strict=True):
        if answer == "done":
            counted[fingerprint(slip)] = [CODES[0]]
    _expect(found, "closing_races", (answers[at], set(puts) <= {"done", "not_open"}), ("done", True), answers)
    found["counted_before_closing"] += puts.count("done")
    found["refused_by_closing"] += puts.count("not_open")
    closed = Round.objects.get(pk=opened.pk)
    served = Voter.objects.filter(round=opened, served=True).count()
    if closed.ballots != dict(sorted(counted.items())) or served != VOTERS:
        found["violations"].append({"round": number, "counted": len(closed.ballots), "accepted": len(counted)})


def _race(pipes: list[Connection], tasks: list[Any]) -> list[str]:
    for pipe, task in zip(pipes, tasks, strict=True):
        pipe.send(task)
    return [pipe.recv() for pipe in pipes]


def _expect(found: dict[str, Any], kind: str, met: object, wanted: object, answers: list[str]) -> None:
    found["races"] += 1
    found[kind] += 1
    if met != wanted:
        found["violations"].append({"kind": kind, "answers": answers})


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1])), ensure_ascii=False))
