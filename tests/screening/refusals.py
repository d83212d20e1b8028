"""What every test of a refusal asserts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry


def assert_refused(code: str, act: Callable[[], object]) -> None:
    """The act is refused with this code, and the register says nothing of it."""
    entries = Entry.objects.count()
    with pytest.raises(Refused) as refusal:
        act()
    assert (refusal.value.code, Entry.objects.count()) == (code, entries)
