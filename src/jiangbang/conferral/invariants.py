"""What must always hold of titles that were conferred."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from django.db.models import Count, Q

from jiangbang.conferral.models import Award, HandedOver, Revocation
from jiangbang.conferral.queries import rules_of
from jiangbang.conferral.revoking import revoked_numbers
from jiangbang.notice.models import NoticeEntry
from jiangbang.programme.models import Edition
from jiangbang.register.invariant import Invariant, gaps, said_of
from jiangbang.register.models import Entry

_ACTS: Final = "it was written past the acts: compare with the register, and restore from a backup"


def _undecided() -> Iterator[str]:
    """Titles of whoever did not stand before the public for this very title; who stood may have been struck since."""
    told = set(
        NoticeEntry.objects.filter(state__in=(NoticeEntry.State.STOOD, NoticeEntry.State.STRUCK)).values_list(
            "notice__edition_id", "dossier_id", "title"
        )
    )
    rows = Award.objects.values_list("edition_id", "dossier_id", "title", "number")
    return (number for *one, number in rows if tuple(one) not in told)


def _struck_holders() -> Iterator[str]:
    """Whoever was struck after the end holds nothing unless the title is revoked by its own procedure."""
    struck = NoticeEntry.objects.filter(state=NoticeEntry.State.STRUCK)
    stood = NoticeEntry.objects.filter(state=NoticeEntry.State.STOOD)
    rows = Award.objects.filter(dossier__in=struck.values("dossier")).exclude(dossier__in=stood.values("dossier"))
    said = said_of("award.revoked", "revocation.proposed")
    return (one.number for one in rows if one.subject not in said)


def _overseated() -> Iterator[str]:
    """Titles that more people hold than the edition has seats."""
    held = Award.objects.filter(state=Award.State.HELD).order_by()
    many = {
        (edition, title): number
        for edition, title, number in held.values_list("edition_id", "title").annotate(many=Count("pk"))
    }
    for edition in Edition.objects.filter(pk__in={pk for pk, _title in many}):
        for title in edition.spec.titles:
            number = many.get((edition.pk, title.key), 0)
            if title.seats and not title.direct and number > title.seats:
                yield f"{edition.key} {title.key}: {number} of {title.seats}"


def _miscounted() -> Iterator[str]:
    """Editions with more or fewer titles than the register says were conferred."""
    said: Counter[str] = Counter()
    for edition, facts in Entry.objects.filter(type="titles.conferred").values_list("edition", "facts"):
        said[edition] += facts["count"]
    rows = Award.objects.order_by().values_list("edition__programme", "edition__slug").annotate(many=Count("pk"))
    held = {f"{programme}/{slug}": many for programme, slug, many in rows}
    return (f"{key}: {held.get(key, 0)} of {said[key]}" for key in {*said, *held} if held.get(key, 0) != said[key])


def _half_revoked() -> Iterator[str]:
    """Titles that are revoked without a confirmed revocation, or held in spite of one."""
    confirmed = Revocation.objects.filter(state=Revocation.State.CONFIRMED).values("award")
    rows = Award.objects.filter(
        Q(state=Award.State.REVOKED) & ~Q(pk__in=confirmed) | Q(state=Award.State.HELD, pk__in=confirmed)
    )
    return (one.number for one in rows)


def _still_certified() -> Iterator[str]:
    revoked = revoked_numbers()
    return (one.number for one in Award.objects.filter(state=Award.State.REVOKED) if one.number not in revoked)


def _handed() -> Iterator[str]:
    """Things handed over that the edition does not hand over."""
    known = {one.pk: rules_of(one).handed_over for one in Edition.objects.filter(awards__isnull=False).distinct()}
    rows = HandedOver.objects.values_list("award__edition_id", "award__number", "item")
    return (f"{number}: {item}" for edition, number, item in rows if item not in known[edition])


INVARIANTS: Final = (
    Invariant(
        "conferral.as_decided", "Every title is held by somebody who stood before the public for it.", _ACTS, _undecided
    ),
    Invariant(
        "conferral.struck_revoked",
        "Nobody who was struck goes on holding a title.",
        "revoke the title",
        _struck_holders,
    ),
    Invariant(
        "conferral.seats_kept",
        "No title is held by more people than it has seats.",
        "revoke what is too many",
        _overseated,
    ),
    Invariant(
        "conferral.count_registered", "As many titles exist as the register says were conferred.", _ACTS, _miscounted
    ),
    Invariant(
        "conferral.numbered",
        "The holders of a title are numbered without a gap.",
        _ACTS,
        lambda: gaps(Award.objects.all(), "position", "edition_id", "title"),
    ),
    Invariant(
        "conferral.revoked_by_two",
        "A title is revoked if and only if a second person confirmed it.",
        _ACTS,
        _half_revoked,
    ),
    Invariant(
        "conferral.revoked_not_certified",
        "The certificate of a revoked title counts no more.",
        "revoke the certificate: jiangbang certificate revoke",
        _still_certified,
    ),
    Invariant("conferral.handed_of_edition", "Nothing was handed over but what the edition gives.", _ACTS, _handed),
)
