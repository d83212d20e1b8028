"""Work that was set aside: seen and put back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from nomination.readings import Cast

from jiangbang.programme.models import Edition
from jiangbang.queue.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client: Client, cast: Cast, edition: Edition) -> Client:
    client.force_login(cast.organiser)
    return client


def aside(number: int = 1) -> Job:
    now = timezone.now()
    return Job.objects.create(
        name="outbox.deliver",
        state="aside",
        run_at=now,
        finished_at=now - timedelta(minutes=number),
        error="邮件服务器拒收",
        attempts=8,
        max_attempts=8,
    )


@pytest.mark.parametrize("count", [1, 3])
def test_what_was_set_aside_is_shown_with_the_reason(
    office: Client, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        aside(number)
    with django_assert_num_queries(10):
        page = office.get("/jobs/").content.decode()
    assert (page.count("邮件服务器拒收"), page.count("发送消息")) == (count, 2 * count + 1)


def test_an_idle_house_says_so(office: Client) -> None:
    assert "没有搁置的任务" in office.get("/jobs/").content.decode()


def test_a_queue_that_nobody_works_on_is_said(office: Client) -> None:
    Job.objects.create(name="x", run_at=timezone.now() - timedelta(minutes=6), max_attempts=1)
    assert "没有进程在执行队列" in office.get("/jobs/").content.decode()


def test_work_is_put_back_once(office: Client) -> None:
    job = aside()
    assert "已重新执行。" in office.post(f"/jobs/{job.pk}/retry/", follow=True).content.decode()
    job.refresh_from_db()
    assert (job.state, job.attempts, job.max_attempts, job.finished_at) == ("waiting", 8, 16, None)
    assert "已不在搁置之列" in office.post(f"/jobs/{job.pk}/retry/", follow=True).content.decode()
    assert office.post("/jobs/999/retry/").status_code == 404
