"""What must always hold of publicity."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import Count

from jiangbang.publicity.models import Coverage, PublicityConsent, StoryVersion
from jiangbang.register.invariant import Invariant, gaps, unlike, unsaid

_ACTS: Final = "it was written past the acts: compare with the register, and restore from a backup"


def _agreed() -> Iterator[tuple[object, int]]:
    rows = PublicityConsent.objects.order_by().values_list("dossier_id").annotate(many=Count("pk"))
    return iter(rows)


INVARIANTS: Final = (
    Invariant(
        "publicity.stories_numbered",
        "The versions of a story are numbered without a gap.",
        _ACTS,
        lambda: gaps(StoryVersion.objects.all(), "number", "award_id"),
    ),
    Invariant(
        "publicity.consents_registered",
        "The register knows every agreement to be shown.",
        _ACTS,
        lambda: unlike(_agreed(), "dossier", "publicity.agreed"),
    ),
    Invariant(
        "publicity.coverage_registered",
        "The register knows every line of the log of coverage.",
        _ACTS,
        lambda: unsaid(Coverage.objects.all(), "coverage", "coverage.entered"),
    ),
)
