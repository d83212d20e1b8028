"""What all tests share: the closed network, the shared folder, and the markers."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from commands.console import Console
from hypothesis import settings as hypothesis_settings

ROOT = Path(__file__).resolve().parents[1]

# No deadline: the machine is shared, and a slow example is not a wrong one. CI tries the same examples every time.
hypothesis_settings.register_profile("house", deadline=None, print_blob=True)
hypothesis_settings.register_profile("ci", parent=hypothesis_settings.get_profile("house"), derandomize=True)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") else "house")

# Folders, and the marker that each of their tests bears.
MARKED = {"journeys": "journey", "faults": "fault", "hostile": "hostile"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark by folder, so that a marker is never forgotten."""
    for item in items:
        if not item.path.is_relative_to(ROOT / "tests"):
            continue
        folder = item.path.relative_to(ROOT / "tests").parts[0]
        if folder in MARKED:
            item.add_marker(MARKED[folder])


@pytest.fixture(scope="session")
def ready_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home on SQLite that is migrated and has the bundled programme: copied, never used. Migrating takes seconds each time."""
    home = tmp_path_factory.mktemp("ready") / "home"
    outcome = Console(home)("register", "verify")
    assert outcome.status == 0, outcome.err
    return home


@pytest.fixture(scope="session")
def served_home(tmp_path_factory: pytest.TempPathFactory, ready_home: Path) -> Path:
    """That home with the static files gathered, for tests that start the server: copied, never used. Gathering takes seconds each time."""
    home = tmp_path_factory.mktemp("served") / "home"
    shutil.copytree(ready_home, home)
    gather = "import django; django.setup(); from jiangbang.web.collecting import collect_static; collect_static()"
    environment = {**os.environ, "JIANGBANG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "jiangbang.settings"}
    subprocess.run([sys.executable, "-c", gather], env=environment, check=True)
    return home


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder of samples and data sets beside the project. Never copied into it; a clone alone has none."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("no ../shared folder beside the project: samples and data sets are not part of it")
    return folder


class NetworkRefusedError(Exception):
    """A test tried to reach another machine."""


def _is_local(host: Any) -> bool:
    """Whether `host` names this machine: a loopback address, or the name that stands for it."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host is None or host in {"", "localhost"}:
        return True
    try:
        address = ipaddress.ip_address(str(host).split("%", 1)[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


@pytest.fixture(autouse=True, scope="session")
def closed_network() -> Iterator[None]:
    """No test reaches another machine: only loopback and Unix sockets may be connected, and no name is looked up."""
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex"):
        patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
    look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not _is_local(host):
            raise NetworkRefusedError(f"a test looked up {host!r}")
        return look_up(host, *args, **kwargs)

    patch.setattr(socket, "getaddrinfo", getaddrinfo)
    yield
    patch.undo()


def _guarded(connect: Any) -> Any:
    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family != socket.AF_UNIX and not _is_local(address[0]):
            raise NetworkRefusedError(f"a test tried to connect to {address!r}")
        return connect(self, address)

    return guarded
