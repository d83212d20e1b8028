"""What the addresses of objections lead to in the access matrix: a case that office and discipline office have, and the unit's question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notice.cases import FACTS, WHO, Pair, taken

from jiangbang.notice import objection_handling as handling
from jiangbang.notice.notice_models import NoticeEntry
from jiangbang.notice.objection_files import Sent
from jiangbang.notice.objection_filing import Statement, file_objection, public_account
from jiangbang.notice.objection_queries import objectable

if TYPE_CHECKING:
    from access_places import Arguments, Stage


def objection_places(stage: Stage) -> dict[str, Arguments]:
    """Uses the notice of the notice's places."""
    people = Pair(stage.cast.organiser, stage.cast.discipline)
    entry: NoticeEntry = objectable(stage.edition)[0]
    sent = Sent("x.pdf", "application/pdf", b"%PDF-1.7")
    found, _secret = file_objection(entry, Statement("person", WHO, FACTS, [sent]), by=public_account())
    found = handling.admit_objection(taken(found, people), identified=True, specific=True, by=people.handler)
    found = handling.ask_unit(found, question="请核实。", by=people.handler)
    public: Arguments = {"programme": stage.edition.programme, "slug": stage.edition.slug}
    case: Arguments = {"pk": found.pk}
    return {
        "objection_form": public,
        "objection_follow": public,
        "objection_case": case,
        "objection_reveal": case,
        "objection_step": {**case, "what": "answer"},
        "objection_file": {**case, "file": found.files.get().pk},
        "objection_paper": {**case, "paper": "inquiry", "kind": "docx"},
        "unit_inquiry_reply": case,
    }
