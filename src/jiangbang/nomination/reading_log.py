"""Noting looks at what is sensitive. One insert, however many people a list shows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from jiangbang.accounts.models import User
from jiangbang.nomination.read_models import SensitiveRead


def note_reads(dossiers: Iterable[Any], what: str, *, by: User) -> None:
    """Note that somebody opens `what` of these dossiers (by key). Call before it is shown."""
    now = timezone.now()
    rows = [SensitiveRead(dossier_id=pk, reader=by, what=what, at=now) for pk in dossiers]
    SensitiveRead.objects.bulk_create(rows, batch_size=500)
