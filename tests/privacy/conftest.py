"""The edition and the people of the pages of personal data."""

from nomination.conftest import cast, edition, reading  # noqa: F401 — fixtures
