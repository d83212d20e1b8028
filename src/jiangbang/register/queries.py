"""What is asked of the register."""

from __future__ import annotations

from django.db.models import QuerySet

from jiangbang.register.models import Entry, Head


def head() -> Head:
    """The tree's head as it stands."""
    return Head.objects.get(pk=1)


def entries(*, edition: str | None = None, subject: str | None = None) -> QuerySet[Entry]:
    """Entries, newest first, of one edition or of one subject."""
    found = Entry.objects.order_by("-index")
    if edition is not None:
        found = found.filter(edition=edition)
    if subject is not None:
        found = found.filter(subject=subject)
    return found
