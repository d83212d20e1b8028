"""What must always hold of archives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from jiangbang.archive.archiving import MAKE, file_of
from jiangbang.archive.models import Archive
from jiangbang.queue.models import Job
from jiangbang.register.invariant import Invariant, unlike

State = Archive.State
_AGAIN: Final = "order the archive again on its page"


def _lost() -> Iterator[str]:
    """Archives whose file is not there, or of another size."""
    for one in Archive.objects.filter(state=State.MADE):
        path = file_of(one)
        if not path.is_file() or path.stat().st_size != one.size:
            yield one.subject


def _stranded() -> Iterator[str]:
    work = Job.objects.filter(name=MAKE, state__in=(Job.State.WAITING, Job.State.RUNNING))
    coming = set(work.values_list("key", flat=True))
    return (one.subject for one in Archive.objects.filter(state=State.ORDERED) if one.subject not in coming)


def _made() -> Iterator[tuple[object, int]]:
    return ((pk, 1) for pk in Archive.objects.values_list("pk", flat=True))


INVARIANTS: Final = (
    Invariant("archive.file_there", "The file of every archive lies in the home, whole.", _AGAIN, _lost),
    Invariant("archive.on_its_way", "Every ordered archive has work waiting to make it.", _AGAIN, _stranded),
    Invariant(
        "archive.registered",
        "The register knows the order of every archive, once.",
        _AGAIN,
        lambda: unlike(_made(), "archive", "archive.ordered"),
    ),
)
