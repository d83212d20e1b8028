"""What the stage of the notice keeps."""

from __future__ import annotations

from jiangbang.notice.notice_models import Notice, NoticeEntry, NoticeVersion
from jiangbang.notice.objection_models import Objection, ObjectionFile, SpentPuzzle
from jiangbang.notice.site_models import SitePage

__all__ = ["Notice", "NoticeEntry", "NoticeVersion", "Objection", "ObjectionFile", "SitePage", "SpentPuzzle"]
