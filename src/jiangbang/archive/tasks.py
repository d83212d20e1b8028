"""Making an ordered archive, outside any request."""

from __future__ import annotations

from collections.abc import Callable

from jiangbang.archive.archiving import MAKE, file_of, note_archive, note_failure
from jiangbang.archive.building import build_archive
from jiangbang.archive.models import Archive
from jiangbang.queue.jobs import job
from jiangbang.register.acts import Refused

# Whoever waits sees so many files go by at a time.
_STEP = 25


def _given_up(*, reason: str, archive: int) -> None:  # noqa: ARG001 — the reason may quote a path
    found = Archive.objects.filter(pk=archive, state=Archive.State.ORDERED).select_related("ordered_by").first()
    if found is not None:
        note_failure(found, "", by=found.ordered_by)


@job(MAKE, outside=True, max_attempts=3, given_up=_given_up)
def make(archive: int) -> Callable[[], None] | None:
    """Build the file beside its place and move it there whole; the register is told in the transaction that ends the job."""
    found = Archive.objects.select_related("edition", "ordered_by").filter(pk=archive).first()
    if found is None or found.state != Archive.State.ORDERED:
        return None
    place, order = file_of(found), Archive.objects.filter(pk=archive)
    draft = place.with_suffix(".part")
    try:
        built = build_archive(
            found.edition, draft, progress=lambda done: None if done % _STEP else order.update(files=done)
        )
    except Refused as refusal:
        sentence = str(refusal)
        return lambda: note_failure(found, sentence, by=found.ordered_by)
    draft.replace(place)
    return lambda: note_archive(found, built, by=found.ordered_by)
