"""The cast and the edition are those of the recommendation stage."""

from nomination.conftest import cast, edition, ended_edition, reading

__all__ = ["cast", "edition", "ended_edition", "reading"]
