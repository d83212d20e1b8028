"""What people decide on likenesses."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.nomination.dossiers import sealed_text, subject_of
from jiangbang.programme.models import Edition
from jiangbang.queue.jobs import enqueue
from jiangbang.register.acts import Refused, act, record
from jiangbang.screening import policy
from jiangbang.screening.duplicates_models import PERSON_DECISIONS, TEXT_DECISIONS, DuplicatePair

COMPARE = "screening.compare"


@act("duplicate.decided")
def decide_pair(pair: DuplicatePair, *, decision: str, reason: str, by: User) -> DuplicatePair:
    """Say what a likeness is: one person or two; copied, tolerated, or written independently. The reason stands beside it.

    Refused: `permission`; `unknown_decision`; `no_reason`; `decided` (undo it first); `gone` when it was not found again.
    """
    pair = _locked(pair, by)
    if decision not in (PERSON_DECISIONS if pair.of_person else TEXT_DECISIONS):
        raise Refused("unknown_decision", _("Choose what the likeness is."))
    if not reason.strip():
        raise Refused("no_reason", _("Give the reason: it stands beside the decision."))
    if pair.decision:
        raise Refused("decided", _("This pair is decided. Undo the decision first."))
    pair.decision, pair.decided_by, pair.decided_at = decision, by, timezone.now()
    pair.sealed_reason = subject_of(pair.second.person).seal(reason.strip().encode(), _aad(pair))
    pair.save(update_fields=["decision", "decided_by", "decided_at", "sealed_reason"])
    _tell("duplicate.decided", pair, by)
    return pair


@act("duplicate.undone")
def undo_decision(pair: DuplicatePair, *, by: User) -> DuplicatePair:
    """Take a decision back; the register keeps both. Refused: `permission`; `not_decided`; `gone`."""
    pair = _locked(pair, by)
    if not pair.decision:
        raise Refused("not_decided", _("This pair is not decided."))
    _tell("duplicate.undone", pair, by)
    pair.decision, pair.decided_by, pair.decided_at, pair.sealed_reason = "", None, None, b""
    pair.save(update_fields=["decision", "decided_by", "decided_at", "sealed_reason"])
    return pair


def ask_for_comparison(edition: Edition) -> None:
    """Let the queue compare what is new, unless it is about to."""
    enqueue(COMPARE, key=f"{edition.programme}:{timezone.now():%Y%m%dT%H%M%S}", programme=edition.programme)


def reason_of(pair: DuplicatePair) -> str:
    """Why it was decided so, in clear."""
    return sealed_text(pair.second.person, pair.sealed_reason, _aad(pair))


def _locked(pair: DuplicatePair, by: User) -> DuplicatePair:
    if not policy.may_screen(by, pair.edition):
        raise Refused("permission", _("You may not decide on likenesses."))
    rows = DuplicatePair.objects.select_for_update(of=("self",)).select_related("edition", "first", "second__person")
    found = rows.filter(pk=pair.pk).first()
    if found is None:
        raise Refused("gone", _("This likeness is gone: one of the texts or numbers has changed."))
    return found


def _tell(type_name: str, pair: DuplicatePair, by: User) -> None:
    facts = {"likeness": pair.kind, "decision": pair.decision, "other": pair.first.subject, "score": pair.score}
    record(type_name, by=by, edition=pair.edition.key, subject=pair.second.subject, facts=facts)


def _aad(pair: DuplicatePair) -> bytes:
    return b"pair:" + pair.first_id.bytes + pair.second_id.bytes + pair.kind.encode()
