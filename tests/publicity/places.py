"""What the addresses of publicity lead to in the access matrix: one who stood undisturbed and agrees, and a row of the log."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from jiangbang.conferral.award_models import Award
from jiangbang.nomination.models import Dossier
from jiangbang.publicity.models import Coverage, PublicityConsent

if TYPE_CHECKING:
    from access_places import Arguments, Stage


def publicity_places(stage: Stage) -> dict[str, Arguments]:
    """Somebody without a title gets one: on nobody's list does anything change."""
    edition, by, now = stage.edition, stage.cast.organiser, timezone.now()
    dossier = Dossier.objects.filter(edition=edition, award__isnull=True).latest("pk")
    Award.objects.create(
        edition=edition, dossier=dossier, title="craftsman", position=99, number="数匠〔2023〕99号", name=dossier.name,
        conferred_by=by, conferred_at=now,
    )  # fmt: skip
    PublicityConsent.objects.create(dossier=dossier, photo=False, paper="同意书1", recorded_by=by, recorded_at=now)
    row = Coverage.objects.create(
        edition=edition,
        channel="海报",
        media="杭州日报",
        headline="名单",
        day=date(2023, 5, 18),
        entered_by=by,
        entered_at=now,
    )
    holder: Arguments = {"programme": edition.programme, "slug": edition.slug, "title": "craftsman", "position": 99}
    stage.sent["publicity_consent"] = {"paper": "同意书2"}
    return {
        "publicity_poster": {"pk": dossier.pk, "name": "a3.pdf"},
        **{key: {"pk": dossier.pk} for key in ("publicity_story", "publicity_story_save")},
        "publicity_story_change": {"pk": dossier.pk, "what": "review"},
        "publicity_stories": {"programme": edition.programme, "slug": edition.slug},
        "roll_person": holder,
        "roll_photo": holder,
        "publicity_list": {"name": "card.png"},
        "publicity_consent": {"pk": dossier.pk, "what": "record"},
        "publicity_coverage_remove": {"pk": row.pk},
    }
