"""Files that are there whole or not at all, one by one or many together."""

from __future__ import annotations

import os
import time
from pathlib import Path
from unittest import mock

import pytest
from django.core.files.base import ContentFile

from jiangbang.nomination.storage import ABANDONED_SECONDS, DurableFiles


@pytest.fixture
def storage(tmp_path: Path) -> DurableFiles:
    return DurableFiles(tmp_path / "files")


def files(storage: DurableFiles) -> dict[str, bytes]:
    base = Path(storage.base_location)
    return {str(file.relative_to(base)): file.read_bytes() for file in base.rglob("*") if file.is_file()}


def test_a_file_is_saved_under_its_name_for_the_owner_only(storage: DurableFiles) -> None:
    assert storage.save("a/b/c", ContentFile(b"one")) == "a/b/c"
    assert files(storage) == {"a/b/c": b"one"}
    base = Path(storage.base_location)
    assert (base / "a/b/c").stat().st_mode & 0o777 == 0o600
    assert {(base / folder).stat().st_mode & 0o777 for folder in ("a", "a/b", "drafts")} == {0o700}


def test_files_saved_together_appear_at_the_end(storage: DurableFiles) -> None:
    with storage.together():
        for number in range(7):
            storage.save(f"a/{number % 3}/{number}", ContentFile(str(number).encode()))
        assert not any(storage.exists(f"a/{number % 3}/{number}") for number in range(7))
    assert files(storage) == {f"a/{number % 3}/{number}": str(number).encode() for number in range(7)}


def test_the_same_name_twice_together_is_one_file(storage: DurableFiles) -> None:
    with storage.together():
        storage.save("a/b", ContentFile(b"same"))
        storage.save("a/b", ContentFile(b"same"))
    assert files(storage) == {"a/b": b"same"}


def save_and_stop(storage: DurableFiles) -> None:
    with storage.together():
        storage.save("a/b", ContentFile(b"one"))
        raise ValueError("stop")


def test_a_block_that_fails_keeps_nothing(storage: DurableFiles) -> None:
    with pytest.raises(ValueError, match="stop"):
        save_and_stop(storage)
    assert files(storage) == {}


def test_a_disk_that_turns_out_full_in_syncing_keeps_nothing(storage: DurableFiles) -> None:
    def save_three() -> None:
        with storage.together():
            for name in ("a/b", "a/c", "a/d"):
                storage.save(name, ContentFile(name.encode()))

    full = OSError(28, "No space left on device")
    with mock.patch("os.fsync", side_effect=full), pytest.raises(OSError, match="space"):
        save_three()
    assert files(storage) == {}


def test_nothing_bears_its_name_before_its_content_is_synced(storage: DurableFiles) -> None:
    """What would survive a power cut: at each sync of a file's content, the file is not yet in place."""
    seen: list[tuple[str, bool]] = []
    sync = os.fsync

    def watched(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        seen.append((path.parent.name if path.is_file() else "folder", storage.exists("a/b")))
        sync(descriptor)

    with mock.patch("os.fsync", watched):
        storage.save("a/b", ContentFile(b"one"))
    # the new folder and what holds it, the content, and last the entry that names it
    assert [place for place, _ in seen] == ["folder", "folder", "drafts", "folder"]
    assert [there for _, there in seen] == [False, False, False, True]
    seen.clear()
    with mock.patch("os.fsync", watched):
        storage.save("a/c", ContentFile(b"two"))
    assert [place for place, _ in seen] == ["drafts", "folder"]


def test_what_a_killed_process_left_is_swept_after_a_day(storage: DurableFiles) -> None:
    drafts = Path(storage.base_location) / "drafts"
    drafts.mkdir(parents=True)
    old, young = drafts / "1.old", drafts / "2.young"
    old.write_bytes(b"old")
    young.write_bytes(b"young")
    then = time.time() - ABANDONED_SECONDS - 60
    os.utime(old, (then, then))
    with storage.together():
        pass
    assert files(storage) == {"drafts/2.young": b"young"}
