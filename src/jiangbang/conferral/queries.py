"""What the later stages ask of the conferral."""

from __future__ import annotations

from collections.abc import Sequence

from jiangbang.conferral.award_models import Award
from jiangbang.kernel.conferral import ConferralSpec, read_conferral
from jiangbang.programme.models import Edition


def rules_of(edition: Edition) -> ConferralSpec:
    """How the edition numbers, and what it hands over."""
    spec = edition.spec
    return read_conferral(spec.document, tuple(title.key for title in spec.titles))


def awards_of(edition: Edition) -> Sequence[Award]:
    """Every award of the edition, revoked ones too, in the order of its titles and their numbers, each with its dossier. One query."""
    order = {title.key: place for place, title in enumerate(edition.spec.titles)}
    found = Award.objects.filter(edition=edition).select_related("dossier")
    return sorted(found, key=lambda one: (order.get(one.title, len(order)), one.position))


def found_on_rolls(programme: str, name: str) -> list[Award]:
    """Whoever holds a title of the programme and has `name` in his, the newest first; at most 50. One query."""
    found = Award.objects.filter(edition__programme=programme, state=Award.State.HELD, name__contains=name)
    return list(found.select_related("edition").order_by("-conferred_at", "position")[:50])
