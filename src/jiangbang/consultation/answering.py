"""How answers come back: signed in the browser by the department's contact, or from paper by two people of the office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.candidacy.attaching import SCANS, looked_at
from jiangbang.consultation import policy
from jiangbang.consultation.asking import LONGEST_REASON, lead, locked, reasoned
from jiangbang.consultation.models import Inquiry, Question, Reply
from jiangbang.consultation.sealing import seal_text, seal_values, values_of
from jiangbang.nomination import evidence
from jiangbang.nomination.models import StoredFile
from jiangbang.register.acts import Refused, act, record

ANSWERS: Final = (Question.Answer.NONE.value, Question.Answer.CONCERN.value)


@dataclass(frozen=True, slots=True)
class Given:
    """An answer about one person. `file`: the SHA-256 of a stored file that belongs to a concern."""

    answer: str
    reason: str = ""
    file: str = ""


def kept_file(upload: UploadedFile[Any]) -> str:
    """Store a picture or PDF that belongs to an answer; its SHA-256. Refused: `empty`, `too_large`, `wrong_kind`. Raises OSError."""
    seen, data = looked_at(upload, SCANS)
    assert seen.media_type is not None
    sha256 = evidence.keep_bytes(data)
    StoredFile.objects.get_or_create(pk=sha256, defaults={"size": len(data), "media_type": seen.media_type})
    return sha256


@act("consultation.answered")
def sign_answers(inquiry: Inquiry, given: Mapping[int, Given], *, name: str, by: User) -> Reply:
    """The department answers about some or all people of a letter; `given` by the questions' keys. What is signed stands.

    Refused: `permission`; `name`; `nothing`; `answered` where one of them has an answer already; `answer`; `no_reason` for a concern.
    """
    if not policy.may_answer(by, inquiry):
        raise Refused("permission", _("Only the department that was asked may answer."))
    locked(inquiry.edition)
    if not name.strip():
        raise Refused("name", _("Sign with your name."))
    reply = Reply(
        inquiry=inquiry,
        channel=Reply.Channel.WEB,
        state=Reply.State.COUNTS,
        entered_by=by,
        entered_at=timezone.now(),
    )
    concerns = _answer(inquiry, given)
    reply.sealed = seal_values(reply, {"name": name.strip()[:50]})
    reply.save(force_insert=True)
    _told(reply, len(given), concerns, by=by)
    return reply


@act("consultation.entered")
def enter_paper(inquiry: Inquiry, given: Mapping[int, Given], *, scan: str, by: User) -> Reply:
    """Enter what a department answered on paper; `scan`: the SHA-256 of the stored scan. It counts once a second person confirms it.

    Refused: `permission`; `no_scan`; `waits` where one is entered already; what `sign_answers` refuses.
    """
    lead(by, inquiry.edition)
    locked(inquiry.edition)
    if not scan:
        raise Refused("no_scan", _("Add the scan of the reply: the second person compares with it."))
    if Reply.objects.filter(inquiry=inquiry, state=Reply.State.ENTERED).exists():
        raise Refused("waits", _("A reply to this letter has been entered and waits for a second person."))
    _questions(inquiry, given)
    reply = Reply(
        inquiry=inquiry,
        channel=Reply.Channel.PAPER,
        state=Reply.State.ENTERED,
        scan_sha256=scan,
        entered_by=by,
        entered_at=timezone.now(),
    )
    reply.sealed = seal_values(reply, {str(pk): [one.answer, one.reason[:LONGEST_REASON]] for pk, one in given.items()})
    reply.save(force_insert=True)
    facts = {"department": inquiry.department, "count": len(given), "sha256": scan}
    record("consultation.entered", by=by, edition=inquiry.edition.key, subject=reply.subject, facts=facts)
    return reply


@act("consultation.answered")
def confirm_paper(reply: Reply, *, by: User) -> Reply:
    """Somebody else has compared what was entered with the scan: the answers count.

    Refused: `permission`; `same` for whoever entered it; `settled`; what `sign_answers` refuses.
    """
    reply = _waiting(reply, by=by)
    if reply.entered_by_id == by.pk:
        raise Refused("same", _("You entered this reply. Somebody else of the office compares it with the scan."))
    given = {int(pk): Given(*values) for pk, values in values_of(reply).items()}
    concerns = _answer(reply.inquiry, given)
    # what was entered stands in the questions now, under each person's own key
    reply.sealed = b""
    reply.state, reply.settled_by, reply.settled_at = Reply.State.COUNTS, by, timezone.now()
    reply.save(update_fields=["sealed", "state", "settled_by", "settled_at"])
    _told(reply, len(given), concerns, by=by)
    return reply


@act("consultation.rejected")
def reject_paper(reply: Reply, *, reason: str, by: User) -> Reply:
    """What was entered is not what the paper says: it never counts. Refused: `permission`; `settled`; `no_reason`."""
    reply = _waiting(reply, by=by)
    reply.reason = reasoned(reason)[:500]
    reply.sealed = b""
    reply.state, reply.settled_by, reply.settled_at = Reply.State.REJECTED, by, timezone.now()
    reply.save(update_fields=["sealed", "state", "settled_by", "settled_at", "reason"])
    facts = {"department": reply.inquiry.department}
    record("consultation.rejected", by=by, edition=reply.inquiry.edition.key, subject=reply.subject, facts=facts)
    return reply


def _waiting(reply: Reply, *, by: User) -> Reply:
    lead(by, reply.inquiry.edition)
    locked(reply.inquiry.edition)
    reply = Reply.objects.select_related("inquiry__edition").get(pk=reply.pk)
    if reply.state != Reply.State.ENTERED:
        raise Refused("settled", _("This reply has been settled already."))
    return reply


def _questions(inquiry: Inquiry, given: Mapping[int, Given]) -> list[Question]:
    """The questions that are answered, checked."""
    if not given:
        raise Refused("nothing", _("Nothing is answered yet. Choose an answer for at least one person."))
    rows = Question.objects.select_related("dossier__person").filter(inquiry=inquiry, pk__in=given)
    found = list(rows.order_by("position"))
    if len(found) != len(given):
        raise Refused("unknown", _("This letter does not ask about one of these people."))
    for question in found:
        one, person = given[question.pk], {"name": question.dossier.name}
        if question.answer != Question.Answer.OPEN:
            raise Refused("answered", _("There is an answer about %(name)s already, and it stands.") % person)
        if one.answer not in ANSWERS:
            raise Refused("answer", _("Choose an answer about %(name)s.") % person)
        if one.answer == Question.Answer.CONCERN:
            reasoned(one.reason, _("Write what the concern about %(name)s is.") % person)
    return found


def _answer(inquiry: Inquiry, given: Mapping[int, Given]) -> int:
    """Write the answers; how many concerns there are among them."""
    # by the edition's clock: the term for which an answer holds is counted by it
    now, concerns = inquiry.edition.now(), 0
    questions = _questions(inquiry, given)
    for question in questions:
        one = given[question.pk]
        question.answer, question.answered_at = one.answer, now
        if one.answer == Question.Answer.CONCERN:
            concerns += 1
            question.sealed_reason = seal_text(question, reasoned(one.reason))
            question.file_sha256 = one.file
    Question.objects.bulk_update(questions, ["answer", "answered_at", "sealed_reason", "file_sha256"])
    return concerns


def _told(reply: Reply, count: int, concerns: int, *, by: User) -> None:
    inquiry = reply.inquiry
    facts = {"department": inquiry.department, "count": count, "concerns": concerns, "channel": reply.channel}
    record("consultation.answered", by=by, edition=inquiry.edition.key, subject=inquiry.subject, facts=facts)
