"""The installation's keys."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.conf import LazySettings

from jiangbang import vaults
from jiangbang.kernel.vault import VaultError


@pytest.fixture
def home(tmp_path: Path, settings: LazySettings) -> Path:
    settings.JIANGBANG_HOME = tmp_path
    return tmp_path


def test_keys_are_made_once_and_are_the_owners_only(home: Path) -> None:
    sealed = vaults.vault().seal(b"value", b"where")
    path = home / "keys" / "fields.json"
    assert path.stat().st_mode & 0o077 == 0
    assert set(json.loads(path.read_text())) == {"current", "keys", "index_key"}
    vaults._vault.cache_clear()
    assert vaults.vault().unseal(sealed, b"where") == b"value"


def test_another_home_opens_nothing_and_finds_nobody(home: Path, settings: LazySettings, tmp_path: Path) -> None:
    sealed, index = vaults.vault().seal(b"value", b"where"), vaults.identity_index("990101198506150018")
    settings.JIANGBANG_HOME = tmp_path / "other"
    assert vaults.identity_index("990101198506150018") != index
    with pytest.raises(VaultError):
        vaults.vault().unseal(sealed, b"where")


def test_one_number_has_one_index_however_it_is_written(home: Path) -> None:
    index = vaults.identity_index("99010119850615700X")
    assert {vaults.identity_index(text) for text in ("99010119850615700x", " 99010119850615700X\n")} == {index}
    assert len(index) == 64
    assert "990101" not in index
    assert vaults.identity_index("990101198506157001") != index
