"""The public notice is read by a city at once and changes seldom: each process keeps the page as written until something in it changes.

A reader costs two queries, for the edition and for the stamp, and no rendering. The stamp moves with every act on a notice or an entry,
so what is struck is gone for the next reader; what no stamp tells (a name that was corrected) after `SECONDS`.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Max, Q
from django.utils.translation import get_language

from jiangbang.notice.notice_models import NoticeEntry
from jiangbang.notice.objection_days import today
from jiangbang.programme.models import Edition

SECONDS: Final = 30.0
# Pages of more editions and languages than any installation has.
_MOST: Final = 64
_kept: dict[tuple[int, str], tuple[str, float, Page]] = {}


def stamp_of(edition: Edition) -> str:
    """Changes whenever the notices of the edition read otherwise. One query."""
    states = {state: Count("pk", filter=Q(state=state)) for state in NoticeEntry.State.values}
    rows = NoticeEntry.objects.filter(notice__edition=edition, notice__published_at__isnull=False)
    newest = {
        "newest": Max("pk"),
        "worded": Max("notice__versions__released_at"),
        "dated": Max("notice__redatings__made_at"),
    }
    found = rows.aggregate(last=Max("notice__published_at"), **newest, **states)
    return f"{edition.sha256}:{today(edition)}:{found}"


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was written, and the tag by which a browser asks whether it has it already (RFC 9110, 8.8.3)."""

    content: bytes
    etag: str


def kept(edition: Edition, write: Callable[[], bytes]) -> Page:
    """The page as it was written last, in the reader's language; written anew where it may have changed."""
    key, stamp, now = (edition.pk, get_language() or ""), stamp_of(edition), time.monotonic()
    found = _kept.get(key)
    if found is not None and found[0] == stamp and now - found[1] < SECONDS:
        return found[2]
    content = write()
    page = Page(content, f'"{hashlib.sha256(content).hexdigest()[:32]}"')
    if len(_kept) >= _MOST:
        _kept.clear()
    _kept[key] = (stamp, now, page)
    return page


def forget() -> None:
    """Write every page anew: for tests, whose editions take each other's numbers."""
    _kept.clear()
