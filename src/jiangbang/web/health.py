"""For whoever watches over the house: is it alive, is it ready, and figures for Prometheus. None of it names a person."""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from jiangbang.logs import Asked, asked
from jiangbang.queue import queries as queue
from jiangbang.register.models import Entry

# seconds: a page is meant to be there within the first few of them
BUCKETS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
# nginx's $request_id
REQUEST_ID: Final = re.compile(r"[0-9a-f]{32}")
METHODS: Final = frozenset(("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"))

registry: Final = CollectorRegistry()
ProcessCollector(registry=registry)
PlatformCollector(registry=registry)
requests_total: Final = Counter(
    "jiangbang_requests_total", "Requests answered.", ("view", "method", "status"), registry=registry
)
request_seconds: Final = Histogram(
    "jiangbang_request_seconds", "Time from request to answer.", ("view",), buckets=BUCKETS, registry=registry
)

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class House(Collector):
    """What is asked of the database when the figures are fetched: the queue and the register. Five queries, all on indexes."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        now = queue.health()
        jobs = GaugeMetricFamily("jiangbang_jobs", "Work in the queue.", labels=("state",))
        for state in ("waiting", "running", "aside"):
            jobs.add_metric((state,), getattr(now, state))
        yield jobs
        overdue = (timezone.now() - now.overdue_since).total_seconds() if now.overdue_since else 0.0
        yield GaugeMetricFamily(
            "jiangbang_jobs_overdue_seconds", "How long the oldest due job has waited.", value=max(overdue, 0.0)
        )
        newest = Entry.objects.order_by("-pk").values_list("pk", flat=True).first()
        yield GaugeMetricFamily("jiangbang_register_entries", "Entries of the register.", value=newest or 0)


registry.register(House())


class Measured:
    """Count and time every answer by the name of its view, and let log lines say it: addresses would hold identifiers."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        asked.set(Asked(_request_id(request), partial(_view_of, request)))
        response = self.get_response(request)
        view = _view_of(request)
        request_seconds.labels(view).observe(time.perf_counter() - began)
        requests_total.labels(view, _method(request), str(response.status_code)).inc()
        return response


@require_safe
def alive(_request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nothing of the database: a watchdog that restarts hosts must not follow the database down."""
    return HttpResponse("alive\n", content_type="text/plain; charset=utf-8")


@require_safe
def ready(_request: HttpRequest) -> JsonResponse:
    """Whether this host can serve: database reached, files writable. 200 or 503, each part by name."""
    parts = {"database": _database_answers(), "files": os.access(settings.JIANGBANG_HOME / "files", os.W_OK)}
    return JsonResponse(
        {part: "ready" if well else "not ready" for part, well in parts.items()},
        status=200 if all(parts.values()) else 503,
    )


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures, for whoever shows `JIANGBANG_METRICS_TOKEN` as bearer token; 404 for everybody else, and while none is set."""
    token, shown = settings.JIANGBANG_METRICS_TOKEN, request.headers.get("Authorization", "")
    if not token or not secrets.compare_digest(shown.encode(), f"Bearer {token}".encode()):
        raise Http404
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _view_of(request: HttpRequest) -> str:
    match = request.resolver_match
    return (match.view_name if match else None) or "none"


def _request_id(request: HttpRequest) -> str:
    """The one that our proxy gave, so that its log and ours can be laid beside each other; else one of our own."""
    given = request.headers.get("X-Request-ID", "")
    return given if settings.JIANGBANG_PROXIES and REQUEST_ID.fullmatch(given) else secrets.token_hex(16)


def _method(request: HttpRequest) -> str:
    # a caller may invent methods; the figures keep the known ones
    return request.method if request.method in METHODS else "other"


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    except DatabaseError:
        return False
