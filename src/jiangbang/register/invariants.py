"""What must always hold of the register itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.contrib.auth import get_user_model
from django.db.models import Max

from jiangbang.kernel import notes
from jiangbang.register.entry_types import ENTRY_TYPES
from jiangbang.register.invariant import Invariant
from jiangbang.register.keys import kept_checkpoint, signer
from jiangbang.register.models import Entry, Head
from jiangbang.register.verification import verify_register

_CALL: Final = "stop working and call the auditor: jiangbang register verify"
_RESTORE: Final = "the database is older than the home: restore both from one backup"


def _size() -> int:
    head = Head.objects.filter(pk=1).first()
    return head.size if head is not None else -1


def _uncounted() -> Iterator[str]:
    counted, held = _size(), Entry.objects.count()
    if counted != held:
        yield f"the head counts {counted}, the table holds {held}"


def _skipped() -> Iterator[str]:
    held, last = Entry.objects.count(), Entry.objects.aggregate(last=Max("index"))["last"]
    if held and last != held - 1:
        yield f"{held} entries, the last is {last}"


def _misheaded() -> Iterator[str]:
    head = Head.objects.filter(pk=1).first()
    if head is None or not head.size:
        return
    try:
        signed = notes.parse_checkpoint(notes.open_note(head.checkpoint, [signer().verifier]))
    except (notes.NoteError, ValueError) as error:
        yield str(error)
        return
    if signed.size != head.size:
        yield f"signed for {signed.size} entries, the head counts {head.size}"


def _ahead() -> Iterator[str]:
    note = kept_checkpoint()
    if note is None:
        return
    try:
        kept = notes.parse_checkpoint(notes.open_note(note, [signer().verifier]))
    except (notes.NoteError, ValueError) as error:
        yield str(error)
        return
    if kept.size > (held := _size()):
        yield f"kept for {kept.size} entries, the head counts {held}"


def _strangers() -> Iterator[str]:
    known = {f"user:{pk}" for pk in get_user_model().objects.values_list("pk", flat=True)}
    return (actor for actor in Entry.objects.values_list("actor", flat=True).distinct() if actor not in known)


INVARIANTS: Final = (
    Invariant(
        "register.whole",
        "Every entry has the content that its hash says, and the tree over them is the signed one.",
        _CALL,
        lambda: verify_register().problems,
    ),
    Invariant("register.counted", "The head counts as many entries as there are.", _CALL, _uncounted),
    Invariant("register.no_gap", "Entries are numbered from 0 without a gap.", _CALL, _skipped),
    Invariant("register.head_signed", "The head is signed with the house's key, for its own size.", _CALL, _misheaded),
    Invariant(
        "register.checkpoint_behind",
        "The checkpoint kept outside the database is never ahead of it.",
        _RESTORE,
        _ahead,
    ),
    Invariant(
        "register.types_known",
        "Every entry is of a type of the closed list.",
        "the data is of a newer release than this program: install that release",
        lambda: Entry.objects.exclude(type__in=ENTRY_TYPES).values_list("type", flat=True).distinct(),
    ),
    Invariant("register.actors_known", "Whoever an entry names as its actor has an account.", _CALL, _strangers),
)
