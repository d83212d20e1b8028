"""Kinds of work for the tests, forgotten afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from unittest import mock

import pytest

from jiangbang.queue import clockwork, jobs


@pytest.fixture(autouse=True)
def own_jobs() -> Iterator[None]:
    """Declarations of a test go with it; the house's own are left out, so that a test sees its own work only."""
    with (
        mock.patch.dict(jobs.JOBS, clear=True),
        mock.patch.dict(jobs.PERIODIC, clear=True),
        mock.patch.dict(clockwork._known, clear=True),
        mock.patch.object(jobs, "discover"),
        mock.patch("jiangbang.queue.worker.discover"),
    ):
        yield
