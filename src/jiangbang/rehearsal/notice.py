"""A rehearsed public notice: prepared by one, published by another, standing for two days, with objections; all through the acts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from jiangbang.accounts.models import User
from jiangbang.notice import publishing
from jiangbang.notice.notice_models import Notice
from jiangbang.programme.models import Edition
from jiangbang.rehearsal.clock import stand_at
from jiangbang.rehearsal.objections import rehearse_objections


def rehearse_notice(edition: Edition, *, by: User, publisher: User, seed: int, say: Callable[[str], object]) -> Notice:
    """Publish the notice of a decided edition at the moment at which it stands, go two days on, and let people object.

    Raises Refused where nothing is decided, or `publisher` is who prepares.
    """
    notice = publishing.publish_notice(publishing.prepare_notice(edition, by=by), by=publisher)
    say(f"{notice.entries.count()} people stand before the public until {notice.last_day}.")
    edition = stand_at(edition, edition.now() + timedelta(days=2), by=by)
    rehearse_objections(edition, by=by, seed=seed, say=say)
    return Notice.objects.select_related("edition").get(pk=notice.pk)
