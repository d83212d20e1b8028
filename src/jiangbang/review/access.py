"""Look-up and permission in one place: outsiders of an edition get 404, insiders without the right 403."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from jiangbang.accounts.models import Role, User
from jiangbang.accounts.policy import scopes_in
from jiangbang.kernel.review import ReviewSpec, read_review
from jiangbang.nomination.access import Predicate, admit, edition_for, person
from jiangbang.programme.models import Edition
from jiangbang.review import policy
from jiangbang.review.models import Draw, PoolEntry, Seat

# By the hash of their document: a card is signed by them, and reading them costs more than the signature.
_RULES: dict[str, ReviewSpec] = {}
_MOST_RULES: Final = 32


def rules_of(edition: Edition) -> ReviewSpec:
    """How the edition has its dossiers reviewed; read once for each content and process."""
    found = _RULES.get(edition.sha256)
    if found is None:
        if len(_RULES) >= _MOST_RULES:
            _RULES.clear()
        found = _RULES[edition.sha256] = read_review(edition.spec.document)
    return found


def entry_for(request: HttpRequest, pk: UUID, may: Predicate = policy.may_watch_review) -> PoolEntry:
    """An expert's standing in an edition, if the person may."""
    rows = PoolEntry.objects.select_related("edition", "expert", "listed_by", "removed_by").defer("edition__document")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    admit(person(request), found.edition, may)
    return found


def own_entry(request: HttpRequest) -> PoolEntry:
    """The standing of the expert who asks, in the chosen edition. 403 for an expert who is in no pool of it."""
    edition = edition_for(request, policy.is_expert)
    ids = own_experts(person(request), edition)
    found = PoolEntry.objects.select_related("edition", "expert").defer("edition__document")
    entry = found.filter(edition=edition, expert_id__in=ids).order_by("listed_at").first()
    if entry is None:
        raise PermissionDenied
    return entry


def own_experts(user: User, edition: Edition) -> list[str]:
    """The keys of the experts that this person is in the edition; empty for an expert's role that no pool stands behind."""
    return [scope for scope in scopes_in(user, edition.key, Role.EXPERT) if is_uuid(scope)]


def is_uuid(text: str) -> bool:
    """Whether a text that came from outside names an object."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def own_seat(entry: PoolEntry) -> Seat | None:
    """The seat of an expert who was drawn, once he has been asked."""
    seats = Seat.objects.select_related("draw__edition", "entry__expert").defer(
        "draw__edition__document", "draw__document"
    )
    return seats.filter(entry=entry, draw__state=Draw.State.HELD).exclude(state=Seat.State.WAITING).first()
