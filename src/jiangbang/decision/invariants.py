"""What must always hold of meetings, ballots and results."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, Final

from django.db.models import Count, F, Q

from jiangbang.consultation.models import Question
from jiangbang.decision.models import Attendance, Meeting, Member, OpenBallot, Place, Result, Round, Voter
from jiangbang.decision.voting import published, votes_in
from jiangbang.nomination.models import Dossier
from jiangbang.register.canonical import canonical_json
from jiangbang.register.invariant import Invariant, gaps, unlike, unsaid
from jiangbang.register.models import Entry

_ACTS: Final = "it was written past the acts: compare with the register, and restore from a backup"
_RECOUNT: Final = "the ballots on the round's page are what was cast: count them, and call the auditor"


# -- meetings ------------------------------------------------------------------------------------------------------------


def _strangers() -> Iterator[str]:
    """Whoever sits in a seat that is not his: of another edition, of another body, or a member in another member's."""
    rows = Attendance.objects.exclude(
        Q(sat_by=F("seat")) | Q(sat_by__substitute=True, seat__substitute=False, sat_by__body=F("seat__body"))
    )
    foreign = Attendance.objects.exclude(seat__edition=F("meeting__edition"), sat_by__edition=F("meeting__edition"))
    return (str(one) for one in (*rows, *foreign))


# -- rounds --------------------------------------------------------------------------------------------------------------


def _electorate() -> Iterator[str]:
    """Rounds with another number of voters than of people present."""
    return (one.subject for one in Round.objects.annotate(many=Count("voters")).exclude(many=F("present")))


def _absent() -> Iterator[str]:
    """Voters who were at another meeting."""
    rows = Voter.objects.exclude(attendance__meeting=F("round__meeting"))
    return (f"round:{one.round_id}: {one.attendance_id}" for one in rows)


def _overcast() -> Iterator[str]:
    """Rounds with more ballots than slips taken in, or than people present."""
    for one in Round.objects.annotate(served=Count("voters", filter=Q(voters__served=True))):
        if votes_in(one) > one.served or (one.mode == Round.Mode.OPEN and votes_in(one) != one.served):
            yield f"{one.subject}: {votes_in(one)} ballots, {one.served} voters"


def _uncounted() -> Iterator[str]:
    """Closed rounds that hold other ballots than the register has number and hash of."""
    rows = Entry.objects.filter(type="round.closed").values_list("subject", "facts")
    said = {subject: (facts["cast"], facts["sha256"]) for subject, facts in rows}
    for one in Round.objects.filter(state=Round.State.CLOSED):
        if (votes_in(one), hashlib.sha256(published(one)).hexdigest()) != said.get(one.subject):
            yield one.subject


def _miscounted() -> Iterator[str]:
    """Closed rounds whose votes are not what the ballots say."""
    for one in Round.objects.filter(state=Round.State.CLOSED):
        ballots: list[list[str]] = list(one.ballots.values())
        if one.mode == Round.Mode.OPEN:
            ballots = list(OpenBallot.objects.filter(voter__round=one).values_list("marks", flat=True))
        votes = {code: sum(code in marks for marks in ballots) for code in one.candidates}
        if votes != one.votes:
            yield one.subject


def _overelected() -> Iterator[str]:
    """Rounds that elected more than there were seats, or somebody who did not stand."""
    for one in Round.objects.filter(state=Round.State.CLOSED):
        if len(one.elected) > one.seats or not set(one.elected) <= set(one.candidates):
            yield one.subject


def _elected_twice() -> Iterator[str]:
    seen: dict[tuple[Any, str], str] = {}
    for one in Round.objects.filter(state=Round.State.CLOSED):
        for code in one.elected:
            if before := seen.get((one.edition_id, code)):
                yield f"{code}: {before} and {one.subject}"
            seen[one.edition_id, code] = one.subject


def _kept_ballots() -> Iterator[str]:
    rows = Round.objects.filter(state=Round.State.ANNULLED)
    return (one.subject for one in rows if one.ballots or one.outcome)


# -- the result ----------------------------------------------------------------------------------------------------------


def _altered() -> Iterator[str]:
    """Results that hold other places than the register has the hash of."""
    rows = Entry.objects.filter(type="result.resolved").values_list("subject", "facts")
    said = {subject: facts["sha256"] for subject, facts in rows}
    for one in Result.objects.all():
        places = one.places.order_by("pk").values_list("dossier_id", "title", "reserve", "position")
        told = [[str(pk), *rest] for pk, *rest in places]
        if hashlib.sha256(canonical_json(told)).hexdigest() != said.get(one.subject):
            yield one.subject


