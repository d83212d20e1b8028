"""What the office's pages of the decision show, made ready for templates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiangbang.decision.access import current_meeting, members_of, rules_of, running_round
from jiangbang.decision.models import Attendance, Meeting, Member, Result, Round
from jiangbang.decision.planning import Planned, next_round
from jiangbang.decision.profiles import Profile, profile_of
from jiangbang.decision.resolving import Draft, Seated, share_sentence
from jiangbang.decision.standing import Candidate, candidates_of
from jiangbang.decision.voting import votes_in
from jiangbang.kernel.decision import DecisionSpec
from jiangbang.nomination.pages import label_of
from jiangbang.programme.models import Edition


def leaves(here: str) -> list[dict[str, Any]]:
    """The tabs of the decision."""
    steps = [
        ("decision_desk", _("Overview")),
        ("decision_members", _("Leading group")),
        ("decision_meeting", _("Meeting")),
        ("decision_rounds", _("Rounds")),
        ("decision_result", _("Result")),
    ]
    return [{"label": label, "href": reverse(name), "current": name == here, "count": None} for name, label in steps]


def title_labels(edition: Edition) -> dict[str, str]:
    """Titles by key in the reader's language."""
    return {title.key: label_of(title) for title in edition.spec.titles}


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One of the group. `account`: whether somebody has taken up the invitation."""

    member: Member
    profile: Profile
    account: bool


@dataclass(frozen=True, slots=True)
class BodyRows:
    """A body with whom it sends; how many are still to be named."""

    name: str
    rows: tuple[MemberRow, ...]
    members_left: int
    substitutes_left: int


def bodies_of(edition: Edition, rules: DecisionSpec, with_account: Iterable[str] = ()) -> list[BodyRows]:
    """The group by its bodies. One query."""
    group, known = list(members_of(edition)), set(with_account)
    found = []
    for body in rules.bodies:
        own = [one for one in group if one.body == body.name]
        rows = tuple(MemberRow(one, profile_of(one), str(one.pk) in known) for one in own)
        substitutes = sum(one.substitute for one in own)
        found.append(BodyRows(body.name, rows, body.members - len(own) + substitutes, body.substitutes - substitutes))
    return found


@dataclass(frozen=True, slots=True)
class SeatRow:
    """A member's seat in a meeting: who may sit in it, and who does."""

    seat: Member
    name: str
    attendance: Attendance | None
    sits: str
    # substitutes of the body who sit nowhere yet: key and name
    free: tuple[tuple[str, str], ...]

    @property
    def tone(self) -> str:
        if self.attendance is None:
            return "open"
        return "not_met" if self.attendance.gone_at else "met"

    @property
    def word(self) -> str:
        if self.attendance is None:
            return _("not here yet")
        if self.attendance.gone_at:
            return _("has left")
        return _("substitute") if self.attendance.sat_by.substitute else _("present")


