"""Erasing a person: asked by one, confirmed by another. The person's key is destroyed, and what stood in clear is taken out.

The register is not touched: its entries hold salted commitments and numbers of rows, and the salt went with the key.
"""

from __future__ import annotations

from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.nomination.models import Person
from jiangbang.privacy.models import Erasure
from jiangbang.privacy.policy import may_ask_erasure, may_decide_erasure
from jiangbang.privacy.reach import STEPS
from jiangbang.privacy.scope import Scope, hindrances, scope_of
from jiangbang.privacy.traces import erase_messages, erase_notices, erase_packets, size_of
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, record

LONGEST: Final = 120
# Traces first: they look for the words that the steps take away.
_TRACES: Final = (erase_packets, erase_messages, erase_notices)


@act("erasure.asked")
def ask_erasure(edition: Edition, person: Person, *, ground: str, paper: str, by: User) -> Erasure:
    """Ask that everything of a person be erased, in every edition; `paper` says where her request lies.

    Refused: `permission`; `ground` unknown; `paper` missing or too long; `asked` already; `erased`; what `hindrances` names.
    """
    if not may_ask_erasure(by, edition):
        raise Refused("permission", _("Only the organiser's office may do this."))
    found, paper = Person.objects.select_for_update().get(pk=person.pk), " ".join(paper.split())
    if ground not in Erasure.Ground.values or ground == Erasure.Ground.PERIOD:
        raise Refused("ground", _("Say on what ground the person is to be erased."))
    if not 0 < len(paper) <= LONGEST:
        raise Refused(
            "paper",
            _("Say where the request or the decision is found, in at most %(most)s characters.") % {"most": LONGEST},
        )
    _refuse(found)
    try:
        with transaction.atomic():
            made = Erasure.objects.create(
                edition=edition, person=found, ground=ground, paper=paper, asked_by=by, asked_at=timezone.now()
            )
    except IntegrityError:
        raise Refused("asked", _("The erasure of this person is asked already.")) from None
    record("erasure.asked", by=by, edition=edition.key, subject=made.subject, facts={"ground": ground})
    return made


@act("person.erased", "erasure.confirmed")
def confirm_erasure(erasure: Erasure, *, by: User) -> None:
    """Erase the person for good: nobody can undo it.

    Refused: `permission`; `state` unless it waits; `same_person` asked; what `hindrances` names by now.
    """
    found = _waiting(erasure, by)
    if found.asked_by_id == by.pk:
        raise Refused("same_person", _("Another person than who asked confirms the erasure."))
    _refuse(found.person)
    erase(found, by=by)
    facts = {"ground": found.ground, "count": sum(found.counts.values())}
    record("erasure.confirmed", by=by, edition=found.edition.key, subject=found.subject, facts=facts)


@act("erasure.declined")
def decline_erasure(erasure: Erasure, *, by: User) -> None:
    """Turn an erasure down, or take it back. Refused: `permission`; `state` unless it waits."""
    found = _waiting(erasure, by)
    found.state, found.decided_by, found.decided_at = Erasure.State.DECLINED, by, timezone.now()
    found.save(update_fields=["state", "decided_by", "decided_at"])
    record("erasure.declined", by=by, edition=found.edition.key, subject=found.subject, facts={"ground": found.ground})


@act("person.erased")
def erase(erasure: Erasure, *, by: User) -> Scope:
    """Do it. Called by the acts that may, with the person's row locked."""
    scope = scope_of(erasure.person)
    scope.by = by
    counts = size_of(step(scope) for step in (*_TRACES, *STEPS))
    for person in scope.persons:
        # whatever copies there are of what was sealed can never be opened again
        person.wrapped_key, person.index = b"", None
        person.save(update_fields=["wrapped_key", "index"])
    erasure.state, erasure.decided_by, erasure.decided_at = Erasure.State.DONE, by, timezone.now()
    erasure.bare, erasure.counts = scope.bare, counts
    erasure.save()
    for one in scope.rows:
        facts = {"ground": erasure.ground, **({"kind": "bare"} if one.pk in scope.titled else {})}
        record("person.erased", by=by, edition=one.edition.key, subject=one.subject, facts=facts)
    return scope


def _waiting(erasure: Erasure, by: User) -> Erasure:
    found = (
        Erasure.objects.select_for_update(of=("self", "person")).select_related("edition", "person").get(pk=erasure.pk)
    )
    if not may_decide_erasure(by, found.edition):
        raise Refused("permission", _("Only the organiser's office or the discipline office may do this."))
    if found.state != Erasure.State.ASKED:
        raise Refused("state", _("This is decided already."))
    return found


def _refuse(person: Person) -> None:
    if not person.wrapped_key:
        raise Refused("erased", _("This person is erased already."))
    for refusal in hindrances(scope_of(person)):
        raise refusal
