"""What counts of all that was signed, and what had been signed before a discussion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from django.db.models import F, QuerySet

from jiangbang.kernel.review import ReviewSpec
from jiangbang.programme.models import Edition
from jiangbang.review.models import Card, SignedCard


@dataclass(frozen=True, slots=True)
class Counted:
    """The scores of one card, by the dossier's code and the expert's mark."""

    card: UUID
    reviewed: UUID
    code: str
    mark: str
    scores: Mapping[str, int]


def counted(edition: Edition) -> list[Counted]:
    """What counts: of each card that is signed now the newest signature. By code and mark. One query."""
    return _newest(SignedCard.objects.filter(card__reviewed__edition=edition, card__state=Card.State.SIGNED))


def before_discussion(edition: Edition) -> list[Counted]:
    """The first scores of dossiers that were talked over: what stood when the discussion was opened. One query."""
    signed = SignedCard.objects.filter(card__reviewed__edition=edition, card__asked_again_at__isnull=False)
    return _newest(signed.filter(signed_at__lte=F("card__reviewed__discussion__opened_at")))


def gap(cards: Iterable[Mapping[str, int]], rules: ReviewSpec) -> Fraction:
    """Points between the highest and the lowest of some cards."""
    totals = [rules.total(scores) for scores in cards]
    return max(totals) - min(totals) if totals else Fraction(0)


def _newest(rows: QuerySet[SignedCard]) -> list[Counted]:
    newest: dict[UUID, Counted] = {}
    columns = ("card_id", "card__reviewed_id", "card__reviewed__code", "card__seat__mark", "scores")
    for card, reviewed, code, mark, scores in rows.order_by("number").values_list(*columns):
        newest[card] = Counted(card, reviewed, code, mark, scores)
    return sorted(newest.values(), key=lambda one: (one.code, one.mark))
