"""A PostgreSQL server of our own for a measurement: made in a temporary folder, ended with it."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "jiangbang"


def tools() -> Path | None:
    """The newest installed server's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    return found[-1] if found else None


@contextmanager
def server() -> Iterator[str | None]:
    """The address of a fresh server's `postgres` database; None where no PostgreSQL is installed.

    Unlike the tests' server it waits for the disk as an office's would: rates without that say nothing.
    """
    programs = tools()
    if programs is None:
        yield None
        return
    folder, port = Path(tempfile.mkdtemp(prefix="jiangbang-bench-")), _free_port()
    account = _account(folder)
    try:
        _run(account, programs / "initdb", f"--pgdata={folder}/data", f"--username={NAME}", "--auth=trust", "--no-sync")
        options = f"-p {port} -h 127.0.0.1 -k {folder} -c max_connections=100"
        _run(
            account,
            programs / "pg_ctl",
            f"--pgdata={folder}/data",
            "--wait",
            f"--log={folder}/log",
            "start",
            "-o",
            options,
        )
        try:
            yield f"postgresql://{NAME}@127.0.0.1:{port}/postgres"
        finally:
            _run(account, programs / "pg_ctl", f"--pgdata={folder}/data", "--wait", "--mode=fast", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def database(address: str, name: str) -> str:
    """Make an empty database on the server at `address`, which names another of its databases; its address."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return f"{address.rpartition('/')[0]}/{name}"


def drop(address: str, name: str) -> None:
    """Remove a database made with `database`."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _account(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return []
    names = {entry.pw_name for entry in pwd.getpwall()}
    name = "postgres" if "postgres" in names else "nobody"
    shutil.chown(folder, name)
    return ["runuser", "-u", name, "--"]


def _run(account: list[str], *command: str | Path) -> None:
    subprocess.run(
        [*account, *map(str, command)], check=True, cwd="/", stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL
    )
