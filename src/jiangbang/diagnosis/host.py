"""The machine: interpreter, clock, the home with its folders and keys, room on the disk."""

from __future__ import annotations

import ctypes
import os
import shutil
import ssl
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jiangbang.diagnosis.findings import Finding, fail, ok, warn

LOW_DISK: Final = 1024**3
# A packet of 1 GB lies at nginx, in the temporary folder and in the home before it is read.
SCARCE_DISK: Final = 5 * 1024**3
# The folders of the home that the house writes to.
FOLDERS: Final = ("files", "keys", "register")
ZONE: Final = "Asia/Shanghai"
# adjtimex(2): the clock is not kept by anybody
TIME_ERROR: Final = 5


def look_at_host(home: Path) -> Iterator[Finding]:
    """Everything about the machine. `home` need not be there yet."""
    yield from interpreter(sys.version_info[:3])
    yield from clock()
    yield from folders(home)
    yield from keys(home)
    yield from disk(home)


def interpreter(version: tuple[int, ...]) -> Iterator[Finding]:
    said = ".".join(map(str, version))
    if version < (3, 11):
        yield fail(
            "host.python",
            "Python",
            said,
            why="the program uses what 3.11 brought",
            mend="install Python 3.11 or newer, and make .venv anew",
        )
    else:
        yield ok("host.python", "Python", f"{said}, {ssl.OPENSSL_VERSION}")


def clock(zone: str = ZONE) -> Iterator[Finding]:
    """The zone in which deadlines are counted, and whether anybody keeps the clock."""
    try:
        ZoneInfo(zone)
    except ZoneInfoNotFoundError:
        yield fail(
            "host.zone",
            "Time zone",
            f"{zone} is not known here",
            why="deadlines and dates cannot be reckoned",
            mend="apt install tzdata",
        )
    state = clock_state()
    if state == TIME_ERROR:
        yield warn(
            "host.clock",
            "Clock",
            "nobody keeps it",
            why="deadlines are decided by the second, and hosts must agree within a minute",
            mend="apt install systemd-timesyncd && timedatectl set-ntp true (in a container: keep the host's clock)",
        )
    else:
        yield ok("host.clock", "Clock", f"kept; zone {zone}" if state >= 0 else f"the kernel does not say; zone {zone}")


def clock_state() -> int:
    """What the kernel says of its clock, adjtimex(2); -1 where it says nothing, as to a confined service."""
    try:
        # a zeroed struct timex asks and changes nothing; it is smaller than this everywhere
        return int(ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512)))
    except (AttributeError, OSError):
        return -1


def folders(home: Path) -> Iterator[Finding]:
    """The home and what lies in it: ours alone, and writable."""
    if not home.is_dir():
        yield fail(
            "home.missing",
            "Home",
            f"{home} is no folder",
            why="keys, files and the embedded database live there",
            mend=f"install -d -m 700 -o jiangbang -g jiangbang {home}, or another JIANGBANG_HOME",
        )
        return
    for place in (home, *(home / name for name in FOLDERS if (home / name).exists())):
        if not os.access(place, os.R_OK | os.W_OK | os.X_OK):
            yield fail(
                "home.unwritable",
                "Home",
                f"{place} cannot be written by {os.getuid()}",
                why="nothing that arrives could be kept",
                mend=f"chown -R jiangbang: {home} (and run commands as the services do: docs/deploy.md)",
            )
        if place.stat().st_mode & 0o077:
            yield fail(
                "home.open",
                "Home",
                f"{place} can be entered by other accounts",
                why="it holds keys, files and personal data",
                mend=f"chmod 700 {place}",
            )
    if (home / "first-sign-in.txt").exists():
        yield warn(
            "home.first_sign_in",
            "First account",
            f"its password still lies in {home / 'first-sign-in.txt'}",
            why="whoever reads the file is the organiser",
            mend=f"sign in, change it, rm {home / 'first-sign-in.txt'}",
        )
    yield ok("home", "Home", str(home))


def keys(home: Path) -> Iterator[Finding]:
    """The files of keys: for their owner only."""
    folder = home / "keys"
    for path in sorted(folder.iterdir()) if os.access(folder, os.R_OK | os.X_OK) else []:
        if path.is_file() and path.stat().st_mode & 0o077:
            yield fail(
                "keys.open",
                "Keys",
                f"{path.name} can be read by other accounts",
                why="with it and a copy of the database everything can be read or signed",
                mend=f"chmod 600 {path}; if somebody may have read it, make it anew",
            )


def disk(home: Path) -> Iterator[Finding]:
    place = home if home.is_dir() else home.parent
    if not place.is_dir():
        return
    free = shutil.disk_usage(place).free
    said = f"{free // 1024**2} MB free"
    why, mend = (
        "a packet that finds no room is refused, in the hour before the deadline",
        "free or add space under the home",
    )
    if free < LOW_DISK:
        yield fail("disk.low", "Disk", said, why=why, mend=mend)
    elif free < SCARCE_DISK:
        yield warn("disk.scarce", "Disk", said, why=why, mend=mend)
    else:
        yield ok("disk", "Disk", said)
    counted = os.statvfs(place)
    if counted.f_files and counted.f_favail * 20 < counted.f_files:
        yield warn(
            "disk.inodes",
            "Disk",
            f"{counted.f_favail} more files can be made",
            why="each stored paper is a file",
            mend="delete what lies about, or make a file system with more inodes",
        )
