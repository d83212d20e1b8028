"""What a received packet answers: later stages register what they wait for, so that none is imported here.

register_answer(answer_returns)      in an AppConfig.ready()
"""

from __future__ import annotations

from collections.abc import Callable

from jiangbang.accounts.models import User
from jiangbang.nomination.models import Packet

# Called inside the act that receives, once the packet's revisions are written.
Answer = Callable[[Packet, User], None]
_answers: list[Answer] = []


def register_answer(answer: Answer) -> None:
    """Let a stage see each packet that was received. Twice is once."""
    if answer not in _answers:
        _answers.append(answer)


def answered_by(packet: Packet, *, by: User) -> None:
    """Tell every stage that this packet was received."""
    for answer in _answers:
        answer(packet, by)
