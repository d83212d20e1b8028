"""The signing key and the checkpoint outside the database."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from django.conf import LazySettings

from jiangbang.kernel import notes
from jiangbang.register import keys


@pytest.fixture
def home(tmp_path: Path, settings: LazySettings) -> Path:
    settings.JIANGBANG_HOME = tmp_path
    return tmp_path


def note(size: int) -> str:
    return notes.sign_note(notes.checkpoint_text(keys.ORIGIN, size, bytes(32)), keys.signer())


def test_the_key_is_made_once_and_is_the_owners_only(home: Path) -> None:
    first = keys.signer().verifier
    kept = (home / "keys" / "register.key").read_bytes()
    assert len(kept) == 32
    assert (home / "keys" / "register.key").stat().st_mode & 0o077 == 0
    assert (home / "keys").stat().st_mode & 0o077 == 0
    keys._signer.cache_clear()
    assert keys.signer().verifier == first == notes.Signer(keys.ORIGIN, kept).verifier


def test_homes_have_keys_of_their_own(home: Path, settings: LazySettings, tmp_path: Path) -> None:
    first = keys.signer().verifier
    settings.JIANGBANG_HOME = tmp_path / "other"
    assert keys.signer().verifier != first


def test_no_checkpoint_is_none(home: Path) -> None:
    assert keys.kept_checkpoint() is None


def test_the_kept_checkpoint_only_grows(home: Path) -> None:
    keys.keep_checkpoint(note(5))
    keys.keep_checkpoint(note(9))
    grown = keys.kept_checkpoint()
    keys.keep_checkpoint(note(7))
    assert keys.kept_checkpoint() == grown == note(9)
    assert sorted(path.name for path in (home / "register").iterdir()) == ["checkpoint", "lock"]


def test_many_writers_at_once_keep_the_largest(home: Path) -> None:
    written = [note(size) for size in range(1, 21)]
    writers = [threading.Thread(target=keys.keep_checkpoint, args=(one,)) for one in reversed(written)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert keys.kept_checkpoint() == written[-1]
