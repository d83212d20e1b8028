"""What is asked of the register."""

from __future__ import annotations

import contextlib

from django.db.models import QuerySet

from jiangbang.register.models import UNREADABLE, Entry, Head


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


def present_leaves() -> tuple[str, list[bytes]]:
    """The signed checkpoint, and the leaf hashes of the entries that it counts, computed anew; they end where a row cannot be read."""
    signed = head()
    hashes: list[bytes] = []
    rows = Entry.objects.filter(index__lt=signed.size).order_by("index").iterator(chunk_size=2000)
    with contextlib.suppress(*UNREADABLE):
        hashes.extend(entry.computed_hash() for entry in rows)
    return signed.checkpoint, hashes
