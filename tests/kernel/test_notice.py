"""For how many working days a notice stands."""

from __future__ import annotations

import pytest

from jiangbang.kernel.notice import read_notice_days


@pytest.mark.parametrize("days", [0, 61, True, "5", 2.5])
def test_a_wrong_length_is_named(days: object) -> None:
    with pytest.raises(ValueError, match=r"notice\.days"):
        read_notice_days({"notice": {"days": days}})


def test_a_silent_document_has_five() -> None:
    assert read_notice_days({}) == 5
    assert read_notice_days({"notice": {"days": 7}}) == 7