def _overseated() -> Iterator[str]:
    for one in Result.objects.select_related("edition"):
        seats = {title.key: title.seats for title in one.edition.spec.titles if title.seats and not title.direct}
        counted = one.places.filter(reserve=False).order_by().values_list("title").annotate(many=Count("pk"))
        for title, many in counted:
            if title in seats and many > (seats[title] or 0):
                yield f"{one.subject}: {many} of {seats[title]} for {title}"


def _withheld() -> Iterator[str]:
    """People with a place about whom the last word was that they go no further."""
    last: dict[tuple[Any, str], str] = {}
    rows = Question.objects.order_by("inquiry__sequence").values_list("dossier_id", "inquiry__department", "decision")
    for dossier, department, decision in rows:
        last[dossier, department] = decision
    held = {dossier for (dossier, _department), decision in last.items() if decision == Question.Decision.WITHHELD}
    return (f"dossier:{pk}" for pk in Place.objects.values_list("dossier_id", flat=True) if pk in held)


INVARIANTS: Final = (
    Invariant(
        "decision.members_numbered",
        "The members of a leading group are numbered without a gap.",
        _ACTS,
        lambda: gaps(Member.objects.all(), "number", "edition_id"),
    ),
    Invariant(
        "decision.meetings_numbered",
        "The meetings of a leading group are numbered without a gap.",
        _ACTS,
        lambda: gaps(Meeting.objects.all(), "number", "edition_id"),
    ),
    Invariant(
        "decision.own_seat", "Everybody sits in his own seat, or stands in for one of his body.", _ACTS, _strangers
    ),
    Invariant(
        "decision.rounds_numbered",
        "The rounds on a title are numbered without a gap.",
        _ACTS,
        lambda: gaps(Round.objects.all(), "number", "edition_id", "title"),
    ),
    Invariant(
        "decision.rounds_registered",
        "The register knows the opening of every round, once.",
        _ACTS,
        lambda: unlike(((pk, 1) for pk in Round.objects.values_list("pk", flat=True)), "round", "round.opened"),
    ),
    Invariant("decision.voters_present", "As many may vote in a round as are present.", _ACTS, _electorate),
    Invariant("decision.voters_attended", "Whoever votes sat in the meeting of the round.", _ACTS, _absent),
    Invariant("decision.one_ballot_each", "There are no more ballots than voters.", _RECOUNT, _overcast),
    Invariant("decision.ballots_registered", "A closed round's ballots are the registered ones.", _RECOUNT, _uncounted),
    Invariant("decision.votes_counted", "A closed round's votes are what its ballots say.", _RECOUNT, _miscounted),
    Invariant(
        "decision.elected_stood", "A round elects no more than it has seats, of those who stand.", _ACTS, _overelected
    ),
    Invariant("decision.elected_once", "Nobody is elected twice.", _ACTS, _elected_twice),
    Invariant("decision.annulled_empty", "Nobody learns what was voted in an annulled round.", _ACTS, _kept_ballots),
    Invariant(
        "decision.result_registered", "The result is the one that the register has the hash of.", _ACTS, _altered
    ),
    Invariant(
        "decision.places_numbered",
        "The places of a title, and of its reserve list, are numbered without a gap.",
        _ACTS,
        lambda: gaps(Place.objects.all(), "position", "result_id", "title", "reserve"),
    ),
    Invariant("decision.seats_kept", "No title goes to more people than it has seats.", _ACTS, _overseated),
    Invariant(
        "decision.places_accepted",
        "Whoever has a place has an accepted dossier of the edition.",
        _ACTS,
        lambda: Place.objects.exclude(
            dossier__state__in=(Dossier.State.ACCEPTED, Dossier.State.ERASED), dossier__edition=F("result__edition")
        ),
    ),
    Invariant("decision.none_withheld", "Nobody has a place whom the office held back.", _ACTS, _withheld),
    Invariant(
        "decision.released_registered",
        "The register knows the release of every result that is public.",
        _ACTS,
        lambda: unsaid(Result.objects.filter(released_at__isnull=False), "result", "result.released"),
    ),
)
