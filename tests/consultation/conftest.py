"""The edition and the people of the consultation."""

from __future__ import annotations

from nomination.conftest import cast, edition, reading  # noqa: F401 — fixtures
