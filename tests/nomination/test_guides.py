"""Where people begin who have no desk."""

from __future__ import annotations

import pytest

from jiangbang.accounts.models import User
from jiangbang.nomination import guides
from jiangbang.programme.models import Edition


def test_the_first_package_that_knows_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guides, "_guides", [])
    assert guides.guided(User(), Edition()) == ""
    nowhere, somewhere, elsewhere = (lambda _user, _edition, room=room: room for room in ("", "candidacy_mine", "desk"))
    for guide in (nowhere, somewhere, elsewhere, somewhere):
        guides.add_guide(guide)
    assert guides.guided(User(), Edition()) == "candidacy_mine"
    assert len(guides._guides) == 3
