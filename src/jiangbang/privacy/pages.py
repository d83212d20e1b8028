"""What the pages of personal data show, made ready."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiangbang.accounts.models import User
from jiangbang.candidacy.models import Attachment, DraftField
from jiangbang.nomination.models import DeclaredFact, Dossier, Revision
from jiangbang.nomination.pages import label_of
from jiangbang.nomination.read_models import SensitiveRead
from jiangbang.outbox.models import Message
from jiangbang.privacy.models import Erasure
from jiangbang.privacy.scope import Scope
from jiangbang.programme.models import Edition
from jiangbang.screening.models import Note

# The kinds by which erasing counts.
KINDS = {
    "accounts": gettext_lazy("accounts"),
    "answers": gettext_lazy("answers of drafts"),
    "archives": gettext_lazy("archive packages"),
    "facts": gettext_lazy("declared facts"),
    "files": gettext_lazy("files"),
    "lines": gettext_lazy("lines of notices"),
    "messages": gettext_lazy("messages"),
    "packets": gettext_lazy("packets"),
    "revisions": gettext_lazy("revisions"),
    "texts": gettext_lazy("notes and reasons"),
}
# The newest; older ones stand in the register.
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class ErasureRow:
    """One erasure as the desk shows it."""

    erasure: Erasure
    name: str
    dossier: Any
    counted: tuple[tuple[Any, int], ...]
    may_confirm: bool


def erasure_rows(edition: Edition, reader: User) -> list[ErasureRow]:
    """The erasures that were asked in this edition, those that wait first. Two queries."""
    found = list(Erasure.objects.filter(edition=edition).select_related("asked_by", "decided_by")[:_SHOWN])
    of_person: dict[Any, Dossier] = {}
    for dossier in Dossier.objects.filter(person__in=[one.person_id for one in found]).only("person_id", "name"):
        of_person.setdefault(dossier.person_id, dossier)
    rows = [
        ErasureRow(
            one,
            of_person[one.person_id].name if one.person_id in of_person else "",
            of_person[one.person_id].pk if one.person_id in of_person else None,
            counted(one),
            one.state == Erasure.State.ASKED and one.asked_by_id != reader.pk,
        )
        for one in found
    ]
    return sorted(rows, key=lambda row: row.erasure.state != Erasure.State.ASKED)


@dataclass(frozen=True, slots=True)
class Look:
    """One look as pages show it, in words."""

    dossier: Any
    name: str
    what: str
    who: str
    at: Any


def what_words(edition: Edition) -> dict[str, str]:
    """What may be looked at: the fields of the form by label, and the papers."""
    papers = {
        "form": _("form"),
        "roster": _("roster"),
        "original": _("form as received"),
        "evidence": _("evidence"),
        "list": _("list of a department"),
    }
    return {one.key: label_of(one) for one in edition.spec.form} | papers


def looks_shown(dossiers: list[Any], edition: Edition) -> list[Look]:
    """The newest looks at these dossiers (by key). One query."""
    rows = SensitiveRead.objects.filter(dossier__in=dossiers).select_related("reader").order_by("-at", "-pk")
    words = what_words(edition)
    return [Look(one.dossier_id, "", words.get(one.what, one.what), str(one.reader), one.at) for one in rows[:_SHOWN]]


def looks_listed(found: Iterable[SensitiveRead], edition: Edition) -> list[Look]:
    """Looks with their people, for the data officer's list. The rows' dossier and reader should be at hand."""
    words = what_words(edition)
    return [
        Look(one.dossier_id, one.dossier.name, words.get(one.what, one.what), str(one.reader), one.at) for one in found
    ]


def counted(erasure: Erasure) -> tuple[tuple[Any, int], ...]:
    """What was erased, in words."""
    return tuple((KINDS.get(key, key), value) for key, value in sorted(erasure.counts.items()))


def kept_of(scope: Scope) -> list[tuple[str, int]]:
    """How much is kept of a person, kind by kind. Six queries."""
    ids, drafts = [one.pk for one in scope.dossiers], [one.pk for one in scope.candidacies]
    return [
        (_("Dossiers"), len(ids)),
        (_("Revisions"), Revision.objects.filter(dossier__in=ids).count()),
        (_("Declared facts"), DeclaredFact.objects.filter(dossier__in=ids).count()),
        (_("Notes of the screening"), Note.objects.filter(dossier__in=ids).count()),
        (_("Answers of drafts"), DraftField.objects.filter(candidacy__in=drafts).count()),
        (_("Files"), Attachment.objects.filter(candidacy__in=drafts).count()),
        (_("Messages by name"), Message.objects.filter(edition__in=scope.editions, name__in=scope.names).count()),
    ]
