"""What is over is erased once, what is not over stays, and the preview says which is which."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from conferral.conferred import conferred
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from nomination.readings import Cast
from recommendation.people import UNIT, drafted

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role
from jiangbang.candidacy.models import Candidacy
from jiangbang.conferral.award_models import Award
from jiangbang.nomination.models import Dossier
from jiangbang.nomination.read_models import SensitiveRead
from jiangbang.nomination.reading_log import note_reads
from jiangbang.outbox.acts import post_message
from jiangbang.outbox.models import Message
from jiangbang.privacy import keeping
from jiangbang.privacy.keeping import apply_period, apply_periods, preview
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry
from jiangbang.register.verification import verify_register

pytestmark = pytest.mark.django_db


def over_and_soon(edition: Edition) -> dict[str, tuple[int, int]]:
    return {line.kind.key: (line.now, line.soon) for line in preview(edition)}


def test_what_is_over_is_erased_once_and_the_bare_fact_of_a_title_stays(
    edition: Edition, cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = create_account("maker", role=Role.UNIT, password=None, edition=edition.key, scope=UNIT)
    draft = drafted(edition, unit, 90)
    awards = conferred(edition, cast.organiser)
    others = Dossier.objects.filter(edition=edition, award=None)
    post_message("outbox.trial", to="z@example.cn", name="张", edition=edition.key, context={"edition": "x"}, by=unit)
    note_reads([awards[0].dossier_id], "id_number", by=cast.organiser)
    ended = datetime(2023, 5, 31, 12, tzinfo=ZoneInfo(edition.spec.time_zone))
    for rows in (Dossier.objects.all(), Candidacy.objects.all()):
        rows.update(updated_at=ended)
    SensitiveRead.objects.update(at=ended)
    Message.objects.update(posted_at=ended)
    untitled, looks = others.count(), SensitiveRead.objects.count()

    def at(moment: datetime) -> None:
        monkeypatch.setattr(Edition, "now", lambda _edition: moment)

    at(ended + timedelta(days=40))
    assert over_and_soon(edition)["drafts"] == (0, 0)
    assert apply_periods(edition, by=cast.organiser) == 0
    at(ended + timedelta(days=170))
    assert over_and_soon(edition)["drafts"] == (0, 1)
    at(ended + timedelta(days=4 * 365))
    assert over_and_soon(edition) | {"packets": (0, 0), "messages": (0, 0)} == {
        "drafts": (1, 0),
        "records": (untitled, 0),
        "titled": (0, 0),
        "packets": (0, 0),
        "messages": (0, 0),
        "reads": (looks, 0),
    }
    with pytest.raises(Refused) as refusal:
        apply_period(edition, keeping.KINDS[0], by=cast.discipline)
    assert refusal.value.code == "permission"
    client.force_login(cast.organiser)
    assert 'href="#apply"' in client.get(reverse("privacy_periods")).content.decode()
    client.post(reverse("privacy_periods_apply"))
    assert apply_periods(edition, by=cast.organiser) == 0
    assert {now for now, _soon in over_and_soon(edition).values()} == {0}
    draft.refresh_from_db()
    assert (draft.state, draft.name != "", SensitiveRead.objects.count()) == ("withdrawn", True, 0)
    assert {one.state for one in others.all()} <= {"erased"}
    assert Message.objects.exclude(address_index="").count() == 0
    at(ended + timedelta(days=11 * 365))
    count = Award.objects.filter(state="held").count()
    assert over_and_soon(edition)["titled"] == (count, 0)
    assert apply_periods(edition, by=cast.organiser) >= count
    assert over_and_soon(edition)["titled"] == (0, 0)
    names = {one.name for one in Dossier.objects.filter(award__isnull=False)}
    assert names == {one.name for one in awards}
    kinds = [one.facts["period"] for one in Entry.objects.filter(type="retention.applied").order_by("index")]
    assert (kinds[0], "titled" in kinds) == ("drafts", True)
    assert verify_register().problems == []
    assert timezone.now() > ended
