"""What the stage of the notice keeps."""

from __future__ import annotations

from jiangbang.notice.notice_models import Notice, NoticeEntry, NoticeRedating, NoticeVersion
from jiangbang.notice.objection_models import Objection, ObjectionFile, SpentPuzzle
from jiangbang.notice.site_models import SitePage

__all__ = [
    "Notice",
    "NoticeEntry",
    "NoticeRedating",
    "NoticeVersion",
    "Objection",
    "ObjectionFile",
    "SitePage",
    "SpentPuzzle",
]
