"""Comparing with the lists as work of the queue: after a list came or went, and for dossiers that came since."""

from __future__ import annotations

from datetime import timedelta

from jiangbang.accounts.models import User
from jiangbang.programme.models import Edition
from jiangbang.programme.queries import find_edition
from jiangbang.queue.jobs import job, periodic
from jiangbang.screening.lists import COMPARE
from jiangbang.screening.lists_comparing import compare
from jiangbang.screening.lists_models import NameList

EVERY = timedelta(minutes=2)


@job(COMPARE, outside=True)
def compare_with_lists(edition: str, by: int) -> None:
    """Compare the edition's dossiers, in the name of whoever brought the lists into force or out of it."""
    found, person = find_edition(edition), User.objects.filter(pk=by, is_active=True).first()
    if found is not None and person is not None:
        compare(found, by=person)


@periodic("lists.keep_up", every=EVERY, outside=True)
def keep_up() -> None:
    """Compare dossiers that came, or changed, since: in the name of whoever put the newest list in force."""
    for edition in Edition.objects.filter(pk__in=NameList.objects.values("edition")):
        newest = NameList.objects.filter(edition=edition, state=NameList.State.IN_FORCE).order_by("-imported_at")
        name_list = newest.select_related("imported_by").first()
        if name_list is not None and name_list.imported_by is not None and name_list.imported_by.is_active:
            compare(edition, by=name_list.imported_by)
