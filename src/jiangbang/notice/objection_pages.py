"""What the pages of a case show, and to whom."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.kernel.objections import Flaw
from jiangbang.notice import policy
from jiangbang.notice.objection_case import file_name, said
from jiangbang.notice.objection_days import stands_until, today
from jiangbang.notice.objection_models import Objection
from jiangbang.notice.objection_papers import proposed_answer

State = Objection.State


def leaves(current: str) -> list[dict[str, object]]:
    """The pages of the room, as tabs."""
    tabs = (
        ("objection_list", _("Cases")),
        ("objection_enter", _("Enter a letter or call")),
        ("objection_numbers", _("Figures")),
    )
    return [{"label": label, "href": reverse(name), "current": name == current, "count": None} for name, label in tabs]


def flaw_words(flaws: str) -> list[str]:
    """Why a case was not admitted, in words."""
    words: dict[Flaw, str] = {
        "late": _("It came after the notice had ended."),
        "anonymous": _("Nobody says who objects: it is kept, but not pursued."),
        "vague": _("It names no fact that could be looked into."),
    }
    return [words[flaw] for flaw in words if flaw in flaws.split()]


def case_context(found: Objection, user: User) -> dict[str, Any]:
    """A case as this person may see it. To who does not have it: how far it is, and whether he may take it."""
    has = policy.may_handle_objection(user, found)
    context: dict[str, Any] = {
        "leaves": leaves(""),
        "objection": found,
        "edition": found.edition,
        "entry": found.entry,
        "has": has,
        "handles": has and found.handler_id == user.pk,
        "decides": has and found.decider_id == user.pk,
        "may_take": _may_take(found, user),
        "related": policy.is_related(user, found),
        "today": today(found.edition),
        "last_day": stands_until(found.entry),
        "in_time": found.counted_on <= stands_until(found.entry),
        "flaws": flaw_words(found.flaws),
        "decided": found.state in (State.UPHELD, State.REJECTED),
    }
    if has:
        context |= {part: said(found, part) for part in ("facts", "reason", "question", "reply", "finding", "answer")}
        rows = list(found.files.all())
        context["files"] = [(row, file_name(row)) for row in rows if not row.of_reply]
        context["reply_files"] = [(row, file_name(row)) for row in rows if row.of_reply]
        context["proposed_answer"] = proposed_answer(found)
    return context


def _may_take(found: Objection, user: User) -> bool:
    free = found.handler_id is None or (found.decider_id is None and found.handler_id != user.pk)
    undecided = found.state in (State.RECEIVED, State.ADMITTED, State.PROPOSED)
    return free and undecided and not policy.is_related(user, found)
