"""The public notice is read by a city at once and changes seldom: each process keeps the page as written until something in it changes.

A reader costs one query, for the stamp, and no rendering. The stamp moves with every act on a notice or an entry, so what is struck or
corrected is so for the next reader; the words around it are written anew after `SECONDS`.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import connection
from django.http import Http404
from django.utils.translation import get_language

from jiangbang.notice.objection_days import today
from jiangbang.programme.models import Edition
from jiangbang.programme.queries import find_edition

SECONDS: Final = 30.0
# Pages of more editions and languages than any installation has.
_MOST: Final = 64
# Written out: building it from models takes three times as long as asking it. Two entries that change places change the sum.
_STAMP: Final = """
SELECT e.sha256,
  (SELECT MAX(n.published_at) FROM notice_notice n WHERE n.edition_id = e.id),
  (SELECT MAX(v.released_at) FROM notice_noticeversion v JOIN notice_notice n ON n.id = v.notice_id WHERE n.edition_id = e.id),
  (SELECT MAX(r.made_at) FROM notice_noticeredating r JOIN notice_notice n ON n.id = r.notice_id WHERE n.edition_id = e.id),
  (SELECT SUM(x.id * CASE x.state WHEN 'running' THEN 1 WHEN 'suspended' THEN 2 WHEN 'struck' THEN 3 ELSE 4 END)
     FROM notice_noticeentry x JOIN notice_notice n ON n.id = x.notice_id WHERE n.edition_id = e.id)
FROM programme_edition e WHERE e.programme = %s AND e.slug = %s
"""


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was written, and the tag by which a browser asks whether it has it already (RFC 9110, 8.8.3)."""

    content: bytes
    etag: str


@dataclass(frozen=True, slots=True)
class _Kept:
    stamp: tuple[Any, ...]
    day: date
    written: float
    edition: Edition
    page: Page


_kept: dict[tuple[str, str, str], _Kept] = {}


def stamp_of(programme: str, slug: str) -> tuple[Any, ...]:
    """Changes whenever the notices of the edition read otherwise. One query. Raises Http404 where there is no such edition."""
    with connection.cursor() as cursor:
        cursor.execute(_STAMP, [programme, slug])
        found: tuple[Any, ...] | None = cursor.fetchone()
    if found is None:
        raise Http404
    return found


def kept(programme: str, slug: str, write: Callable[[Edition], bytes]) -> Page:
    """The page as it was written last, in the reader's language; written anew where it may have changed."""
    key, stamp, now = (programme, slug, get_language() or ""), stamp_of(programme, slug), time.monotonic()
    found = _kept.get(key)
    # the stamp has the hash of the edition, so that the kept one tells the day as the stored one would
    if found and found.stamp == stamp and now - found.written < SECONDS and today(found.edition) == found.day:
        return found.page
    edition = find_edition(f"{programme}/{slug}")
    if edition is None:
        raise Http404
    content = write(edition)
    page = Page(content, f'"{hashlib.sha256(content).hexdigest()[:32]}"')
    if len(_kept) >= _MOST:
        _kept.clear()
    _kept[key] = _Kept(stamp, today(edition), now, edition, page)
    return page


def forget() -> None:
    """Write every page anew: for tests, whose editions take each other's numbers."""
    _kept.clear()
