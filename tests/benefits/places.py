"""What the addresses of benefits lead to in the access matrix."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from jiangbang.benefits.models import Further, Guest, Offer
from jiangbang.benefits.offering import link_of, today
from jiangbang.conferral.award_models import Award

if TYPE_CHECKING:
    from access_places import Arguments, Stage


def benefits_places(stage: Stage) -> dict[str, Arguments]:
    """An offer with a guest, and a recommendation for a higher title, of whoever holds a title."""
    by, now, first = stage.cast.organiser, timezone.now(), today(stage.edition) + timedelta(days=30)
    award = Award.objects.filter(edition=stage.edition).earliest("pk")
    offer = Offer.objects.create(
        edition=stage.edition, kind="数字工匠论坛", title="论坛", first_day=first, last_day=first, places=1, answer_by=first, made_by=by,
        made_at=now,
    )  # fmt: skip
    guest = Guest.objects.create(offer=offer, award=award, invited_by=by, invited_at=now)
    higher = Further.objects.create(
        award=award, target="浙江工匠", position=1, reason="突出", proposed_by=by, proposed_at=now
    )
    return {
        "benefit": {"pk": offer.pk},
        "benefit_change": {"pk": offer.pk, "what": "invite"},
        "benefit_guest": {"pk": guest.pk, "what": "declined"},
        "benefit_address": {"pk": award.pk},
        "further_result": {"pk": higher.pk},
        "benefits_list": {"kind": "csv"},
        "benefit_answer": {"token": link_of(guest).rstrip("/").rpartition("/")[2]},
    }
