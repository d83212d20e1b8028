"""Around the run: an empty network, counters that say whether anybody tried to leave it, and what lies on the disk before and after."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
# What a program that wants to reach somebody counts up, whether it gets there or not.
COUNTERS = {"Ip": ("OutRequests", "OutNoRoutes"), "Tcp": ("ActiveOpens",), "Udp": ("OutDatagrams",)}


def cut_off() -> bool:
    """Leave the network for one in which even loopback is down. False where the system does not let us."""
    user = 0 if os.geteuid() == 0 else _CLONE_NEWUSER
    return ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWNET | user) == 0


def tried() -> int:
    """Packets and connections that were asked for in this network since it was made; -1 where nobody counts."""
    try:
        lines = [line.split() for line in Path("/proc/net/snmp").read_text().splitlines()]
    except OSError:
        return -1
    found = 0
    for names, values in zip(lines[::2], lines[1::2], strict=True):
        wanted = COUNTERS.get(names[0].rstrip(":"), ())
        found += sum(int(values[place]) for place, name in enumerate(names) if name in wanted)
    return found


def contents(folder: Path) -> frozenset[tuple[str, int, int]]:
    """Every file beneath a folder, with size and moment of its last change."""
    found = []
    for directory, _folders, names in os.walk(folder):
        for name in names:
            path = Path(directory) / name
            try:
                status = path.lstat()
            except FileNotFoundError:
                continue
            found.append((str(path), status.st_size, status.st_mtime_ns))
    return frozenset(found)


def watched() -> list[Path]:
    """Folders into which nothing may be written: the program's own, and whatever a path upwards would lead to."""
    import jiangbang

    return [Path(jiangbang.__file__).parent, Path("/etc"), Path(sys.prefix) / "bin"]
