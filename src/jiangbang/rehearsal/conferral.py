"""A rehearsed conferral: the notice ends, the undisturbed hold their titles, things are handed over; all through the acts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from jiangbang.accounts.models import User
from jiangbang.conferral.award_models import Award
from jiangbang.conferral.conferring import confer, hand_over
from jiangbang.conferral.issuers import current_key, make_issuer_key
from jiangbang.conferral.queries import rules_of
from jiangbang.notice.notice_models import Notice
from jiangbang.notice.publishing import end_notice
from jiangbang.programme.models import Edition
from jiangbang.rehearsal.clock import stand_at


def rehearse_conferral(notice: Notice, *, by: User, say: Callable[[str], object]) -> Edition:
    """Let the notice run out, end it, confer, and hand everything over to the first half. Raises Refused where nobody stood."""
    assert notice.last_day is not None
    edition = notice.edition
    days = (notice.last_day - edition.now().astimezone(edition.zone).date()).days + 1
    edition = stand_at(edition, edition.now() + timedelta(days=max(days, 0)), by=by)
    notice = Notice.objects.select_related("edition").get(pk=notice.pk)
    end_notice(notice, by=by)
    rehearse_key(edition, by=by)
    awards = confer(edition, by=by)
    for award in awards[: len(awards) // 2]:
        for item in rules_of(edition).handed_over:
            hand_over(award, item, by=by)
    say(f"{Award.objects.filter(edition=edition).count()} people hold titles.")
    return edition


def rehearse_key(edition: Edition, *, by: User) -> None:
    """A key that signs the certificates of the edition's year, where there is none."""
    today = edition.now().astimezone(edition.zone).date()
    if current_key(today) is None:
        make_issuer_key("演练办公室", date(today.year, 1, 1), date(today.year, 12, 31), by=by)
