"""Mails as the acts get them, and people who send them."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Membership, Role, User
from jiangbang.nomination.mailbox_acts import FoundMail, KeptFile, Place
from jiangbang.nomination.mailbox_senders import Decision
from jiangbang.papers.mail import Letter

SENDER = "office@union.example"
UNIT = "330108"
ARRIVED = datetime(2023, 3, 20, 1, 12, 40, tzinfo=UTC)


def contact(unit: str = UNIT, address: str = SENDER) -> User:
    """An account of a unit with this address."""
    user = create_account(f"{unit}-{address}"[:100], role=Role.UNIT, password=None)
    User.objects.filter(pk=user.pk).update(email=address)
    Membership.objects.filter(user=user).update(scope=unit)
    return user


def told(**changes: Any) -> dict[str, Any]:
    letter = {
        "sender": SENDER,
        "sender_name": "张三",
        "subject": "滨江+数字工匠推荐",
        "sent": None,
        "references": ["<0@union.example>"],
        "answerable": True,
        **changes,
    }
    return {"letter": letter, "attachments": [], "remarks": []}


def found(number: int = 1, *, packets: int = 1, decision: Decision | None = None, **changes: Any) -> FoundMail:
    """A mail with packets whose bytes differ by number."""
    kept = tuple(
        KeptFile(f"{at}.zip", hashlib.sha256(f"{number} {at}".encode()).hexdigest(), 9) for at in range(packets)
    )
    values: dict[str, Any] = {
        "place": Place("box", 7, number),
        "sha256": hashlib.sha256(f"mail {number}".encode()).hexdigest(),
        "size": 99,
        "message_id": f"<{number}@union.example>",
        "contents": hashlib.sha256(f"contents {number}".encode()).hexdigest(),
        "arrived_at": ARRIVED,
        "packets": kept,
        "decision": decision or Decision("taken", unit=UNIT, answer=True),
        "told": told(),
    }
    return FoundMail(**{**values, **changes})


def letter(**changes: Any) -> Letter:
    return Letter(**{"sender": SENDER, "subject": "材料", "message_id": "<1@x>", "answerable": True, **changes})
