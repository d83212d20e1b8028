"""Five hundred things done to the register's tables: each is found, and by whom is known."""

from __future__ import annotations

import pytest
from register.alterations import ALTERATIONS, INSIDERS, alter

pytestmark = pytest.mark.django_db


def test_every_alteration_is_found_and_a_witness_finds_what_an_insider_signs() -> None:
    found = alter(504)
    assert found.missed == []
    assert set(found.done.values()) == {504 // len(ALTERATIONS)}
    for name, times in found.done.items():
        caught = found.by[name]
        # whoever has the key and the home leaves nothing for `verify`; the witness outside is who finds it
        assert caught["witness" if name in INSIDERS else "verify"] == times, (name, caught)
        assert name not in INSIDERS - {"change_the_key"} or caught["verify"] == 0, (name, caught)
    assert found.by["have_it_signed"]["act"] == found.done["have_it_signed"]
