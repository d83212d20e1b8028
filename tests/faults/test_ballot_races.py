"""Several at once at the ballot box: one wins, and what was answered with yes is counted. `bench/ballot_races.py`: 10,000 times."""

from __future__ import annotations

from pathlib import Path

import pytest
from decision.group import SMALL, named, ruled, shortlisted, sitting
from faults.test_races import at_once

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role
from jiangbang.decision import ballots, voting
from jiangbang.decision.models import Round, Voter
from jiangbang.kernel.ballot_box import fingerprint, new_slip
from jiangbang.programme.acts import load_programme
from jiangbang.programme.models import Edition
from jiangbang.register.verification import verify_register

pytestmark = pytest.mark.django_db(transaction=True)
BUNDLED = Path(__file__).resolve().parents[2] / "programmes" / "hangzhou-digital-craftsman"


def codes(results: list[object]) -> list[str]:
    return sorted(str(getattr(one, "code", "done")) for one in results)


def test_one_slip_one_ballot_and_nothing_lost_against_the_closing() -> None:
    office = create_account("lin", role=Role.ORGANISER, password=None)
    load_programme(BUNDLED, by=office)
    edition = Edition.objects.get(slug="2023")
    shortlisted(edition, office, 3)
    edition = ruled(edition, seats={"craftsman": 1, "nominee": 1}, **SMALL)
    one, other, third = [member for member in named(edition, office) if not member.substitute]
    opened = voting.open_round(sitting(edition, office), by=office)
    slips = [new_slip() for _racer in range(3)]
    taken = at_once(*(lambda slip=slip: ballots.take_slip(opened, one, slip) for slip in slips))
    assert codes(taken) == ["done", "served", "served"]
    slip = slips[[getattr(result, "code", "done") for result in taken].index("done")]
    marks = (["D01"], ["D02"], [])
    put = at_once(*(lambda marked=marked: ballots.put_ballot(opened, one, slip, marked) for marked in marks))
    assert codes(put) == ["done", "used", "used"]
    counted = {fingerprint(slip): list(marks[[getattr(result, "code", "done") for result in put].index("done")])}
    waiting = {member: new_slip() for member in (other, third)}
    for member, own in waiting.items():
        ballots.take_slip(opened, member, own)
    *answers, closing = at_once(
        *(lambda member=m, own=s: ballots.put_ballot(opened, member, own, ["D01"]) for m, s in waiting.items()),
        lambda: voting.close_round(opened, reason="到时", by=office),
    )
    assert isinstance(closing, Round)
    assert set(codes(answers)) <= {"done", "not_open"}
    for own, answer in zip(waiting.values(), answers, strict=True):
        if answer is None:
            counted[fingerprint(own)] = ["D01"]
    assert Round.objects.get().ballots == counted
    assert Voter.objects.filter(served=True).count() == 3
    assert verify_register().problems == []
