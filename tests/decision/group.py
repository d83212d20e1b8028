"""A leading group that sits over a shortlist, without reviews and mails: rows of the earlier stages, acts of this one."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta

from consultation.asked import all_cleared
from django.utils import timezone
from review.panels import eligible_dossiers

from jiangbang.accounts import invitations
from jiangbang.accounts.models import User
from jiangbang.decision import ballots, group, meeting, voting
from jiangbang.decision.access import members_of, rules_of
from jiangbang.decision.models import Meeting, Member, Round
from jiangbang.decision.profiles import Profile
from jiangbang.kernel.ballot_box import new_slip
from jiangbang.nomination.models import Dossier
from jiangbang.programme.acts import document_hash
from jiangbang.programme.models import Edition
from jiangbang.review.models import Ranking, Reviewed, Shortlisted

# rules of a small group: three members, one substitute each
SMALL: dict[str, object] = {"bodies": ["甲会", "乙局", "丙局"], "members": 1, "substitutes": 1, "members_of": {}}


def shortlisted(edition: Edition, office: User, count: int, *, cleared: bool = True) -> list[Dossier]:
    """So many people on the shortlist, in the order of their names, with the codes D01, D02, …; `cleared` by every department."""
    people = eligible_dossiers(edition, office, count)
    now = timezone.now()
    ranking = Ranking.objects.create(
        edition=edition,
        number=1,
        method="mean",
        titles=1,
        nominees=1,
        seed=1,
        scores_csv="",
        result_csv="",
        computed_by=office,
        computed_at=now,
        published_by=office,
        published_at=now,
        taken_by=office,
        taken_at=now,
    )
    for rank, dossier in enumerate(people, 1):
        reviewed = Reviewed.objects.create(dossier=dossier, edition=edition, code=f"D{rank:02d}")
        Shortlisted.objects.create(ranking=ranking, reviewed=reviewed, rank=rank)
    if cleared:
        all_cleared(edition, office)
    return people


def ruled(edition: Edition, *, seats: dict[str, int] | None = None, **rules: object) -> Edition:
    """The edition with other rules for its leading group, and so many seats by title."""
    # a copy: the edition's cached values hold the document that is there
    document = deepcopy(edition.document)
    document["edition"]["decision"] = {**document["edition"]["decision"], **rules}
    for title in document["edition"]["title"]:
        title["seats"] = (seats or {}).get(title["key"], title.get("seats"))
    edition.document, edition.sha256 = document, document_hash(document)
    edition.save(update_fields=["document", "sha256"])
    return edition


def named(edition: Edition, office: User) -> list[Member]:
    """Every member and substitute whom the bodies may send."""
    for body in rules_of(edition).bodies:
        for number in range(body.members + body.substitutes):
            profile = Profile(f"{body.name}成员{number + 1}", "处长", "")
            group.name_member(edition, body.name, profile, substitute=number >= body.members, by=office)
    return list(members_of(edition).select_related("edition"))


def sitting(edition: Edition, office: User, *, there: int | None = None) -> Meeting:
    """A meeting that sits, with so many members in their own seats; all of them by default."""
    called = meeting.call_meeting(
        edition, begins_at=timezone.now() + timedelta(hours=1), place="三楼会议室", agenda="表决", by=office
    )
    meeting.open_meeting(called, by=office)
    for member in members_of(edition).filter(substitute=False)[:there]:
        meeting.record_presence(called, member, by=office)
    return Meeting.objects.select_related("edition").get(pk=called.pk)


def account_of(member: Member, office: User) -> User:
    """The account of a member, by an invitation as everybody has it."""
    _made, user = invitations.accept(group.invite_member(member, by=office))
    return user


def vote(opened: Round, member: Member, marks: str) -> str:
    """Let a member vote secretly: `marks` are codes with spaces between them. Returns the slip."""
    slip = new_slip()
    ballots.take_slip(opened, member, slip)
    ballots.put_ballot(opened, member, slip, marks.split())
    return slip


def held(sat: Meeting, marks: list[str], office: User) -> Round:
    """A whole secret round: whoever is present votes in the order of the seats."""
    opened = voting.open_round(sat, by=office)
    rows = sat.attendances.select_related("sat_by__edition").order_by("seat__number")
    for attendance, marked in zip(rows, marks, strict=True):
        vote(opened, attendance.sat_by, marked)
    return voting.close_round(opened, by=office)
