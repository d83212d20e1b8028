"""What stands in the decision stage."""

from jiangbang.decision.ballot_models import OpenBallot, Round, Voter
from jiangbang.decision.group_models import Attendance, Meeting, Member, MemberRecusal
from jiangbang.decision.result_models import Place, Result

__all__ = [
    "Attendance",
    "Meeting",
    "Member",
    "MemberRecusal",
    "OpenBallot",
    "Place",
    "Result",
    "Round",
    "Voter",
]
