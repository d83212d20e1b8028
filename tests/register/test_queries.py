"""Asking the register."""

from __future__ import annotations

import pytest

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role
from jiangbang.register.queries import entries, head

pytestmark = pytest.mark.django_db


def test_entries_are_told_newest_first_by_edition_and_by_subject() -> None:
    made = [
        create_account(f"user{number}", role=Role.SYSTEM, password=None, edition=f"p/{number % 2}")
        for number in range(4)
    ]
    assert [entry.index for entry in entries()] == [3, 2, 1, 0]
    assert [entry.index for entry in entries(edition="p/1")] == [3, 1]
    assert [entry.index for entry in entries(subject=f"user:{made[2].pk}")] == [2]
    assert [entry.index for entry in entries(edition="p/1", subject=f"user:{made[2].pk}")] == []


def test_the_head_counts_what_stands() -> None:
    assert (head().size, head().checkpoint) == (0, "")
    create_account("li", role=Role.SYSTEM, password=None)
    assert head().size == 1
    assert head().checkpoint.split("\n")[:2] == ["jiangbang.register", "1"]
