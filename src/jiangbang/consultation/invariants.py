"""What must always hold of the consultation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import Count, F

from jiangbang.consultation.models import Inquiry, Question, Reply
from jiangbang.nomination.models import StoredFile
from jiangbang.register.invariant import Invariant, gaps, unsaid
from jiangbang.register.models import Entry

_ACTS: Final = "it was written past the acts: compare with the register, and restore from a backup"


def _miscounted() -> Iterator[str]:
    """Letters that ask about another number of people than the register says."""
    sent = Entry.objects.filter(type="consultation.sent").values_list("subject", "facts")
    said = {subject: facts["count"] for subject, facts in sent}
    rows = Inquiry.objects.annotate(many=Count("questions")).order_by()
    return (one.subject for one in rows.only("pk") if said.get(one.subject) != one.many)


def _unsigned() -> Iterator[str]:
    """Answers of a letter that nobody has signed."""
    signed = Reply.objects.filter(state=Reply.State.COUNTS).values("inquiry")
    rows = Question.objects.exclude(answer=Question.Answer.OPEN).exclude(inquiry__in=signed)
    return (one.subject for one in rows.only("pk"))


def _papers() -> Iterator[str]:
    known = StoredFile.objects.values("pk")
    rows = Reply.objects.filter(channel=Reply.Channel.PAPER).exclude(scan_sha256__in=known)
    return (one.subject for one in rows.only("pk"))


INVARIANTS: Final = (
    Invariant(
        "consultation.letters_numbered",
        "The letters to departments are numbered without a gap.",
        _ACTS,
        lambda: gaps(Inquiry.objects.all(), "sequence", "edition_id"),
    ),
    Invariant("consultation.letters_whole", "A letter asks about as many as the register says.", _ACTS, _miscounted),
    Invariant(
        "consultation.people_numbered",
        "The people of a letter are numbered without a gap.",
        _ACTS,
        lambda: gaps(Question.objects.all(), "position", "inquiry_id"),
    ),
    Invariant(
        "consultation.own_revision",
        "A letter asks about a revision of the dossier that it names.",
        _ACTS,
        lambda: Question.objects.exclude(revision__dossier=F("dossier")),
    ),
    Invariant(
        "consultation.answers_signed", "Every answer was signed, or confirmed by a second person.", _ACTS, _unsigned
    ),
    Invariant(
        "consultation.decisions_registered",
        "The register knows every decision on a concern.",
        _ACTS,
        lambda: unsaid(Question.objects.exclude(decision=""), "question", "consultation.decided"),
    ),
    Invariant(
        "consultation.papers_kept",
        "Every reply on paper has its scan.",
        "restore the files from the backup of the same day: jiangbang restore",
        _papers,
    ),
)
