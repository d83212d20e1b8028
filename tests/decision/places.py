"""What the addresses of the decision lead to in the access matrix: a meeting that sits, a round that ended, a member of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from jiangbang.decision import group, meeting
from jiangbang.decision.models import Round
from jiangbang.decision.profiles import Profile
from jiangbang.nomination.models import Dossier
from jiangbang.review.models import Ranking, Reviewed, Shortlisted

if TYPE_CHECKING:
    from access_places import Arguments, Stage


def decision_places(stage: Stage) -> dict[str, Arguments]:
    """Uses the ranking and the dossier of the review's places."""
    edition, office, now = stage.edition, stage.cast.organiser, timezone.now()
    ranking, reviewed = Ranking.objects.get(), Reviewed.objects.get()
    Ranking.objects.update(taken_by=office, taken_at=now)
    Shortlisted.objects.create(ranking=ranking, reviewed=reviewed, rank=1)
    dossier = Dossier.objects.get(pk=reviewed.dossier_id)
    member = group.name_member(edition, "市经信局", Profile("金委员"), substitute=False, by=office)
    other = group.name_member(edition, "市科技局", Profile("科委员"), substitute=False, by=office)
    called = meeting.call_meeting(edition, begins_at=now + timedelta(hours=1), place="三楼", agenda="表决", by=office)
    meeting.open_meeting(called, by=office)
    there = meeting.record_presence(called, other, by=office)
    ended = Round.objects.create(
        meeting=called, edition=edition, title="craftsman", number=1, state="closed", mode="secret", seats=1,
        candidates=["D001"], members=2, present=1, ties="order", opened_by=office, opened_at=now, ended_by=office, ended_at=now,
    )  # fmt: skip
    stage.scopes["member"] = str(member.pk)
    stage.sent |= {
        "decision_present": {"seat": str(member.pk)},
        "decision_member_recuse": {"code": "D001", "kind": "other", "reason": "x"},
    }
    of_member: Arguments = {"pk": member.pk}
    of_round: Arguments = {"pk": ended.pk}
    of_candidate: Arguments = {"pk": dossier.pk}
    return {
        **{f"decision_member_{name}": of_member for name in ("invite", "remove", "recuse")},
        "decision_absent": {"pk": there.pk},
        "decision_round_end": of_round,
        "decision_check": of_round,
        "decision_candidate": of_candidate,
        "decision_recuse": of_candidate,
        "decision_paper": {"paper": "minutes", "kind": "docx"},
    }
