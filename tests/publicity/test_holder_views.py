"""The page of one who holds a title: the bare fact always, more only while the person agrees."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from nomination.readings import Cast
from PIL import Image

from jiangbang.conferral.award_models import Award
from jiangbang.nomination import evidence
from jiangbang.nomination.models import Revision, StoredFile
from jiangbang.publicity.consents import record_consent, withdraw_consent
from jiangbang.publicity.models import StoryVersion

pytestmark = pytest.mark.django_db
MOTTO = "慢就是快，稳就是准。"


def address(award: Award, name: str = "roll_person") -> str:
    return reverse(name, args=[award.edition.programme, award.edition.slug, award.title, award.position])


@pytest.fixture
def shown(held: Sequence[Award], cast: Cast) -> Award:
    """Somebody with a portrait whose camera wrote down a place, a motto and a published story, who agrees to all of it."""
    award, by = held[0], cast.organiser
    picture = Image.new("RGB", (1500, 2100), "#886655")
    exif = picture.getexif()
    exif[0x010E] = "GPS 30.27 120.15"
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    sha256 = evidence.keep_bytes(out.getvalue())
    StoredFile.objects.get_or_create(pk=sha256, defaults={"size": len(out.getvalue()), "media_type": "image/jpeg"})
    revision = award.dossier.accepted_revision
    assert revision is not None
    Revision.objects.filter(pk=revision.pk).update(photo_sha256=sha256, open={**revision.open, "motto": MOTTO})
    record_consent(award.dossier, paper="同意书", photo=True, by=by)
    now = award.conferred_at
    StoryVersion.objects.create(
        award=award, number=1, headline="一行代码一生匠心", text="他说：**慢就是快**。", written_by=by, written_at=now,
        reviewed_by=cast.system, reviewed_at=now, published_by=by, published_at=now,
    )  # fmt: skip
    return award


def test_whoever_agrees_is_shown_with_portrait_motto_and_story(client: Client, shown: Award) -> None:
    page = client.get(address(shown))
    said = page.content.decode()
    assert [
        word in said for word in (shown.name, shown.number, MOTTO, "一行代码一生匠心", "<strong>慢就是快</strong>")
    ] == [True] * 5
    assert page["Cache-Control"] == "public, no-cache"
    assert client.get(address(shown), headers={"If-None-Match": page["ETag"]}).status_code == 304
    picture = client.get(address(shown, "roll_photo"))
    drawn = Image.open(io.BytesIO(picture.content))
    assert (picture["Content-Type"], drawn.size, dict(drawn.getexif())) == ("image/jpeg", (571, 800), {})


def test_a_withdrawal_leaves_the_bare_fact_at_once(client: Client, shown: Award, cast: Cast) -> None:
    withdraw_consent(shown.dossier, by=cast.organiser)
    said = client.get(address(shown)).content.decode()
    assert [word in said for word in (shown.name, shown.number, MOTTO, "一行代码一生匠心", "photo.jpg")] == [
        True, True, False, False, False,
    ]  # fmt: skip
    assert 'content="noindex"' in said
    assert client.get(address(shown, "roll_photo")).status_code == 404


def test_an_agreement_without_the_portrait_shows_none(client: Client, shown: Award, cast: Cast) -> None:
    withdraw_consent(shown.dossier, by=cast.organiser)
    record_consent(shown.dossier, paper="同意书2", photo=False, by=cast.organiser)
    said = client.get(address(shown)).content.decode()
    assert [word in said for word in (MOTTO, "photo.jpg")] == [True, False]
    assert client.get(address(shown, "roll_photo")).status_code == 404


def test_a_revoked_title_has_no_page(client: Client, shown: Award) -> None:
    Award.objects.filter(pk=shown.pk).update(state="revoked")
    assert [client.get(address(shown, name)).status_code for name in ("roll_person", "roll_photo")] == [404, 404]


def test_a_damaged_portrait_is_no_error(client: Client, shown: Award) -> None:
    sha256 = evidence.keep_bytes(b"\xff\xd8\xff damaged on the way")
    StoredFile.objects.get_or_create(pk=sha256, defaults={"size": 23, "media_type": "image/jpeg"})
    Revision.objects.filter(pk=shown.dossier.accepted_revision_id).update(photo_sha256=sha256)
    assert client.get(address(shown, "roll_photo")).status_code == 404


def test_the_page_asks_five_things(client: Client, shown: Award, django_assert_num_queries: Any) -> None:
    client.get(address(shown))
    with django_assert_num_queries(4):
        client.get(address(shown))
