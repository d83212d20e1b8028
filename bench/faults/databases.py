"""A database as it stood at one moment, restored as often as wanted: a file on SQLite, a template on PostgreSQL."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, connections

from bench import _postgres
from jiangbang.register.keys import checkpoint_file


class Snapshot:
    """The database of this process as it stands now. `restored` works on a copy; afterwards the process is back on its own."""

    def __init__(self) -> None:
        self.name = str(connection.settings_dict["NAME"])
        connections.close_all()
        self.copy = f"{self.name}-copy" if connection.vendor == "sqlite" else f"{self.name}_copy"
        self.checkpoint = checkpoint_file().read_bytes() if checkpoint_file().exists() else None

    @contextmanager
    def restored(self) -> Iterator[None]:
        """A fresh copy to work on. What lies in the home beside it is put back afterwards."""
        connections.close_all()
        self._make()
        connection.settings_dict["NAME"] = self.copy
        try:
            yield
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = self.name
            self._drop()
            if self.checkpoint is None:
                checkpoint_file().unlink(missing_ok=True)
            else:
                checkpoint_file().write_bytes(self.checkpoint)

    def _make(self) -> None:
        if connection.vendor == "sqlite":
            for suffix in ("", "-wal", "-shm"):
                Path(self.copy + suffix).unlink(missing_ok=True)
                if Path(self.name + suffix).exists():
                    shutil.copyfile(self.name + suffix, self.copy + suffix)
            return
        self._say(f'DROP DATABASE IF EXISTS "{self.copy}" WITH (FORCE)')
        self._say(f'CREATE DATABASE "{self.copy}" TEMPLATE "{self.name}"')

    def _drop(self) -> None:
        if connection.vendor == "sqlite":
            for suffix in ("", "-wal", "-shm"):
                Path(self.copy + suffix).unlink(missing_ok=True)
        else:
            self._say(f'DROP DATABASE "{self.copy}" WITH (FORCE)')

    def _say(self, sentence: str) -> None:
        import psycopg

        with psycopg.connect(address(), autocommit=True) as server:
            server.execute(sentence)


def address() -> str:
    """The server that this process works on, by its own database `postgres`."""
    at = connection.settings_dict
    return f"postgresql://{at['USER']}@{at['HOST']}:{at['PORT']}/postgres"


def restart() -> None:
    """End the server without a word to anybody, as a power cut would, and start it again."""
    import psycopg

    with psycopg.connect(address(), autocommit=True) as server:
        (folder,) = server.execute("SHOW data_directory").fetchone()  # type: ignore[misc]
    programs = _postgres.tools()
    assert programs is not None
    owner = Path(folder).owner()
    account = [] if owner == Path.home().owner() else ["runuser", "-u", owner, "--"]
    options = (
        (Path(folder) / "postmaster.opts")
        .read_text()
        .split(" ", 1)[1]
        .strip()
        .replace('"', "")
        .replace(f"-D {folder}", "")
    )
    command = [
        *account,
        str(programs / "pg_ctl"),
        f"--pgdata={folder}",
        "--mode=immediate",
        "--wait",
        f"--log={folder}/../log",
    ]
    subprocess.run(
        [*command, "restart", "-o", options], check=True, cwd="/", stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL
    )
