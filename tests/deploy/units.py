"""The unit files of deploy/, read and started as systemd would: their ExecStart, their environment, a socket handed over."""

from __future__ import annotations

import os
import shlex
import socket
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
SYSTEMD = DEPLOY / "systemd"
PROGRAM = "/opt/jiangbang/bin/jiangbang"
HOME = "/var/lib/jiangbang"
COPIES = "/var/backups/jiangbang"
# a service of systemd gets these and what its unit says, nothing of the terminal's
BARE = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin", "LANG": "C.UTF-8"}
# systemd hands the socket over as descriptor 3 and says to whom
HAND_OVER = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid())); "
    "os.execv(sys.argv[2], sys.argv[2:])"
)


def read_unit(name: str) -> dict[str, list[str]]:
    """The unit's settings with those of the common drop-in, as `Section.Key` → values in order."""
    found: dict[str, list[str]] = defaultdict(list)
    files = [SYSTEMD / name]
    if name.endswith(".service"):
        files.append(SYSTEMD / "jiangbang-.service.d" / "confinement.conf")
    for file in files:
        section = ""
        for line in file.read_text("utf-8").splitlines():
            if line.startswith("["):
                section = line.strip("[]")
            elif line and not line.startswith(("#", ";")):
                key, _, value = line.partition("=")
                found[f"{section}.{key}"].append(value)
    return dict(found)


def environment_of(name: str, home: Path) -> dict[str, str]:
    """What the unit's service finds in its environment; the settings are those of deploy/environment."""
    unit = read_unit(name)
    assert unit["Service.EnvironmentFile"] == ["/etc/jiangbang/environment"]
    lines = (DEPLOY / "environment").read_text("utf-8").splitlines()
    settings = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    environment = {key: shlex.split(value)[0] for key, value in settings.items()}
    environment |= dict(setting.split("=", 1) for setting in unit["Service.Environment"])
    assert environment["JIANGBANG_HOME"] == HOME
    return {**BARE, **environment, "JIANGBANG_HOME": str(home)}


def command_of(name: str, copies: Path | None = None) -> list[list[str]]:
    """What the unit starts, with the program of this checkout in the place of the installed one."""
    program = str(Path(sys.executable).with_name("jiangbang"))
    commands = [shlex.split(line) for line in read_unit(name)["Service.ExecStart"]]
    assert {command[0] for command in commands} == {PROGRAM}
    return [[program, *(str(copies) if part == COPIES else part for part in command[1:])] for command in commands]


def start(name: str, home: Path, listening: socket.socket | None = None, **more: str) -> subprocess.Popen[bytes]:
    """Start the unit's service. `more` are settings beside those of the example; what it says goes to `home/journal`."""
    (command,) = command_of(name)
    if listening is not None:
        command = [sys.executable, "-c", HAND_OVER, str(listening.fileno()), *command]
    with (home / "journal").open("ab") as journal:
        return subprocess.Popen(
            command,
            cwd=home,
            env={**environment_of(name, home), **more},
            pass_fds=[] if listening is None else [listening.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=journal,
            stderr=journal,
            umask=int(read_unit(name)["Service.UMask"][0], 8),
            start_new_session=True,
        )


def stop(process: subprocess.Popen[bytes], name: str) -> None:
    """Tell it to stop as systemd does. Fails unless it ends well within the time that its unit gives it."""
    process.terminate()
    assert process.wait(timeout=int(read_unit(name)["Service.TimeoutStopSec"][0])) == 0


def open_socket(path: Path) -> socket.socket:
    """The socket of jiangbang-web.socket, in another place."""
    unit = read_unit("jiangbang-web.socket")
    assert unit["Socket.ListenStream"] == ["/run/jiangbang/web.sock"]
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(path))
    listening.listen(int(unit["Socket.Backlog"][0]))
    return listening


def as_nobody() -> dict[str, int]:
    """For subprocesses that shall not be root's, as nginx's: a number of an account and a group; nothing where we are not root."""
    return {"user": 65534, "group": 65534} if os.geteuid() == 0 else {}
