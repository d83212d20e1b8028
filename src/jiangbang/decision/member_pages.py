"""What a member of the leading group sees: the candidates as the form lets him, the ballot, the list on which he finds his own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jiangbang.decision.ballots import recused_codes
from jiangbang.decision.models import Attendance, Meeting, Member, Round, Voter
from jiangbang.decision.pages import cleared_word, title_labels
from jiangbang.decision.standing import Candidate, candidates_of
from jiangbang.nomination.dossiers import full_record
from jiangbang.nomination.models import Dossier
from jiangbang.nomination.pages import Line, sheet
from jiangbang.programme.models import Edition
from jiangbang.review.models import Ranking
from jiangbang.review.rank_pages import intervals
from jiangbang.review.ranking import lines_of

STAGE, ROLE = "decision", "member"


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """One candidate in the member's list; `low` and `high`: the 95 % interval of the rank."""

    one: Candidate
    score: str
    low: int
    high: int
    tone: str
    word: str
    recused: bool


def published(edition: Edition) -> Ranking | None:
    """The ranking from which the shortlist was taken."""
    return Ranking.objects.filter(edition=edition, taken_at__isnull=False).first()


def candidate_rows(edition: Edition, member: Member | None) -> tuple[list[CandidateRow], Any]:
    """The shortlist with its ranks and their uncertainty, and the figure of the intervals."""
    ranking, people = published(edition), candidates_of(edition)
    lines = {line.dossier: line for line in lines_of(ranking)} if ranking else {}
    apart = recused_codes(member) if member else frozenset()
    rows = []
    for one in people:
        line, (tone, word) = lines.get(one.code), cleared_word(one)
        low, high = (line.low, line.high) if line else (one.rank, one.rank)
        rows.append(CandidateRow(one, line.score if line else "—", low, high, tone, word, one.code in apart))
    figure = intervals(list(lines.values()), ranking.titles) if ranking and lines else None
    return rows, figure


def member_lines(dossier: Dossier) -> tuple[Line, ...]:
    """The accepted record, only the fields that the form lets members see at this stage; never a masked one."""
    revision = dossier.accepted_revision
    assert revision is not None
    spec = dossier.edition.spec
    seen = {field.key for field in spec.form if ROLE in field.visible.get(STAGE, ())}
    lines = sheet(revision, full_record(revision), spec).lines
    return tuple(line for line in lines if line.key in seen and not line.masked)


@dataclass(frozen=True, slots=True)
class BallotLine:
    """One candidate on the ballot."""

    one: Candidate
    recused: bool


@dataclass(frozen=True, slots=True)
class BallotPage:
    """The round as its voter meets it."""

    round: Round
    title: str
    lines: tuple[BallotLine, ...]
    voter: Voter | None


def ballot_page(voting: Round | None, member: Member) -> BallotPage | None:
    """The ballot of the round that is open; None without one."""
    if voting is None:
        return None
    edition = voting.edition
    apart, people = recused_codes(member), {one.code: one for one in candidates_of(edition)}
    lines = tuple(BallotLine(people[code], code in apart) for code in voting.candidates if code in people)
    voter = Voter.objects.filter(round=voting, attendance__sat_by=member).first()
    return BallotPage(voting, title_labels(edition).get(voting.title, voting.title), lines, voter)


@dataclass(frozen=True, slots=True)
class BallotShown:
    """One ballot of a closed round on the list: fingerprint and whom it marks."""

    mark: str
    names: tuple[str, ...]


def shown_ballots(voting: Round) -> list[BallotShown]:
    """The ballots as they were counted, sorted by fingerprint."""
    names = {one.code: one.dossier.name for one in candidates_of(voting.edition)}
    order = {code: place for place, code in enumerate(voting.candidates)}
    return [
        BallotShown(mark, tuple(names.get(code, code) for code in sorted(codes, key=lambda code: order.get(code, 0))))
        for mark, codes in sorted(voting.ballots.items())
    ]


def own_rounds(edition: Edition, member: Member) -> list[Round]:
    """The ended secret rounds in which the member could vote, the newest first."""
    rows = Round.objects.filter(edition=edition, voters__attendance__sat_by=member).exclude(state=Round.State.OPEN)
    return list(rows.order_by("-pk"))


def seat_choices(meeting: Meeting, member: Member, names: dict[Any, str]) -> list[tuple[str, str]]:
    """The seats that a substitute may sit in: of the same body, and empty."""
    taken = set(Attendance.objects.filter(meeting=meeting).values_list("seat_id", flat=True))
    seats = Member.objects.filter(edition=member.edition, body=member.body, substitute=False, left_at__isnull=True)
    return [(str(one.pk), names.get(one.pk, str(one))) for one in seats if one.pk not in taken]
