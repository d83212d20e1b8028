"""What may happen to a round of voting: opened, closed and counted, annulled; and a vote given by name."""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiangbang.accounts.models import User
from jiangbang.decision.access import members_of, rules_of, running_round
from jiangbang.decision.ballots import allowed_marks, key_of, locked_round, new_key, own_voter
from jiangbang.decision.group import lead, locked
from jiangbang.decision.models import Attendance, Meeting, Member, MemberRecusal, OpenBallot, Result, Round, Voter
from jiangbang.decision.planning import Planned, next_round
from jiangbang.kernel.ballot_box import Box
from jiangbang.kernel.decision import DecisionSpec
from jiangbang.kernel.voting import Outcome, count
from jiangbang.register.acts import Refused, act, record
from jiangbang.register.canonical import canonical_json


@act("round.opened")
def open_round(meeting: Meeting, *, by: User) -> Round:
    """Open the round that comes next by the rules. Whoever is present now, and nobody else, votes in it.

    Refused: `permission`; `not_sitting`; `exists` while another is open; `decided` after the resolution; `complete` when nothing is left to
    vote on; `no_quorum`, with the numbers.
    """
    edition = locked(meeting.edition)
    meeting = Meeting.objects.get(pk=meeting.pk)
    lead(by, edition)
    if meeting.state != Meeting.State.SITTING:
        raise Refused("not_sitting", _("The meeting does not sit. The office opens it."))
    if running_round(edition) is not None:
        raise Refused("exists", _("A round is open. Close or annul it first."))
    if Result.objects.filter(edition=edition).exists():
        raise Refused("decided", _("The result has been resolved: nothing is voted on any more."))
    rules = rules_of(edition)
    planned = next_round(edition, rules)
    if planned is None:
        raise Refused("complete", _("Nothing is left to vote on: the seats are filled, or the rounds used up."))
    there = list(Attendance.objects.filter(meeting=meeting, gone_at__isnull=True).order_by("seat__number"))
    members = members_of(edition).filter(substitute=False).count()
    if not rules.rules.has_quorum(len(there), members):
        raise Refused("no_quorum", quorum_sentence(rules, len(there), members))
    made = _written(meeting, planned, rules, there, members, by)
    Voter.objects.bulk_create(Voter(round=made, attendance=one) for one in there)
    facts = {
        "title": made.title,
        "number": made.number,
        "mode": made.mode,
        "seats": made.seats,
        "candidates": len(made.candidates),
        "group": members,
        "present": made.present,
    }
    record("round.opened", by=by, edition=edition.key, subject=made.subject, facts=facts)
    return made


def quorum_sentence(rules: DecisionSpec, present: int, members: int) -> str:
    """Why there is no quorum, in numbers."""
    needed = next((number for number in range(members + 1) if rules.rules.has_quorum(number, members)), members)
    return _("There is no quorum: %(present)s of %(members)s members are here, %(needed)s are needed.") % {
        "present": present,
        "members": members,
        "needed": needed,
    }


def _written(
    meeting: Meeting, planned: Planned, rules: DecisionSpec, there: list[Attendance], members: int, by: User
) -> Round:
    edition = meeting.edition
    last = Round.objects.filter(edition=edition, title=planned.title.key).aggregate(last=Max("number"))["last"] or 0
    made = Round.objects.create(
        meeting=meeting,
        edition=edition,
        title=planned.title.key,
        number=last + 1,
        mode=rules.mode,
        seats=planned.seats,
        candidates=[one.code for one in planned.candidates],
        members=members,
        present=len(there),
        recused=_recused(planned, there),
        ties=planned.ties,
        opened_by=by,
        opened_at=timezone.now(),
    )
    if made.mode == Round.Mode.SECRET:
        made.sealed_key, made.box = new_key(made, secrets.token_bytes(32)), Box().to_bytes()
        made.save(update_fields=["sealed_key", "box"])
    return made


def _recused(planned: Planned, there: list[Attendance]) -> dict[str, int]:
    """How many of those present recused themselves from each candidate; nobody is left out."""
    codes = {one.dossier.pk: one.code for one in planned.candidates}
    rows = MemberRecusal.objects.filter(member__in=[one.sat_by_id for one in there], dossier__in=codes)
    return dict(sorted(Counter(codes[pk] for pk in rows.values_list("dossier_id", flat=True)).items()))


@act("vote.cast")
def cast_vote(voting: Round, member: Member, marks: Iterable[str], *, by: User) -> OpenBallot:
    """Give one's vote in an open round, by name. Final.

    Refused: `not_open`; `mode` in a secret round; `not_voter`; `voted`; `unknown`, `too_many`, `recused` marks.
    """
    voting = locked_round(voting)
    if voting.mode != Round.Mode.OPEN:
        raise Refused("mode", _("This round is secret: it is voted in with a slip."))
    voter = own_voter(voting, member)
    if voter.served:
        raise Refused("voted", _("Your vote has been given. It cannot be changed."))
    chosen = allowed_marks(voting, member, marks)
    made = OpenBallot.objects.create(voter=voter, marks=sorted(chosen), cast_at=timezone.now())
    Voter.objects.filter(pk=voter.pk).update(served=True)
    facts = {"title": voting.title, "number": voting.number, "count": len(chosen)}
    record("vote.cast", by=by, edition=voting.edition.key, subject=voting.subject, facts=facts)
    return made


