"""Files that a browser sends: into the evidence storage, then into the queue."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.nomination import acts, evidence, policy
from jiangbang.nomination.models import Intake
from jiangbang.papers.limits import LIMITS
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused

CHUNK = 1024 * 1024


def bring_upload(
    upload: UploadedFile[Any],
    *,
    edition: Edition,
    by: User,
    unit_code: str = "",
    late_reason: str = "",
    arrived_at: datetime | None = None,
) -> Intake:
    """Store what was sent and put it into the queue. Refused: `permission`, `too_large`, `empty`. Raises OSError (disk full)."""
    if not policy.may_bring(by, edition, unit_code):
        raise Refused("permission", _("You may not receive packets in this edition."))
    size, name = upload.size or 0, upload.name or "packet"
    if size == 0:
        raise Refused("empty", _("%(name)s is empty. Nothing was received.") % {"name": name})
    if size > LIMITS.total:
        raise Refused("too_large", _("%(name)s is larger than 1 GB. Split it and bring the parts.") % {"name": name})
    sha256 = _keep(upload)
    return acts.bring_packet(
        edition=edition,
        file_name=name,
        sha256=sha256,
        size=size,
        unit_code=unit_code,
        channel="web",
        by=by,
        late_reason=late_reason,
        arrived_at=arrived_at,
    )


def moment_of_arrival(request: HttpRequest) -> datetime:
    """When the server had the whole of what a request sends: reading its files reads it to the last byte."""
    request.FILES.getlist("")
    return timezone.now()


def _keep(upload: UploadedFile[Any]) -> str:
    if not isinstance(upload, TemporaryUploadedFile):
        return evidence.keep_bytes(upload.read())
    digest = hashlib.sha256()
    for chunk in upload.chunks(CHUNK):
        digest.update(chunk)
    sha256 = digest.hexdigest()
    evidence.keep_file(Path(upload.temporary_file_path()), sha256)
    return sha256
