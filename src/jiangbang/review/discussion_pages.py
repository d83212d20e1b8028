"""What the pages of the discussion show: to the chief how far it is, to an expert what the others gave and said, without names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q

from jiangbang.kernel.review import ReviewSpec
from jiangbang.nomination.pages import label_of
from jiangbang.programme.models import Edition
from jiangbang.review.discussing import comments_of, reason_of
from jiangbang.review.models import Card, Discussion, Remark, SignedCard
from jiangbang.review.profiles import unsealed
from jiangbang.review.signed import before_discussion, counted, gap

State = Card.State


@dataclass(frozen=True, slots=True)
class TalkedOver:
    """One discussion as the chief sees it: totals, highest first, without the experts' names."""

    discussion: Discussion
    name: str
    first: tuple[str, ...]
    second: tuple[str, ...]
    gap: str
    asked: int
    again: int
    remarks: int
    reason: str

    @property
    def running(self) -> bool:
        return self.again < self.asked


def talked_over(edition: Edition, rules: ReviewSpec) -> list[TalkedOver]:
    """All discussions of an edition, by code. Three queries."""
    first, now = _by_dossier(before_discussion(edition)), _by_dossier(counted(edition))
    asked = Q(reviewed__cards__asked_again_at__isnull=False) & ~Q(reviewed__cards__state=State.VOID)
    rows = (
        Discussion.objects.filter(reviewed__edition=edition)
        .select_related("reviewed__dossier", "opened_by", "ended_by")
        .annotate(
            asked=Count("reviewed__cards", filter=asked, distinct=True),
            again=Count("reviewed__cards", filter=asked & Q(reviewed__cards__state=State.SIGNED), distinct=True),
            said=Count("remarks", distinct=True),
        )
        .order_by("reviewed__code")
    )
    return [
        TalkedOver(
            one,
            one.reviewed.dossier.name,
            _totals(first.get(one.reviewed_id, []), rules),
            _totals(now.get(one.reviewed_id, []), rules),
            f"{float(gap(now.get(one.reviewed_id, []), rules)):.1f}",
            one.asked,
            one.again,
            one.said,
            reason_of(one),
        )
        for one in rows
    ]


def _by_dossier(rows: Sequence[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for one in rows:
        found[one.reviewed].append(one.scores)
    return found


def _totals(cards: Sequence[Any], rules: ReviewSpec) -> tuple[str, ...]:
    return tuple(f"{float(total):.1f}" for total in sorted((rules.total(scores) for scores in cards), reverse=True))


@dataclass(frozen=True, slots=True)
class Voice:
    """One expert of a discussion, known by a number only: the first points by line, the comments, the total."""

    number: int
    own: bool
    lines: tuple[tuple[str, int, str], ...]
    total: str


@dataclass(frozen=True, slots=True)
class Said:
    """A remark and who made it, by number. When it was made is not told: an hour leads to a person."""

    number: int
    own: bool
    text: str


@dataclass(frozen=True, slots=True)
class Talk:
    """What an expert reads about a dossier that is talked over."""

    gap: int
    voices: tuple[Voice, ...]
    said: tuple[Said, ...]


def talks_of(own: Sequence[Card], rules: ReviewSpec) -> dict[UUID, Talk]:
    """The discussions of an expert's cards, by dossier. The others' second scores are not in it. Three queries, none without a discussion.

    Numbers follow the cards' random keys, so that the same expert has another number on another dossier.
    """
    mine = {card.reviewed_id: card.pk for card in own if card.asked_again_at is not None}
    if not mine:
        return {}
    signed = SignedCard.objects.filter(card__reviewed__in=mine, card__asked_again_at__isnull=False)
    before = signed.filter(signed_at__lte=F("card__reviewed__discussion__opened_at")).exclude(card__state=State.VOID)
    newest = {one.card_id: one for one in before.select_related("card__seat__entry__expert").order_by("number")}
    remarks: dict[UUID, list[Remark]] = defaultdict(list)
    rows = Remark.objects.filter(discussion__reviewed__in=mine).select_related("card__seat__entry__expert")
    for remark in rows.order_by("written_at", "pk"):
        remarks[remark.card.reviewed_id].append(remark)
    found = {}
    for discussion in Discussion.objects.filter(reviewed__in=mine):
        key = discussion.reviewed_id
        cards = sorted((pk for pk, one in newest.items() if one.card.reviewed_id == key), key=str)
        numbers = {pk: number for number, pk in enumerate(cards, 1)}
        voices = tuple(_voice(newest[pk], numbers[pk], pk == mine[key], rules) for pk in cards)
        said = tuple(
            Said(
                numbers[one.card_id],
                one.card_id == mine[key],
                unsealed(one.card.seat.entry.expert, bytes(one.sealed)),
            )
            for one in remarks[key]
            if one.card_id in numbers
        )
        found[key] = Talk(discussion.gap, voices, said)
    return found


def _voice(signed: SignedCard, number: int, own: bool, rules: ReviewSpec) -> Voice:
    comments = comments_of(signed.card, bytes(signed.sealed))
    lines = tuple((label_of(one), signed.scores[one.key], comments.get(one.key, "")) for one in rules.rubric)
    return Voice(number, own, lines, f"{float(rules.total(signed.scores)):.1f}")