def seats_of(edition: Edition, meeting: Meeting | None) -> list[SeatRow]:
    """Every seat of the group. Three queries."""
    group = list(members_of(edition))
    names = {one.pk: profile_of(one).name for one in group}
    rows = Attendance.objects.filter(meeting=meeting).select_related("sat_by") if meeting else []
    by_seat = {one.seat_id: one for one in rows}
    sitting = {one.sat_by_id for one in by_seat.values()}
    found = []
    for seat in (one for one in group if not one.substitute):
        there = by_seat.get(seat.pk)
        free = tuple(
            (str(one.pk), names[one.pk])
            for one in group
            if one.substitute and one.body == seat.body and one.pk not in sitting
        )
        sits = names.get(there.sat_by_id, "—") if there else ""
        found.append(SeatRow(seat, names[seat.pk], there, sits, free))
    return found


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many are here, how many belong, how many are needed; all exact."""

    present: int
    members: int
    needed: int

    @property
    def reached(self) -> bool:
        return self.members > 0 and self.present >= self.needed


def quorum_of(rules: DecisionSpec, seats: Sequence[SeatRow]) -> Quorum:
    """The quorum as it stands now."""
    members = len(seats)
    present = sum(one.attendance is not None and one.attendance.gone_at is None for one in seats)
    needed = next((number for number in range(members + 1) if rules.rules.has_quorum(number, members)), members)
    return Quorum(present, members, needed)


@dataclass(frozen=True, slots=True)
class VoteLine:
    """One candidate in a counted round. `share`: of those present, in whole percent, for the bar's width."""

    code: str
    name: str
    votes: int
    elected: bool
    tied: bool
    recused: int


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round as pages show it: while it is open only how many ballots are in."""

    round: Round
    title: str
    cast: int
    lines: tuple[VoteLine, ...]

    @property
    def outstanding(self) -> int:
        return self.round.present - self.cast

    @property
    def tone(self) -> str:
        return {Round.State.OPEN: "open", Round.State.CLOSED: "met"}.get(Round.State(self.round.state), "not_met")

    @property
    def needed(self) -> int:
        return int(self.round.outcome.get("needed", 0))


def rounds_of(edition: Edition) -> list[RoundRow]:
    """All rounds, the newest first. Two queries and one more while an open vote is held."""
    rows = list(Round.objects.filter(edition=edition).select_related("opened_by", "ended_by").order_by("-pk"))
    if not rows:
        return []
    names = {one.code: one.dossier.name for one in candidates_of(edition)}
    titles = title_labels(edition)
    return [round_row(one, names, titles.get(one.title, one.title)) for one in rows]


def round_row(one: Round, names: dict[str, str], title: str) -> RoundRow:
    elected, tied = set(one.elected), set(one.tied)
    lines = tuple(
        VoteLine(code, names.get(code, code), number, code in elected, code in tied, int(one.recused.get(code, 0)))
        for code, number in one.votes.items()
    )
    cast = votes_in(one) if one.state != Round.State.ANNULLED else 0
    return RoundRow(one, title, cast, lines)


@dataclass(frozen=True, slots=True)
class NextRound:
    """The round that comes next, in words."""

    planned: Planned
    title: str

    @property
    def sentence(self) -> str:
        seats = self.planned.seats
        counts = {"n": seats, "title": self.title, "people": len(self.planned.candidates)}
        if self.planned.runoff:
            said = ngettext(
                "Runoff among %(people)s equals for %(n)s seat of %(title)s.",
                "Runoff among %(people)s equals for %(n)s seats of %(title)s.",
                seats,
            )
        else:
            said = ngettext(
                "Round %(round)s for %(title)s: %(n)s seat, %(people)s candidates.",
                "Round %(round)s for %(title)s: %(n)s seats, %(people)s candidates.",
                seats,
            )
        return said % {**counts, "round": self.planned.counted}


def next_of(edition: Edition, rules: DecisionSpec) -> NextRound | None:
    planned = next_round(edition, rules)
    return NextRound(planned, title_labels(edition)[planned.title.key]) if planned else None


def rule_lines(rules: DecisionSpec) -> list[str]:
    """The rules of the group as sentences."""
    own, share = (
        rules.rules,
        {"quorum": rules.rules.quorum, "majority": rules.rules.majority, "n": rules.rules.most_rounds},
    )
    base = _("those present") if own.base == "present" else _("all members")
    majority = _("at least %(majority)s of %(base)s") if own.at_least else _("more than %(majority)s of %(base)s")
    said = [
        _("secret ballot") if rules.mode == "secret" else _("open vote"),
        _("quorum: %(quorum)s of the members") % share,
        _("majority: %(majority)s") % {"majority": majority % {**share, "base": base}},
        _("equals: runoff, in the last round the ranking")
        if own.ties == "runoff"
        else _("equals: the ranking decides"),
        ngettext("%(n)s round at most", "%(n)s rounds at most", own.most_rounds) % share,
        _("who recuses himself leaves the base of that candidate's majority")
        if rules.recused == "left_out"
        else _("who recuses himself still counts in the base of the majority"),
    ]
    return [str(one) for one in said]


@dataclass(frozen=True, slots=True)
class ResultTable:
    """One list of the result: of a title, of direct titles, or the reserve list."""

    title: str
    seats: int | None
    rows: tuple[Seated, ...]


def result_tables(edition: Edition, seated: Sequence[Seated]) -> list[ResultTable]:
    """The result by lists; the reserve list last."""
    found = []
    for title in edition.spec.titles:
        rows = tuple(one for one in seated if one.title == title.key and not one.reserve)
        if title.seats or rows:
            found.append(ResultTable(label_of(title), title.seats, rows))
    reserve = tuple(one for one in seated if one.reserve)
    return [*found, ResultTable(_("Reserve list"), None, reserve)] if reserve else found


def share_lines(draft: Draft) -> list[tuple[bool, str]]:
    """Each bound share: whether it is kept, and in words."""
    return [(one.holds, share_sentence(one)) for one in draft.shares]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the overview."""

    label: str
    href: str
    state: str
    sentence: str


def steps_of(edition: Edition) -> list[Step]:
    """How far the decision is."""
    rules, meeting = rules_of(edition), current_meeting(edition)
    candidates = candidates_of(edition)
    standing = sum(one.cleared for one in candidates)
    members = members_of(edition).filter(substitute=False).count()
    wanted = sum(body.members for body in rules.bodies)
    rounds = Round.objects.filter(edition=edition, state=Round.State.CLOSED).count()
    result = Result.objects.filter(edition=edition).first()
    named, met, voted = members >= wanted, meeting is not None, rounds and running_round(edition) is None

    def state(done: object, before: object) -> str:
        return "done" if done else "now" if before else "later"

    return [
        Step(
            _("Leading group"),
            reverse("decision_members"),
            state(named, True),
            _("%(n)s of %(all)s members are named.") % {"n": members, "all": wanted},
        ),
        Step(_("Meeting"), reverse("decision_meeting"), state(met, named), _meeting_sentence(meeting)),
        Step(
            _("Rounds"),
            reverse("decision_rounds"),
            state(result or (voted and next_round(edition, rules) is None), met),
            _standing_sentence(standing, len(candidates), rounds),
        ),
        Step(
            _("Result"),
            reverse("decision_result"),
            state(result, voted),
            _("Resolved: %(number)s.") % {"number": result.resolution} if result else _("Not resolved yet."),
        ),
    ]


def _meeting_sentence(meeting: Meeting | None) -> str:
    if meeting is None:
        return _("Not called yet.")
    return _("Meeting %(n)s: %(state)s.") % {"n": meeting.number, "state": meeting.get_state_display()}


def _standing_sentence(standing: int, listed: int, rounds: int) -> str:
    values = {"n": standing, "all": listed, "rounds": rounds}
    return _("%(n)s of %(all)s on the shortlist are cleared by the consultation; rounds counted: %(rounds)s.") % values


def cleared_word(one: Candidate) -> tuple[str, str]:
    """What the consultation says of a candidate: tone and word."""
    if one.withheld:
        return "not_met", _("not to be decided on")
    if one.cleared:
        return "met", _("cleared")
    if one.open:
        return "open", ngettext("%(n)s answer is out", "%(n)s answers are out", one.open) % {"n": one.open}
    return "open", _("a concern is open")
