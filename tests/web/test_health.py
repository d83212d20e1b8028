"""Alive, ready, and the figures."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from jiangbang.queue.models import Job

TOKEN = "x" * 20


def figures(client: Client) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    answer = client.get(reverse("metrics"), headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def test_a_live_process_says_so_without_the_database(client: Client) -> None:
    # no database mark: a query would fail the test
    answer = client.get(reverse("health_alive"))
    assert (answer.status_code, answer.content) == (200, b"alive\n")


@pytest.mark.django_db
def test_a_host_that_can_serve_is_ready(client: Client, settings: Any) -> None:
    (settings.JIANGBANG_HOME / "files").mkdir(exist_ok=True)
    answer = client.get(reverse("health_ready"))
    assert (answer.status_code, answer.json()) == (200, {"database": "ready", "files": "ready"})


@pytest.mark.django_db
def test_without_its_database_a_host_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise DatabaseError("away")

    monkeypatch.setattr(connection, "cursor", away)
    answer = client.get(reverse("health_ready"))
    assert (answer.status_code, answer.json()["database"]) == (503, "not ready")


@pytest.mark.django_db
def test_without_its_files_a_host_is_not_ready(client: Client, settings: Any, tmp_path: Any) -> None:
    settings.JIANGBANG_HOME = tmp_path
    answer = client.get(reverse("health_ready"))
    assert (answer.status_code, answer.json()["files"]) == (503, "not ready")


@pytest.mark.django_db
@pytest.mark.parametrize("shown", ["", "Bearer ", "Bearer wrong", TOKEN, "Bearer 令牌"])
def test_only_the_token_opens_the_figures(client: Client, settings: Any, shown: str) -> None:
    settings.JIANGBANG_METRICS_TOKEN = TOKEN
    assert (
        client.get(reverse("metrics"), headers={"authorization": shown.encode().decode("latin-1")}).status_code == 404
    )


@pytest.mark.django_db
def test_without_a_token_nobody_gets_figures(client: Client) -> None:
    assert client.get(reverse("metrics"), headers={"authorization": "Bearer "}).status_code == 404


@pytest.mark.django_db
def test_answers_are_counted_by_view_and_never_by_address(client: Client, settings: Any) -> None:
    settings.JIANGBANG_METRICS_TOKEN = TOKEN
    counted = ("jiangbang_requests_total", (("method", "GET"), ("status", "200"), ("view", "health_alive")))
    before = figures(client).get(counted, 0.0)
    client.get(reverse("health_alive"))
    client.get("/nobody-lives-here/", follow=False)
    after = figures(client)
    assert after[counted] == before + 1
    assert not any("nobody-lives-here" in value for _name, labels in after for _key, value in labels)


@pytest.mark.django_db
def test_invented_methods_are_one_figure(client: Client, settings: Any) -> None:
    settings.JIANGBANG_METRICS_TOKEN = TOKEN
    client.generic("BREW", reverse("health_alive"))
    methods = {dict(labels)["method"] for name, labels in figures(client) if name == "jiangbang_requests_total"}
    assert "other" in methods
    assert "BREW" not in methods


@pytest.mark.django_db
def test_the_queue_is_in_the_figures(client: Client, settings: Any) -> None:
    settings.JIANGBANG_METRICS_TOKEN = TOKEN
    Job.objects.create(name="x", run_at=timezone.now() - timedelta(minutes=10), max_attempts=1)
    now = figures(client)
    assert now["jiangbang_jobs", (("state", "waiting"),)] == 1
    assert 590 < now["jiangbang_jobs_overdue_seconds", ()] < 700
