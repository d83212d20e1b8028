"""A rehearsed edition moves on."""

from __future__ import annotations

from datetime import datetime

import pytest
from nomination.conftest import cast, edition  # noqa: F401 — fixtures
from nomination.readings import Cast

from jiangbang.programme.acts import document_hash
from jiangbang.programme.models import Edition
from jiangbang.register.models import Entry
from jiangbang.rehearsal.clock import stand_at

pytestmark = pytest.mark.django_db
MOMENT = datetime.fromisoformat("2023-04-25T10:00:00+08:00")


def test_the_edition_stands_at_the_moment_and_the_register_says_that_its_document_changed(
    edition: Edition,  # noqa: F811
    cast: Cast,  # noqa: F811
) -> None:
    moved = stand_at(edition, MOMENT, by=cast.organiser)
    assert (moved.pk, moved.now(), moved.is_default) == (edition.pk, MOMENT, edition.is_default)
    stage = moved.current_stage()
    assert stage is not None
    assert stage.key == "notice"
    assert Edition.objects.get(pk=edition.pk).sha256 == document_hash(moved.document)
    assert Entry.objects.latest("index").facts["changed"] == ["edition.calendar.clock"]
