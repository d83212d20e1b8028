"""The office orders an archive, the queue makes it, and it is taken away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from nomination.readings import Cast

from jiangbang.archive.archiving import file_of, order_archive
from jiangbang.archive.models import Archive
from jiangbang.archive.tasks import make
from jiangbang.conferral.award_models import Award
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db


def test_the_office_orders_one_and_takes_it_away(
    client: Client, edition: Edition, held: Sequence[Award], cast: Cast
) -> None:
    client.force_login(cast.organiser)
    assert "尚未归档" in client.get(reverse("archive_desk")).content.decode()
    client.post(reverse("archive_order"))
    client.post(reverse("archive_order"))
    (ordered,) = Archive.objects.all()
    assert client.get(reverse("archive_package", args=[ordered.pk])).status_code == 404
    assert "hx-get" in client.get(reverse("archive_desk"), headers={"HX-Request": "true"}).content.decode()
    finish = make(ordered.pk)
    assert finish is not None
    finish()
    ordered.refresh_from_db()
    taken = b"".join(client.get(reverse("archive_package", args=[ordered.pk])).streaming_content)  # type: ignore[attr-defined]
    assert taken == file_of(ordered).read_bytes()
    entry = Entry.objects.filter(type="edition.archived").get()
    assert (entry.facts["sha256"], entry.facts["size"]) == (ordered.manifest, len(taken))
    page = client.get(reverse("archive_desk")).content.decode()
    assert (ordered.manifest in page, "hx-get" in page) == (True, False)
    assert make(ordered.pk) is None


def test_the_desk_asks_as_much_for_one_as_for_many(
    client: Client, edition: Edition, cast: Cast, django_assert_num_queries: Any
) -> None:
    client.force_login(cast.discipline)
    row = {
        "edition": edition,
        "ordered_by": cast.organiser,
        "ordered_at": edition.deadline.at,
        "state": "failed",
        "fault": "x",
    }
    for _count in (1, 3):
        Archive.objects.create(**row)
        client.get(reverse("archive_desk"))
        with django_assert_num_queries(10):
            client.get(reverse("archive_desk"))
    with pytest.raises(Refused) as refused:
        order_archive(edition, by=cast.discipline)
    assert refused.value.code == "permission"
