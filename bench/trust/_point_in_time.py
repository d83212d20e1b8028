"""Point-in-time recovery on PostgreSQL, tried: what docs/operator.md says, done on two clusters of our own on free ports of 127.0.0.1.

A cluster archives its log into a folder; a base backup is taken while the house writes. Then come entries that shall be kept, a moment is
noted, then come entries and a disaster (rows of the register are deleted by hand, past every guard). The base backup and the archive, and
nothing else, are brought to the noted moment in a second cluster. The register there must verify, hold exactly the entries up to that
moment, and the checkpoint of the home must say that what came later is gone. As root the servers run as `postgres` or `nobody`.
"""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

# accounts made in each of three stretches of time
EACH = 30
WRITE = """
import django; django.setup()
from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role
import sys
name, count = sys.argv[1], int(sys.argv[2])
for number in range(count):
    create_account(f"{name}{number}", role=Role.ORGANISER, password=None, display_name=name)
"""


class Clusters:
    """Runs PostgreSQL's tools in one folder, never as root."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.account: dict[str, int] = {}
        if os.geteuid() == 0:
            name = next(name for name in ("postgres", "nobody") if _exists(name))
            entry = pwd.getpwnam(name)
            os.chown(folder, entry.pw_uid, entry.pw_gid)
            self.account = {"user": entry.pw_uid, "group": entry.pw_gid}

    def make(self, name: str) -> None:
        """A folder that the servers may write."""
        place = self.folder / name
        place.mkdir(mode=0o700)
        owner = self.folder.stat()
        os.chown(place, owner.st_uid, owner.st_gid)

    def run(self, tool: str, *arguments: str) -> str:
        done = subprocess.run(
            [str(_tools() / tool), *arguments],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **self.account,
        )
        if done.returncode:
            sys.exit(f"{tool} failed: {done.stderr[-1000:]}")
        return done.stdout.strip()

    @contextlib.contextmanager
    def serving(self, data: str) -> Iterator[int]:
        """The cluster in `data` until the block ends; yields its port. Waits until it is out of recovery."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        log = self.folder / f"{data}.log"
        # its log goes to a file: a pipe would fill
        with log.open("ab") as said:
            server = subprocess.Popen(
                [str(_tools() / "postgres"), "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", str(self.folder)],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                **self.account,
            )
        try:
            while self.asked(port, "SELECT NOT pg_is_in_recovery()", database="postgres", quietly=True) != "t":
                if server.poll() is not None:
                    sys.exit(log.read_text("utf-8")[-1500:])
                time.sleep(0.1)
            yield port
        finally:
            # fast shutdown: whoever is still connected is sent away
            server.send_signal(signal.SIGINT)
            server.wait(timeout=120)

    def asked(self, port: int, query: str, *, database: str = "jiangbang", quietly: bool = False) -> str:
        where = ["-h", "127.0.0.1", "-p", str(port), "-U", "jiangbang", "-d", database]
        done = subprocess.run(
            [str(_tools() / "psql"), *where, "-AtXqc", query], capture_output=True, text=True, check=False
        )
        if done.returncode and not quietly:
            sys.exit(done.stderr)
        return done.stdout.strip()


def main() -> int:
    """Do it all and print what was found as JSON."""
    with tempfile.TemporaryDirectory(prefix="jiangbang-pitr-") as folder, tempfile.TemporaryDirectory() as home:
        found = attempt(Clusters(Path(folder)), Path(home))
    print(json.dumps(found))
    return int(found["entries lost or too many"] != 0 or found["checks that failed"] != 0)


def attempt(clusters: Clusters, home: Path) -> dict[str, float]:
    """Live, lose, recover; then count."""
    at_the_moment, moment = live_and_lose(clusters, home)
    began = time.monotonic()
    lay_out(clusters, moment)
    with clusters.serving("again") as port:
        seconds = time.monotonic() - began
        there = int(clusters.asked(port, "SELECT count(*) FROM register_entry"))
        # the home's checkpoint is newer than the database now, and says so; without it what is there must be whole
        told = house(home, port, "register", "verify").returncode == 1
        (home / "register" / "checkpoint").unlink()
        whole = house(home, port, "register", "verify").returncode == 0
    return {
        "entries recovered": there,
        "entries lost or too many": abs(there - at_the_moment),
        "checks that failed": 2 - told - whole,
        "seconds until the server answers": round(seconds, 1),
    }


