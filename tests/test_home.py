"""The home directory."""

from __future__ import annotations

import threading
from pathlib import Path
from unittest import mock

import pytest

from jiangbang.home import keep_secret, private_directory, text_secret


def test_folders_are_the_owners_only(tmp_path: Path) -> None:
    made = private_directory(tmp_path / "keys")
    assert made.stat().st_mode & 0o777 == 0o700
    assert private_directory(made) == made


def test_folders_above_are_the_owners_only_too(tmp_path: Path) -> None:
    private_directory(tmp_path / "home" / "keys")
    assert (tmp_path / "home").stat().st_mode & 0o777 == 0o700


def test_a_secret_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "one"
    assert keep_secret(path, b"first") == b"first"
    assert keep_secret(path, b"second") == b"first"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [found.name for found in path.parent.iterdir()] == ["one"]


def test_all_who_start_at_once_agree(tmp_path: Path) -> None:
    path, kept = tmp_path / "keys" / "one", []
    ready = threading.Barrier(8)

    def start(number: int) -> None:
        ready.wait()
        kept.append(keep_secret(path, f"made by {number}".encode()))

    starters = [threading.Thread(target=start, args=(number,)) for number in range(8)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join()
    assert kept == [path.read_bytes()] * 8
    assert [found.name for found in path.parent.iterdir()] == ["one"]


def test_a_full_disk_leaves_no_half_secret(tmp_path: Path) -> None:
    path = tmp_path / "one"
    with mock.patch("os.fsync", side_effect=OSError(28, "No space left")), pytest.raises(OSError, match="space"):
        keep_secret(path, b"never whole")
    assert list(tmp_path.iterdir()) == []


def test_a_text_secret_is_long_and_stays(tmp_path: Path) -> None:
    secret = text_secret(tmp_path / "session.key")
    assert len(secret) == 64
    assert text_secret(tmp_path / "session.key") == secret
    assert text_secret(tmp_path / "other.key") != secret
