"""The database's part of a copy: SQLite by its own online backup, PostgreSQL by the server's own tools."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from django.db import connection

from jiangbang.backup.manifest import CopyError

# Pages that SQLite copies at a time: between them others may write.
PAGES: Final = 2048
NAMES: Final = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}


def copy_database(folder: Path) -> str:
    """Copy the database, as it stands at one moment, into the folder while others work on it. Returns the file's name. Raises CopyError."""
    name = NAMES[connection.vendor]
    if connection.vendor == "sqlite":
        _copy_sqlite(Path(str(connection.settings_dict["NAME"])), folder / name)
    else:
        _run("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", f"--file={folder / name}"])
    return name


def put_back(copy: Path) -> None:
    """Fill the configured database, which must be empty, from a copy. Raises CopyError; then nothing of it is in force."""
    if connection.vendor == "sqlite":
        target = Path(str(connection.settings_dict["NAME"]))
        connection.close()
        draft = target.with_name(f"{target.name}.restoring")
        shutil.copyfile(copy, draft)
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.replace(target)
        return
    connection.close()
    _run(
        "pg_restore", ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(copy)], into=True
    )


def is_empty() -> bool:
    """Whether the configured database holds nothing."""
    if connection.vendor == "sqlite" and not Path(str(connection.settings_dict["NAME"])).exists():
        return True
    return not connection.introspection.table_names()


def _copy_sqlite(source: Path, target: Path) -> None:
    # mode=ro still takes part in the write-ahead log, so the copy is of one moment
    original = sqlite3.connect(f"file:{source}?mode=ro", uri=True)
    copy = sqlite3.connect(target)
    try:
        original.backup(copy, pages=PAGES, sleep=0.01)
        if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise CopyError(f"{source} is damaged: SQLite's integrity check fails; call the operator")
    except sqlite3.Error as error:
        raise CopyError(f"{source} cannot be copied: {error}") from None
    finally:
        original.close()
        copy.close()
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def _run(tool: str, arguments: Sequence[str], *, into: bool = False) -> None:
    settings = connection.settings_dict
    where = [f"--dbname={settings['NAME']}"] if into else [str(settings["NAME"])]
    for option, key in (("--host", "HOST"), ("--port", "PORT"), ("--username", "USER")):
        if settings[key]:
            where.append(f"{option}={settings[key]}")
    environment = {**os.environ, **({"PGPASSWORD": str(settings["PASSWORD"])} if settings["PASSWORD"] else {})}
    done = subprocess.run(  # noqa: S603 — the server's own tool, our own arguments
        [_tool(tool), "--no-password", *where, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = " ".join(done.stderr.split())[-300:]
        raise CopyError(f"{tool} failed: {said}")


def _tool(name: str) -> str:
    """The newest of the server's tools on this machine: one older than the server refuses to work."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name.split(".")[0]))
    for folder in reversed(folders):
        if (folder / name).is_file():
            return str(folder / name)
    found = shutil.which(name)
    if found is None:
        raise CopyError(f"{name} is missing: install PostgreSQL's client tools (Debian: apt install postgresql-client)")
    return found
