"""A rehearsed decision: a leading group, its meeting, secret rounds by everybody's own preference, the resolution; all through the acts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Final, Literal

from jiangbang.accounts import invitations
from jiangbang.accounts.models import Role, User
from jiangbang.decision import ballots, group, meeting, resolving, voting
from jiangbang.decision.access import members_of, rules_of
from jiangbang.decision.models import Meeting, Member, Result, Round
from jiangbang.decision.planning import next_round
from jiangbang.decision.profiles import Profile
from jiangbang.kernel.ballot_box import new_slip
from jiangbang.programme.models import Edition
from jiangbang.rehearsal import words

Until = Literal["resolved", "voting"]

POSTS: Final = ("党组成员", "副主任", "副局长", "处长", "副主席")
AGENDA: Final = "一、听取专业评审和征求意见情况汇报\n二、审议候选人材料\n三、表决并形成决议"
PLACE: Final = "市总工会三楼会议室"


def rehearse_decision(
    edition: Edition, *, by: User, seed: int, say: Callable[[str], object], until: Until = "resolved"
) -> Result | None:
    """Let a synthetic leading group meet and vote. One member is replaced by a substitute, one recuses himself from the first candidate.
    The account `member` of a demonstration gets the first seat. `until` voting: the first round stays open, for a page at work.

    Raises Refused where a stage before it is not through.
    """
    dice = Random(f"jiangbang decision {seed}")  # noqa: S311 — a rehearsal
    members = _named(edition, dice, by=by)
    say(f"{len(members)} people belong to the leading group.")
    sat = _sitting(edition, members, by=by)
    opened = voting.open_round(sat, by=by)
    if until == "voting":
        _vote(opened, sat, dice, leave=3)
        return None
    while True:
        _vote(opened, sat, dice)
        opened = voting.close_round(opened, by=by)
        say(f"Round {opened.number} for {opened.title}: {len(opened.elected)} elected, {opened.seats} seats.")
        if next_round(edition) is None:
            break
        opened = voting.open_round(sat, by=by)
    draft = resolving.draft_of(edition)
    reason = "部分名额未达到规定票数，予以空缺。" if draft.empty or not draft.kept else ""
    result = resolving.resolve_result(edition, reason=reason, by=by)
    meeting.close_meeting(sat, by=by)
    say(f"{result.resolution}: {result.places.filter(reserve=False).count()} places resolved.")
    return result


def _named(edition: Edition, dice: Random, *, by: User) -> list[Member]:
    """Everybody whom the bodies may send; each takes up the invitation."""
    demonstration = User.objects.filter(
        username="member", memberships__role=Role.MEMBER, memberships__edition=edition.key
    ).first()
    for body in rules_of(edition).bodies:
        for number in range(body.members + body.substitutes):
            name = dice.choice(words.SURNAMES) + dice.choice(words.GIVEN_SECOND) + dice.choice(words.GIVEN_MALE)
            profile = Profile(name, dice.choice(POSTS))
            group.name_member(edition, body.name, profile, substitute=number >= body.members, by=by)
    members = list(members_of(edition).select_related("edition"))
    for place, member in enumerate(members):
        invitations.accept(group.invite_member(member, by=by), as_user=demonstration if place == 0 else None)
    return members


def _sitting(edition: Edition, members: list[Member], *, by: User) -> Meeting:
    """The meeting sits: everybody is here but one, for whom a substitute sits; one recuses himself from the first candidate."""
    seats = [one for one in members if not one.substitute]
    called = meeting.call_meeting(
        edition, begins_at=edition.now() + timedelta(hours=1), place=PLACE, agenda=AGENDA, by=by
    )
    meeting.open_meeting(called, by=by)
    away = seats[-1]
    for seat in seats:
        stand_in = next((one for one in members if one.substitute and one.body == seat.body), None)
        if seat == away and stand_in is not None:
            meeting.record_presence(called, stand_in, seat=seat, by=by)
        else:
            meeting.record_presence(called, seat, by=by)
    planned = next_round(edition)
    if planned is not None and len(seats) > 1:
        group.recuse_member(seats[1], planned.candidates[0].dossier, kind="employer", reason="曾在同一单位任职", by=by)
    return Meeting.objects.select_related("edition").get(pk=called.pk)


def _vote(opened: Round, sat: Meeting, dice: Random, *, leave: int = 0) -> None:
    """Whoever is here votes by his own preference: near the ranking, with a will of his own. The first `leave` have not voted yet."""
    rows = list(sat.attendances.filter(gone_at__isnull=True).select_related("sat_by__edition").order_by("seat__number"))
    spread = max(1.0, opened.seats / 5)
    for attendance in rows[leave:]:
        member = attendance.sat_by
        apart = ballots.recused_codes(member)
        liking = {
            code: place + dice.gauss(0, spread) for place, code in enumerate(opened.candidates) if code not in apart
        }
        marks = sorted(liking, key=liking.__getitem__)[: opened.seats]
        slip = new_slip()
        ballots.take_slip(opened, member, slip)
        ballots.put_ballot(opened, member, slip, marks)
