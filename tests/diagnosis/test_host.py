"""A machine that is not as it should be."""

from __future__ import annotations

import os
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from jiangbang.diagnosis import host

GB = 1024**3
Usage = namedtuple("Usage", "total used free")


def bad(findings: object) -> list[str]:
    return [finding.code for finding in findings if finding.level != "ok"]  # type: ignore[attr-defined]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    for place in (home, home / "keys", home / "files", home / "register"):
        place.mkdir(mode=0o700)
    (home / "keys" / "register.key").write_bytes(b"k")
    (home / "keys" / "register.key").chmod(0o600)
    return home


def test_a_good_home_is_not_doubted(home: Path) -> None:
    assert bad([*host.folders(home), *host.keys(home)]) == []


def test_an_old_python_is_told() -> None:
    assert bad(host.interpreter((3, 10, 12))) == ["host.python"]
    assert bad(host.interpreter((3, 11, 0))) == []


def test_a_clock_that_nobody_keeps_and_a_zone_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "clock_state", lambda: host.TIME_ERROR)
    assert bad(host.clock("Asia/Nowhere")) == ["host.zone", "host.clock"]
    for state, told in ((0, "kept; zone Asia/Shanghai"), (-1, "the kernel does not say; zone Asia/Shanghai")):
        monkeypatch.setattr(host, "clock_state", lambda state=state: state)
        assert [(one.level, one.state) for one in host.clock()] == [("ok", told)]


def test_the_kernel_is_asked_about_its_clock() -> None:
    assert -1 <= host.clock_state() <= host.TIME_ERROR


def test_no_home(tmp_path: Path) -> None:
    assert bad(host.folders(tmp_path / "none")) == ["home.missing"]


@pytest.mark.parametrize("name", ["", "files", "keys", "register"])
def test_a_folder_that_others_can_enter(home: Path, name: str) -> None:
    (home / name).chmod(0o750)
    (finding,) = [one for one in host.folders(home) if one.level != "ok"]
    assert (finding.code, finding.mend) == ("home.open", f"chmod 700 {home / name}")


@pytest.mark.parametrize("name", ["", "files", "keys", "register"])
def test_a_folder_that_cannot_be_written(home: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # root may write everywhere: what the kernel would answer to another account
    monkeypatch.setattr(os, "access", lambda path, _mode: Path(path) != home / name)
    assert bad(host.folders(home)) == ["home.unwritable"]


@pytest.mark.parametrize("mode", [0o640, 0o604])
def test_a_key_that_others_can_read(home: Path, mode: int) -> None:
    (home / "keys" / "register.key").chmod(mode)
    assert bad(host.keys(home)) == ["keys.open"]


def test_the_first_password_left_lying(home: Path) -> None:
    (home / "first-sign-in.txt").write_text("organiser")
    assert bad(host.folders(home)) == ["home.first_sign_in"]


@pytest.mark.parametrize(("free", "found"), [(GB // 2, ["disk.low"]), (3 * GB, ["disk.scarce"]), (50 * GB, [])])
def test_a_disk_without_room(home: Path, free: int, found: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(100 * GB, 0, free))
    assert bad(host.disk(home)) == found


def test_a_disk_without_inodes(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Counted = namedtuple("Counted", "f_files f_favail")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(100 * GB, 0, 50 * GB))
    monkeypatch.setattr(os, "statvfs", lambda _path: Counted(1_000_000, 9_000))
    assert bad(host.disk(home)) == ["disk.inodes"]
