"""What the review's first pages show, made ready for templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiangbang.kernel.review import ReviewSpec
from jiangbang.nomination.pages import label_of
from jiangbang.programme.models import Edition
from jiangbang.review.access import rules_of
from jiangbang.review.discussing import wide_dossiers
from jiangbang.review.draw_pages import undeclared
from jiangbang.review.models import Card, Discussion, Draw, PoolEntry, Ranking, Recusal, Seat
from jiangbang.review.pool_pages import state_counts
from jiangbang.review.recusing import sitting


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the review on the chief's overview. state: done | now | later."""

    label: str
    href: str
    sentence: str
    state: str


def steps(edition: Edition) -> list[Step]:
    """How far the review of an edition is."""
    steps = [_pool_step(edition), *_draw_steps(edition), *_score_steps(edition)]
    return [*steps, *_discussion_step(edition), _rank_step(edition)]


def _pool_step(edition: Edition) -> Step:
    counts = state_counts(edition)
    agreed, listed = counts[PoolEntry.State.CONSENTED], sum(counts.values())
    if not listed:
        return Step(
            _("Experts"), reverse("review_pool"), _("The pool is empty: bring the lists of recommenders."), "now"
        )
    sentence = ngettext(
        "%(n)d expert in the pool, %(agreed)d agreed.", "%(n)d experts in the pool, %(agreed)d agreed.", listed
    )
    return Step(
        _("Experts"), reverse("review_pool"), sentence % {"n": listed, "agreed": agreed}, "done" if agreed else "now"
    )


def _draw_steps(edition: Edition) -> list[Step]:
    """The draw, and the recusals of whoever sits."""
    state = (
        Draw.objects.filter(edition=edition).exclude(state=Draw.State.GIVEN_UP).values_list("state", flat=True).first()
    )
    draw_page, recusals = reverse("review_draw"), reverse("review_recusals")
    if state is None:
        return [
            Step(_("Draw"), draw_page, _("Not committed yet."), "later"),
            Step(_("Recusal"), recusals, _("After the draw each expert declares relations."), "later"),
        ]
    if state == Draw.State.COMMITTED:
        return [
            Step(_("Draw"), draw_page, _("Pool and rules are fixed; the ceremony is to come."), "now"),
            Step(_("Recusal"), recusals, _("After the draw each expert declares relations."), "later"),
        ]
    seats = list(sitting(edition))
    confirmed = sum(seat.state == Seat.State.CONFIRMED for seat in seats)
    open_ones = Recusal.objects.filter(seat__draw__edition=edition, state=Recusal.State.DOUBT).count()
    left = undeclared(seats)
    values = {"n": len(seats), "confirmed": confirmed}
    said = ngettext(
        "%(n)d seat held, %(confirmed)d confirmed.", "%(n)d seats held, %(confirmed)d confirmed.", len(seats)
    )
    waits = _("%(left)d have not declared, %(doubts)d doubts to decide.") % {"left": left, "doubts": open_ones}
    return [
        Step(_("Draw"), draw_page, said % values, "done" if confirmed == len(seats) else "now"),
        Step(_("Recusal"), recusals, waits, "now" if left or open_ones else "done"),
    ]


def _score_steps(edition: Edition) -> list[Step]:
    """Assignment and progress."""
    rows = Card.objects.filter(reviewed__edition=edition).exclude(state=Card.State.VOID)
    counts = rows.aggregate(
        made=Count("pk"),
        released=Count("pk", filter=Q(released_at__isnull=False)),
        signed=Count("pk", filter=Q(state=Card.State.SIGNED)),
    )
    assignment, progress = reverse("review_assignment"), reverse("review_progress")
    made, released, signed = counts["made"], counts["released"], counts["signed"]
    if not made:
        said = _("Nothing is assigned yet.")
        return [Step(_("Assignment"), assignment, said, "later"), Step(_("Progress"), progress, "—", "later")]
    given = _("%(made)d cards, %(released)d released.") % {"made": made, "released": released}
    done = _("%(signed)d of %(released)d cards signed.") % {"signed": signed, "released": released}
    return [
        Step(_("Assignment"), assignment, given, "done" if released == made else "now"),
        Step(_("Progress"), progress, done, "done" if signed == made else "now" if released else "later"),
    ]


def _discussion_step(edition: Edition) -> list[Step]:
    """The discussion, where the edition has a rule for it."""
    if not rules_of(edition).discuss_from:
        return []
    wide, talked = len(wide_dossiers(edition)), Discussion.objects.filter(reviewed__edition=edition).count()
    again = Card.objects.filter(reviewed__edition=edition, state=Card.State.OPEN, asked_again_at__isnull=False).count()
    if wide:
        said = ngettext("%(n)d dossier is to be talked over.", "%(n)d dossiers are to be talked over.", wide)
        said, state = said % {"n": wide}, "now"
    elif again:
        said = ngettext("%(n)d second card is not signed.", "%(n)d second cards are not signed.", again)
        said, state = said % {"n": again}, "now"
    elif talked:
        said = ngettext("%(n)d dossier was talked over.", "%(n)d dossiers were talked over.", talked)
        said, state = said % {"n": talked}, "done"
    else:
        said, state = _("Dossiers whose cards lie far apart are talked over."), "later"
    return [Step(_("Discussion"), reverse("review_discussions"), said, state)]


def _rank_step(edition: Edition) -> Step:
    """The ranking and the shortlist."""
    newest = Ranking.objects.filter(edition=edition).order_by("-number").values("published_at", "taken_at").first()
    href = reverse("review_ranking")
    if newest is None:
        return Step(_("Ranking"), href, _("Computed once every card is signed."), "later")
    if newest["taken_at"]:
        return Step(_("Ranking"), href, _("Published; the shortlist is taken."), "done")
    said = (
        _("Published; the shortlist is to be taken.") if newest["published_at"] else _("Computed, not published yet.")
    )
    return Step(_("Ranking"), href, said, "now")


def rubric_lines(rules: ReviewSpec) -> list[dict[str, Any]]:
    """The rubric with weights in hundredths and anchors, in the reader's language."""
    whole = sum(one.weight for one in rules.rubric)
    return [
        {
            "key": one.key,
            "label": label_of(one),
            "weight": round(100 * one.weight / whole),
            "lowest": one.lowest,
            "highest": one.highest,
            "comment_to": one.comment_to,
            "comment_from": one.comment_from,
            "anchors": [{"at": anchor.at, "label": label_of(anchor)} for anchor in one.anchors],
        }
        for one in rules.rubric
    ]
