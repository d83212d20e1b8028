"""The letters of a case by GB/T 9704: the inquiry to the unit, and the answer to the objector."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from jiangbang.notice.objection_case import identity_of, said
from jiangbang.notice.objection_models import Objection
from jiangbang.papers.letters import letter
from jiangbang.papers.paper import Head, Paper
from jiangbang.screening.letters import office_of

INQUIRY: Final = "异议核查函"
ANSWER: Final = "异议答复函"


def inquiry(found: Objection) -> Paper | None:
    """The letter that puts the question to the unit; it says nothing of who objects. None before the unit is asked."""
    if found.asked_at is None or found.reply_due_on is None:
        return None
    dossier, edition = found.entry.dossier, found.edition
    unit = edition.spec.unit(dossier.unit_code).name
    text = "\n".join(
        (
            f"{edition.name}公示期间，我单位收到对你单位推荐的{dossier.name}同志的异议。现就有关情况函请核查：",
            *(line for line in said(found, "question").splitlines() if line.strip()),
            f"请于{_day(found.reply_due_on)}前书面答复，并附证明材料。核查中请注意保密，不得打听、追查异议人。",
        )
    )
    return _letter(
        f"关于核查{dossier.name}同志\n有关情况的函",
        text,
        found,
        to=unit,
        kind=INQUIRY,
        on=found.asked_at.astimezone(edition.zone).date(),
    )


def answer(found: Objection) -> Paper | None:
    """The answer to the objector, by name. None before he is answered."""
    if found.answered_at is None or found.source == Objection.Source.ANONYMOUS:
        return None
    who = identity_of(found)
    to = who.unit if found.source == Objection.Source.UNIT and who.unit else who.name
    day = found.answered_at.astimezone(found.edition.zone).date()
    return _letter(f"关于{found.number}的答复", said(found, "answer"), found, to=to, kind=ANSWER, on=day)


PAPERS: Final[Mapping[str, Callable[[Objection], Paper | None]]] = {"inquiry": inquiry, "answer": answer}


def proposed_answer(found: Objection) -> str:
    """The answer as the decision suggests it, for the handler to edit."""
    name = found.entry.dossier.name
    if found.state == Objection.State.UPHELD:
        end = f"经核查，您反映的情况属实，{name}同志已从公示名单中取消。"
    elif found.state == Objection.State.REJECTED:
        end = f"经核查，您反映的情况不足以影响对{name}同志的审定，公示继续进行。"
    else:
        return ""
    return f"您于{_day(found.counted_on)}对{name}同志提出的异议（{found.number}）收悉。{end}感谢您对认定工作的监督。"


def _letter(title: str, text: str, found: Objection, *, to: str, kind: str, on: date) -> Paper:
    office = office_of(found.edition)["office"]
    head = Head((office,), "letter")
    return letter(title, text, kind=kind, number=found.number, to=to, head=head, signed=(office,), day=_day(on))


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
