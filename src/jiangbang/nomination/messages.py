"""The templates of the recommendation stage, where the outbox finds them."""

from __future__ import annotations

from jiangbang.nomination.mailbox_messages import NOTHING_RECEIVED, RESULTS
from jiangbang.nomination.quota_messages import HELD
from jiangbang.nomination.reminder_messages import INCOMPLETE, NOT_STARTED, ONE_DAY, THREE_DAYS

__all__ = ["HELD", "INCOMPLETE", "NOTHING_RECEIVED", "NOT_STARTED", "ONE_DAY", "RESULTS", "THREE_DAYS"]