def live_and_lose(clusters: Clusters, home: Path) -> tuple[int, str]:
    """A house at work, a base backup meanwhile, a moment, a disaster after it. Returns the entries at the moment, and the moment."""
    folder = clusters.folder
    clusters.run(
        "initdb", "-D", "live", "-U", "jiangbang", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"
    )
    clusters.make("archive")
    add(
        folder / "live" / "postgresql.conf",
        "archive_mode = on",
        f"archive_command = 'test ! -f {folder}/archive/%f && cp %p {folder}/archive/%f'",
        "archive_timeout = 60",
    )
    with clusters.serving("live") as port:
        clusters.asked(port, "CREATE DATABASE jiangbang", database="postgres")
        wanted(house(home, port, "register", "verify"))
        with writing(home, port, "during"):
            clusters.run(
                "pg_basebackup", "-h", "127.0.0.1", "-p", str(port), "-U", "jiangbang", "-D", "base", "-c", "fast"
            )
        with writing(home, port, "kept"):
            pass
        at_the_moment = int(clusters.asked(port, "SELECT count(*) FROM register_entry"))
        moment = clusters.asked(port, "SELECT clock_timestamp()")
        with writing(home, port, "lost"):
            pass
        # past every guard, as only the server's own administrator can
        disaster = "ALTER TABLE register_entry DISABLE TRIGGER ALL; DELETE FROM register_entry WHERE index < 10"
        clusters.asked(port, disaster)
        clusters.asked(port, "SELECT pg_switch_wal()")
    return at_the_moment, moment


def lay_out(clusters: Clusters, moment: str) -> None:
    """The base backup as a cluster that fetches the log from the archive and stops at the moment: PostgreSQL, "Recovering Using a
    Continuous Archive Backup"."""
    clusters.run("pg_verifybackup", "base")
    again = clusters.folder / "again"
    (clusters.folder / "base").rename(again)
    add(
        again / "postgresql.conf",
        "archive_mode = off",
        f"restore_command = 'cp {clusters.folder}/archive/%f %p'",
        f"recovery_target_time = '{moment}'",
        "recovery_target_action = 'promote'",
    )
    add(again / "recovery.signal")


def add(file: Path, *lines: str) -> None:
    """Lines at the end of a file of the cluster; the file's owner stays, or is its folder's."""
    with file.open("a", encoding="utf-8") as written:
        written.write("\n".join(["", *lines, ""]))
    owner = file.parent.stat()
    os.chown(file, owner.st_uid, owner.st_gid)


def house(home: Path, port: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of the house on this cluster."""
    return subprocess.run(
        [sys.executable, "-m", "jiangbang", *arguments],
        env=environment(home, port),
        capture_output=True,
        text=True,
        check=False,
    )


@contextlib.contextmanager
def writing(home: Path, port: int, name: str) -> Iterator[None]:
    """Accounts are made, each with its entries, while the block runs; all of them are there at its end."""
    writer = subprocess.Popen([sys.executable, "-c", WRITE, name, str(EACH)], env=environment(home, port))
    yield
    if writer.wait():
        sys.exit("the house could not write")


def wanted(done: subprocess.CompletedProcess[str]) -> None:
    if done.returncode:
        sys.exit(done.stderr or done.stdout)


def environment(home: Path, port: int) -> dict[str, str]:
    place = f"postgresql://jiangbang@127.0.0.1:{port}/jiangbang"
    return {
        **os.environ,
        "DATABASE_URL": place,
        "JIANGBANG_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "jiangbang.settings",
    }


def _exists(name: str) -> bool:
    return any(entry.pw_name == name for entry in pwd.getpwall())


def _tools() -> Path:
    """The folder of the newest server on this machine."""
    found = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").is_file()]
    if not found:
        sys.exit("PostgreSQL's server is not installed (as root: apt-get install postgresql)")
    return max(found, key=lambda path: int(path.parent.name))


if __name__ == "__main__":
    sys.exit(main())
