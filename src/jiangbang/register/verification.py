"""Checking the register: every row, the tree over them, the signed head, and the checkpoint kept outside the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from jiangbang.kernel import merkle, notes
from jiangbang.register.keys import kept_checkpoint, signer
from jiangbang.register.models import UNREADABLE, Entry, Head


@dataclass(slots=True)
class Report:
    """What verification found. `problems` are sentences in the active language; none means that the register is whole."""

    size: int = 0
    root: str = ""
    checkpoint: str = ""
    problems: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return not self.problems

    def as_json(self) -> dict[str, Any]:
        return {
            "whole": self.whole,
            "size": self.size,
            "root": self.root,
            "checkpoint": self.checkpoint,
            "problems": self.problems,
        }


# After so many altered rows the rest is not listed one by one.
LISTED_PROBLEMS = 20


def verify_register(progress: Callable[[int, int], None] | None = None) -> Report:
    """Recompute the whole tree from the rows. Reads each row once, in order; memory does not grow with the register.

    Detects rows that were altered, deleted, inserted, reordered or cut off at the end, a head that was edited or not signed with
    the installation's key, and a database rolled back behind the checkpoint kept in the home.
    """
    report = Report()
    # The order matters while others go on writing: first what may be oldest. The file is written after the rows it covers, and
    # only the rows that the head counts are read.
    outside = _outside(report)
    head = Head.objects.filter(pk=1).first()
    if head is None:
        report.problems.append(_("The register has no head: the row was deleted."))
        return report
    frontier = merkle.Frontier(0, ())
    rows = Entry.objects.filter(index__lt=head.size).order_by("index").iterator(chunk_size=2000)
    try:
        for entry in rows:
            if outside is not None and frontier.size == outside.size:
                _compare(report, outside, frontier)
            frontier = frontier.append(_look_at(report, entry, frontier.size))
            if progress and frontier.size % 1000 == 0:
                progress(frontier.size, head.size)
    except UNREADABLE as error:
        unreadable = _(
            "Entry %(index)s, or one behind it, cannot be read: what stands there was not written by an act (%(error)s)."
        )
        _add(report, unreadable % {"index": frontier.size, "error": error})
    report.size, report.root, report.checkpoint = frontier.size, frontier.root().hex(), head.checkpoint
    if outside is not None and frontier.size == outside.size:
        _compare(report, outside, frontier)
    if outside is not None and outside.size > frontier.size:
        cut = _(
            "The register was cut: the checkpoint kept outside the database counts %(signed)s entries, "
            "the database holds %(held)s."
        )
        _add(report, cut % {"signed": outside.size, "held": frontier.size})
    _check_head(report, head, frontier)
    surplus = Entry.objects.filter(index__gte=head.size).count()
    if surplus and Head.objects.filter(pk=1, size=head.size).exists():
        behind = _("%(count)s rows stand behind the head: they were not appended by an act.")
        _add(report, behind % {"count": surplus})
    return report


def _look_at(report: Report, entry: Entry, place: int) -> bytes:
    """The leaf hash of the row at this place, computed anew."""
    if entry.index != place:
        missing = _("Entry %(index)s is missing; the next row is %(next)s.")
        _add(report, missing % {"index": place, "next": entry.index})
    if not entry.is_as_signed():
        altered = _("Entry %(index)s (%(type)s) was altered: its content does not match its hash.")
        _add(report, altered % {"index": entry.index, "type": entry.type})
    return entry.computed_hash()


def _outside(report: Report) -> notes.Checkpoint | None:
    note = kept_checkpoint()
    if note is None:
        return None
    try:
        return notes.parse_checkpoint(notes.open_note(note, [signer().verifier]))
    except (notes.NoteError, ValueError) as error:
        unsigned = _("The checkpoint kept outside the database is not rightly signed: %(error)s")
        _add(report, unsigned % {"error": error})
        return None


def _compare(report: Report, outside: notes.Checkpoint, frontier: merkle.Frontier) -> None:
    if outside.root != frontier.root():
        others = _(
            "The first %(count)s entries are not the ones that were signed: "
            "the tree over them differs from the checkpoint kept outside the database."
        )
        _add(report, others % {"count": outside.size})


def _check_head(report: Report, head: Head, frontier: merkle.Frontier) -> None:
    if head.size != frontier.size:
        counts = _("The head counts %(counted)s entries, the database holds %(held)s.")
        _add(report, counts % {"counted": head.size, "held": frontier.size})
    if not head.size and not head.checkpoint:
        return
    try:
        signed = notes.parse_checkpoint(notes.open_note(head.checkpoint, [signer().verifier]))
    except (notes.NoteError, ValueError) as error:
        unsigned = _("The head is not rightly signed: %(error)s")
        _add(report, unsigned % {"error": error})
        return
    if (signed.size, signed.root) != (frontier.size, frontier.root()):
        another = _("The signed head is of %(count)s entries and another tree than the one in the database.")
        _add(report, another % {"count": signed.size})
    elif head.frontier != [node.hex() for node in frontier.hashes]:
        _add(report, _("The head's hashes are not those of the tree that it signs: nothing more could be added to it."))


def _add(report: Report, problem: str) -> None:
    if len(report.problems) < LISTED_PROBLEMS:
        report.problems.append(problem)
