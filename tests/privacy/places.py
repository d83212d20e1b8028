"""What the addresses of personal data lead to in the access matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from jiangbang.nomination.models import Dossier
from jiangbang.privacy.models import Erasure

if TYPE_CHECKING:
    from access_places import Arguments, Stage


def privacy_places(stage: Stage) -> dict[str, Arguments]:
    """A person, and an erasure that waits for a second one."""
    dossier = Dossier.objects.earliest("pk")
    asked = Erasure.objects.create(
        edition=stage.edition,
        person=dossier.person,
        ground="request",
        paper="来函",
        asked_by=stage.cast.organiser,
        asked_at=timezone.now(),
    )
    found: Arguments = {"pk": dossier.pk}
    own: Arguments = {"pk": stage.scopes["candidate"]}
    return {
        **dict.fromkeys(("privacy_person", "privacy_ask", "privacy_copy", "privacy_correct"), found),
        **dict.fromkeys(("privacy_own", "privacy_own_copy"), own),
        "privacy_decide": {"pk": asked.pk, "word": "decline"},
    }
