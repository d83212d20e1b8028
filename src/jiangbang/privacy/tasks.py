"""What is done every night with personal data."""

from __future__ import annotations

from datetime import timedelta

from jiangbang.accounts.acts import console_account
from jiangbang.privacy.keeping import apply_periods
from jiangbang.programme.models import Edition
from jiangbang.queue.jobs import periodic


@periodic("privacy.apply_periods", every=timedelta(days=1), outside=True)
def apply_all_periods() -> None:
    """Erase what is over in every edition. Each kind is an act of its own: what was done when a worker died stays done."""
    for edition in Edition.objects.order_by("pk"):
        apply_periods(edition, by=console_account())
