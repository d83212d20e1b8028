"""What the addresses of the conferral lead to."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from jiangbang.conferral.award_models import Award
from jiangbang.nomination.models import Dossier


def conferral_places(stage: Any) -> dict[str, dict[str, object]]:
    """A proof of the design, and a title that somebody holds."""
    edition = stage.edition
    dossier = Dossier.objects.filter(edition=edition, unit_code="330108").latest("pk")
    award = Award.objects.create(
        edition=edition,
        dossier=dossier,
        title="craftsman",
        position=1,
        number="数匠〔2023〕001号",
        name=dossier.name,
        conferred_by=stage.cast.organiser,
        conferred_at=timezone.now(),
    )
    public = {"programme": edition.programme, "slug": edition.slug}
    return {
        "certificate_proof": {"title": edition.spec.titles[0].key, "name": "plaque.svg"},
        "conferral_paper": {"which": "decision", "kind": "docx"},
        "award": {"pk": award.pk},
        "award_tick": {"pk": award.pk},
        "award_revocation": {"pk": award.pk, "what": "propose"},
        **dict.fromkeys(("roll", "roll_embed", "roll_csv", "roll_json"), public),
        "rolls": {"programme": stage.edition.programme},
        "statistics": {"programme": stage.edition.programme},
        "statistics_csv": {"programme": stage.edition.programme},
        "next_edition_take": {"what": "results"},
    }
