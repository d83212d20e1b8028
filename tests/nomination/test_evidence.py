"""Evidence: by content, encrypted, whole or not at all."""

from __future__ import annotations

import hashlib
from pathlib import Path
from unittest import mock

import pytest
from django.core.files.storage import default_storage

from jiangbang.kernel.vault import VaultError
from jiangbang.nomination import evidence

SECRET = b"990101198506150018 " * 1000


def stored(sha256: str) -> Path:
    return Path(default_storage.path(evidence.storage_name(sha256)))


def test_kept_bytes_come_back_and_lie_encrypted() -> None:
    sha256 = evidence.keep_bytes(SECRET)
    assert sha256 == hashlib.sha256(SECRET).hexdigest()
    assert evidence.read_bytes(sha256) == SECRET
    assert b"990101" not in stored(sha256).read_bytes()
    assert stored(sha256).stat().st_mode & 0o077 == 0


def test_the_same_bytes_are_kept_once() -> None:
    sha256 = evidence.keep_bytes(SECRET)
    before = stored(sha256).stat().st_mtime_ns
    assert evidence.keep_bytes(SECRET) == sha256
    assert stored(sha256).stat().st_mtime_ns == before
    assert [path.name for path in stored(sha256).parent.glob(f"*{sha256}*")] == [sha256]


def test_a_large_file_is_kept_in_pieces(tmp_path: Path) -> None:
    path = tmp_path / "packet.zip"
    path.write_bytes(bytes(range(256)) * 4096 * 3)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    evidence.keep_file(path, sha256)
    with evidence.plain_copy(sha256, ".zip") as copy:
        assert copy.read_bytes() == path.read_bytes()
        assert copy.suffix == ".zip"
    assert not copy.exists()


def test_an_altered_file_is_refused() -> None:
    sha256 = evidence.keep_bytes(b"altered later")
    sealed = bytearray(stored(sha256).read_bytes())
    sealed[-1] ^= 1
    stored(sha256).write_bytes(sealed)
    with pytest.raises(VaultError):
        evidence.read_bytes(sha256)


def test_a_file_under_anothers_name_is_refused() -> None:
    one, two = evidence.keep_bytes(b"one"), evidence.keep_bytes(b"two")
    stored(one).write_bytes(stored(two).read_bytes())
    with pytest.raises(VaultError):
        evidence.read_bytes(one)


def test_a_failed_write_leaves_nothing_behind() -> None:
    data = b"never whole"
    sha256 = hashlib.sha256(data).hexdigest()
    with (
        mock.patch("os.fsync", side_effect=OSError(28, "No space left on device")),
        pytest.raises(OSError, match="space"),
    ):
        evidence.keep_bytes(data)
    assert not stored(sha256).exists()
    assert not stored(sha256).parent.exists() or list(stored(sha256).parent.glob(f".{sha256}*")) == []
    assert evidence.keep_bytes(data) == sha256