@act("round.closed")
def close_round(voting: Round, *, reason: str = "", by: User) -> Round:
    """Close the round and count it. The key is destroyed; fingerprints and marks stay for the voters to look at.

    Refused: `permission`; `not_open`; `outstanding` while ballots are out, unless a reason is given (they then count as abstentions);
    `impossible` when somebody has more votes than there are people who might give one.
    """
    locked(voting.edition)
    voting = locked_round(voting)
    lead(by, voting.edition)
    cast = votes_in(voting)
    if cast < voting.present and not reason.strip():
        raise Refused("outstanding", outstanding_sentence(voting.present - cast))
    voting.ballots = _opened(voting)
    voting.outcome = _outcome_data(_counted(voting))
    voting.state, voting.reason = Round.State.CLOSED, reason.strip()[:500]
    voting.sealed_key = voting.box = b""
    voting.ended_by, voting.ended_at = by, timezone.now()
    voting.save()
    facts = {
        "title": voting.title,
        "number": voting.number,
        "cast": cast,
        "present": voting.present,
        "elected": len(voting.elected),
        "tied": len(voting.tied),
        "sha256": hashlib.sha256(published(voting)).hexdigest(),
        "reason": voting.reason,
    }
    record("round.closed", by=by, edition=voting.edition.key, subject=voting.subject, facts=facts)
    return voting


def outstanding_sentence(number: int) -> str:
    """How many ballots are out, and what closing now means."""
    sentence = ngettext(
        "%(number)s ballot is not in. Wait, or give the reason why it counts as an abstention.",
        "%(number)s ballots are not in. Wait, or give the reason why they count as abstentions.",
        number,
    )
    return sentence % {"number": number}


@act("round.annulled")
def annul_round(voting: Round, *, reason: str, by: User) -> None:
    """Throw the round away unopened: nobody ever learns what was voted in it. It is voted again.

    Refused: `permission`; `not_open`; `no_reason`.
    """
    locked(voting.edition)
    voting = locked_round(voting)
    lead(by, voting.edition)
    if not reason.strip():
        raise Refused("no_reason", _("Give the reason: it stands in the register."))
    voting.state, voting.reason = Round.State.ANNULLED, reason.strip()[:500]
    voting.sealed_key = voting.box = b""
    voting.ended_by, voting.ended_at = by, timezone.now()
    voting.save()
    facts = {"title": voting.title, "number": voting.number, "reason": voting.reason}
    record("round.annulled", by=by, edition=voting.edition.key, subject=voting.subject, facts=facts)


def votes_in(voting: Round) -> int:
    """How many ballots are in: all that is told of a round that is open."""
    if voting.state == Round.State.CLOSED and voting.mode == Round.Mode.SECRET:
        return len(voting.ballots)
    if voting.mode == Round.Mode.OPEN:
        return OpenBallot.objects.filter(voter__round=voting).count()
    return Box.from_bytes(bytes(voting.box)).cast if voting.box else 0


def published(voting: Round) -> bytes:
    """The ballots of a closed round as the register's hash covers them: fingerprints and marks, or in an open round nothing more than
    the votes by voter."""
    if voting.mode == Round.Mode.SECRET:
        return canonical_json(voting.ballots)
    rows = OpenBallot.objects.filter(voter__round=voting).order_by("voter_id").values_list("voter_id", "marks")
    return canonical_json({str(voter): marks for voter, marks in rows})


def _opened(voting: Round) -> dict[str, list[str]]:
    if voting.mode == Round.Mode.OPEN:
        return {}
    opened = Box.from_bytes(bytes(voting.box)).open(key_of(voting))
    return {mark: sorted(marks) for mark, marks in sorted(opened.items())}


def _counted(voting: Round) -> Outcome:
    rules = rules_of(voting.edition)
    ballots: list[list[str]] = list(voting.ballots.values())
    if voting.mode == Round.Mode.OPEN:
        ballots = list(OpenBallot.objects.filter(voter__round=voting).values_list("marks", flat=True))
    try:
        return count(
            ballots,
            candidates=voting.candidates,
            seats=voting.seats,
            present=voting.present,
            members=voting.members,
            rules=replace(rules.rules, ties="order" if voting.ties == "order" else "runoff"),
            recused=voting.recused if rules.recused == "left_out" else None,
        )
    except ValueError:
        sentence = _(
            "These ballots cannot be: somebody has votes that nobody might give. Annul the round and vote again."
        )
        raise Refused("impossible", sentence) from None


def _outcome_data(outcome: Outcome) -> dict[str, Any]:
    return {
        "votes": [list(pair) for pair in outcome.votes],
        "needed": outcome.needed,
        "quorum": outcome.quorum,
        "elected": list(outcome.elected),
        "tied": list(outcome.tied),
        "seats_left": outcome.seats_left,
    }
