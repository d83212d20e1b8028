"""What the addresses of the consultation lead to in the access matrix: a letter, an answer on paper that waits, a concern with a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from jiangbang.consultation import answering, asking
from jiangbang.consultation.answering import Given
from jiangbang.consultation.models import Question
from jiangbang.nomination import evidence
from jiangbang.nomination.models import StoredFile

if TYPE_CHECKING:
    from access_places import Arguments, Stage

PAGE = b"%PDF-1.4\n%%EOF\n"


def consultation_places(stage: Stage) -> dict[str, Arguments]:
    """Uses the shortlist of the decision's places."""
    edition, office = stage.edition, stage.cast.organiser
    kept = evidence.keep_bytes(PAGE)
    StoredFile.objects.get_or_create(pk=kept, defaults={"size": len(PAGE), "media_type": "application/pdf"})
    letter = asking.send_inquiry(edition, "公安", by=office)
    asked = letter.questions.get()
    reply = answering.enter_paper(letter, {asked.pk: Given("none")}, scan=kept, by=office)
    other = asking.send_inquiry(edition, "发改（信用）", by=office)
    concern = other.questions.get()
    Question.objects.filter(pk=concern.pk).update(answer="concern", file_sha256=kept, answered_at=timezone.now())
    stage.scopes["department"] = "公安"
    stage.sent |= {"consultation_decide": {"to": "cleared", "reason": "x"}}
    of_letter: Arguments = {"pk": letter.pk}
    return {
        **{f"consultation_{name}": of_letter for name in ("inquiry", "password", "enter", "answer", "sign")},
        "consultation_letter": {"pk": letter.pk, "kind": "docx"},
        "consultation_own_letter": {"pk": letter.pk, "kind": "docx"},
        "consultation_category": {"pk": asked.dossier_id},
        **{f"consultation_{name}": {"pk": reply.pk} for name in ("settle", "scan")},
        **{f"consultation_{name}": {"pk": concern.pk} for name in ("decide", "file")},
    }
