"""An edition with what an act has laid over its document."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError
from django.utils import timezone
from nomination.conftest import cast, edition  # noqa: F401 — fixtures
from nomination.readings import Cast
from pytest_django import DjangoAssertNumQueries

from jiangbang.programme.models import Edition, Extension

pytestmark = pytest.mark.django_db
CHINA = ZoneInfo("Asia/Shanghai")
ANNOUNCED = datetime(2023, 3, 31, 23, 59, 59, tzinfo=CHINA)


def test_the_files_deadline_is_in_force_without_an_extension(edition: Edition) -> None:  # noqa: F811
    deadline = edition.deadline
    assert (deadline.announced, deadline.at, deadline.extended) == (ANNOUNCED, ANNOUNCED, False)
    assert (deadline.grace, deadline.zone) == (timedelta(0), "Asia/Shanghai")
    assert edition.stages == edition.spec.stages


def test_an_extension_moves_deadline_and_stage_without_a_query(
    edition: Edition,  # noqa: F811
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    edition.extended_to = datetime(2023, 4, 4, 17, 0, tzinfo=CHINA)
    edition.spec  # noqa: B018 — built once
    with django_assert_num_queries(0):
        assert edition.deadline.at == datetime(2023, 4, 4, 17, 0, tzinfo=CHINA)
        assert edition.deadline.extended is True
        assert [stage.closes for stage in edition.stages][:2] == [date(2023, 4, 4), date(2023, 4, 7)]


def test_a_file_that_gives_more_time_than_the_extension_rules(edition: Edition) -> None:  # noqa: F811
    edition.extended_to = ANNOUNCED - timedelta(days=1)
    assert (edition.deadline.at, edition.deadline.extended) == (ANNOUNCED, False)


def test_the_database_refuses_an_extension_that_is_none(edition: Edition, cast: Cast) -> None:  # noqa: F811
    with pytest.raises(IntegrityError, match="extension_is_later"):
        Extension.objects.create(
            edition=edition,
            previous=ANNOUNCED,
            deadline=ANNOUNCED,
            reason="无",
            extended_by=cast.organiser,
            extended_at=timezone.now(),
        )
