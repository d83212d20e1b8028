"""What the stage of the notice keeps."""

from __future__ import annotations

from jiangbang.notice.notice_models import Notice, NoticeEntry
from jiangbang.notice.objection_models import Objection, ObjectionFile, SpentPuzzle

__all__ = ["Notice", "NoticeEntry", "Objection", "ObjectionFile", "SpentPuzzle"]
