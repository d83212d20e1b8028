"""Dossiers that the office gives back to a unit: what is to be mended, until when; and how the answer differs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.candidacy.acts import take_back
from jiangbang.candidacy.drafts import REMARK, write_answer
from jiangbang.candidacy.models import Candidacy
from jiangbang.kernel.vault import Erased
from jiangbang.nomination.contacts import address_of, contacts_of
from jiangbang.nomination.dossiers import full_record, subject_of
from jiangbang.nomination.models import Dossier, Packet, Revision
from jiangbang.outbox.acts import post_message
from jiangbang.outbox.addresses import absolute
from jiangbang.papers.normalise import clean_text
from jiangbang.recommendation import policy
from jiangbang.recommendation.models import Return
from jiangbang.register.acts import Refused, act, nothing_changed, record

MAX_ITEMS = 20
MAX_ITEM = 300


@act("dossier.returned", "candidacy.returned")
def return_dossier(dossier: Dossier, items: Sequence[str], *, due: datetime, by: User) -> Return:
    """Give a dossier back to its unit: it waits for correction until it is submitted again, and the clean revision it had is kept.

    The unit's contacts are written to. A candidacy of the unit's workspace goes back into the candidate's and the unit's hands. `due`
    (aware) may lie after the deadline.

    Refused: `permission`; `superseded`; `returned` already; `nothing` to mend; `too_long`; `due` when it has gone by.
    """
    dossier = (
        Dossier.objects.select_for_update(of=("self",))
        .select_related("edition", "person", "revision__person")
        .get(pk=dossier.pk)
    )
    if not policy.may_return(by, dossier.edition):
        raise Refused("permission", _("You may not return dossiers in this edition."))
    if dossier.state in (Dossier.State.SUPERSEDED, Dossier.State.ERASED) or dossier.revision is None:
        raise Refused("superseded", _("Another dossier has taken the place of this one."))
    if dossier.returns.filter(answer__isnull=True).exists():
        raise Refused("returned", _("This dossier has been returned already and was not answered yet."))
    wanted = _wanted(items)
    if due <= dossier.edition.now():
        raise Refused("due", _("Give a day that is still to come."))
    made = Return(
        dossier=dossier,
        person=dossier.person,
        revision=dossier.revision,
        due=due,
        returned_by=by,
        returned_at=timezone.now(),
    )
    made.sealed = subject_of(dossier.person).seal(json.dumps(wanted, ensure_ascii=False).encode(), _aad(dossier))
    made.save()
    dossier.state, dossier.updated_at = Dossier.State.WAITING, made.returned_at
    dossier.save(update_fields=["state", "updated_at"])
    facts = {"revision": dossier.revision.number, "items": len(wanted), "due": due.isoformat(timespec="seconds")}
    record("dossier.returned", by=by, edition=dossier.edition.key, subject=dossier.subject, facts=facts)
    for candidacy in _candidacies(dossier):
        _into_their_hands(candidacy, wanted, due, by=by)
    _tell_unit(made, wanted, by=by)
    return made


def _wanted(items: Sequence[str]) -> list[str]:
    wanted = [text for item in items if (text := clean_text(item.replace("\0", "")))]
    if not wanted:
        raise Refused("nothing", _("Say what is to be mended, one thing in each line."))
    if len(wanted) > MAX_ITEMS or max(map(len, wanted)) > MAX_ITEM:
        raise Refused(
            "too_long",
            _("At most %(items)s things of %(length)s characters each.") % {"items": MAX_ITEMS, "length": MAX_ITEM},
        )
    return wanted


def _candidacies(dossier: Dossier) -> Iterable[Candidacy]:
    rows = Candidacy.objects.select_for_update(of=("self",)).select_related("edition", "person")
    return rows.filter(dossier=dossier, state__in=(Candidacy.State.SUBMITTED, Candidacy.State.WITH_UNIT))


def _into_their_hands(candidacy: Candidacy, wanted: Sequence[str], due: datetime, *, by: User) -> None:
    before, candidacy.mend_until = candidacy.state, due
    take_back(candidacy, Candidacy.State.RETURNED)
    remark = {"text": "\n".join(wanted), "from": "office", "at": timezone.now().isoformat()}
    write_answer(candidacy, REMARK, remark, by=by)
    facts = {"unit": candidacy.unit_code, "state": before, "sender": "office"}
    record("candidacy.returned", by=by, edition=candidacy.edition.key, subject=candidacy.subject, facts=facts)


def items_of(made: Return) -> list[str]:
    """What was to be mended; nothing where the person was erased. Raises VaultError."""
    try:
        plain: list[str] = json.loads(subject_of(made.person).unseal(bytes(made.sealed), _aad(made.dossier)))
    except Erased:
        return []
    return plain


def answer_return(dossier: Dossier, revision: Revision, *, by: User) -> None:
    """The open return of a dossier, if there is one, is answered by this revision. Called inside the submitting act."""
    made = dossier.returns.select_for_update().filter(answer__isnull=True).select_related("revision").first()
    if made is None:
        return
    made.answer = revision
    made.save(update_fields=["answer"])
    facts = {"revision": revision.number, "returned_revision": made.revision.number, "packet": revision.packet.number}
    record("dossier.answered", by=by, edition=dossier.edition.key, subject=dossier.subject, facts=facts)


@act("dossier.answered")
def answer_returns(packet: Packet, by: User) -> None:
    """Every open return that a received packet answers: its dossier has a revision in it that is clean. One query where none is open.

    So a unit that answers by file or mail has answered, too.
    """
    clean = packet.revisions.exclude(dossier__state=Dossier.State.WAITING).select_related("dossier__edition", "packet")
    found = list(clean.filter(dossier__returns__answer__isnull=True, dossier__returns__isnull=False).distinct())
    for revision in found:
        answer_return(revision.dossier, revision, by=by)
    if not found:
        nothing_changed()


def _tell_unit(made: Return, wanted: Sequence[str], *, by: User) -> None:
    """Write to each contact of the unit what is to be mended, and until when."""
    edition, dossier = made.dossier.edition, made.dossier
    for contact in contacts_of(edition).filter(unit_code=dossier.unit_code):
        with translation.override("zh-hans"):
            post_message(
                "dossier.returned",
                to=address_of(contact, edition),
                name=contact.name,
                edition=edition.key,
                context={
                    "edition": edition.label,
                    "unit": edition.spec.unit(dossier.unit_code).name,
                    "name": contact.name,
                    "candidate": dossier.name,
                    "items": "\n".join(f"{number}. {item}" for number, item in enumerate(wanted, 1)),
                    "due": edition.deadline.clock(made.due),
                    "link": absolute(reverse("unit_desk")),
                },
                by=by,
            )


def late_reason(made: Return) -> str:
    """Why a corrected packet is taken after the deadline: the office asked for it, until a day."""
    return _("returned for correction until %(due)s") % {"due": made.dossier.edition.deadline.clock(made.due)}


@dataclass(frozen=True, slots=True)
class Change:
    """One field that the answer changed: its key, and both values as the record has them."""

    key: str
    before: Any
    after: Any


def changes_of(made: Return) -> list[Change]:
    """What differs between the revision that was found wanting and the one that answers it, in the order of the form."""
    if made.answer is None:
        return []
    before, after = full_record(made.revision), full_record(made.answer)
    return [Change(key, before.get(key), value) for key, value in after.items() if value != before.get(key)]


def _aad(dossier: Dossier) -> bytes:
    return b"return:" + dossier.pk.bytes
