"""Every released state brought to the present: `tests/released` says which there are (docs/decisions/0040).

For each one its own program is taken out of the history and makes its own database, with rows of its own rehearsal; the present program
then migrates it. Every row must still be there, the tables must be those of a new installation, the register must verify, the doctor find
no fault. On SQLite. `--record NAME` writes the present state down as a release instead; `--only NAME` tries one.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RELEASED = ROOT / "tests" / "released"
PEOPLE = os.environ.get("UPGRADE_PEOPLE", "12")
# What the old program does in its own home; a release that knows no such command says so.
ROWS = (("register", "verify"), ("rehearse", "--dossiers", PEOPLE, "--seed", "7"))
# what is renewed by itself, or written anew by the migration
PASSING = frozenset(("django_session", "jiangbang_cache", "django_migrations", "sqlite_sequence", "queue_job"))


def main() -> int:
    """Try all, print the sums as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.trust._upgrade_path", description=__doc__)
    parser.add_argument("--record", metavar="NAME")
    parser.add_argument("--only", metavar="NAME")
    asked = parser.parse_args()
    if asked.record:
        return record(asked.record)
    releases = [path for path in sorted(RELEASED.glob("*.txt")) if asked.only in (None, path.stem)]
    with tempfile.TemporaryDirectory(prefix="jiangbang-upgrade-") as folder:
        fresh = Path(folder) / "fresh"
        house(ROOT, fresh, "register", "verify")
        found = [upgrade(release, Path(folder), tables(fresh)) for release in releases]
    sums = {
        "releases brought to the present": len(found),
        **{name: sum(one[name] for one in found) for name in found[0]},
    }
    print(json.dumps(sums))
    return int(any(sums[name] for name in ("rows lost", "tables that differ", "registers that fail", "faults found")))


def record(name: str) -> int:
    """Write down the commit and the hash of each migration, as they are in the last commit."""
    lines = ["# in one sentence: what it brings", f"# commit {git('rev-parse', 'HEAD').decode().strip()}"]
    for path in sorted(git("ls-tree", "-r", "--name-only", "HEAD", "--", "src/jiangbang").decode().split()):
        if "/migrations/" in path and not path.endswith("__init__.py"):
            digest = hashlib.sha256(git("show", f"HEAD:{path}")).hexdigest()
            lines.append(f"{digest}  {path.removeprefix('src/jiangbang/')}")
    (RELEASED / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


def upgrade(release: Path, folder: Path, fresh: Mapping[str, object]) -> dict[str, int]:
    """One release from its own database to the present."""
    commit = next(line.split()[-1] for line in release.read_text("utf-8").splitlines() if line.startswith("# commit "))
    old, home = folder / f"program-{release.stem}", folder / f"home-{release.stem}"
    with tarfile.open(fileobj=io.BytesIO(git("archive", commit, "src", "programmes"))) as archive:
        archive.extractall(old, filter="data")
    for command in ROWS:
        house(old, home, *command)
    before = rows(home)
    print(f"  {release.stem}: {sum(before.values())} rows of {commit[:7]}", file=sys.stderr)
    # the first command of the present program migrates
    verified = house(ROOT, home, "register", "verify", may_fail=True)
    after = rows(home)
    said = json.loads(house(ROOT, home, "doctor", "--json", may_fail=True).stdout)
    differing = [name for name in fresh.keys() | tables(home).keys() if fresh.get(name) != tables(home).get(name)]
    faults = [finding["code"] for finding in said if finding["level"] == "fail"]
    for kind, names in (("tables", differing), ("faults", faults)):
        if names:
            print(f"  {release.stem}: {kind}: {', '.join(sorted(names))}", file=sys.stderr)
    shutil.rmtree(old)
    return {
        "rows of old versions": sum(before.values()),
        "rows lost": sum(max(count - after.get(name, 0), 0) for name, count in before.items()),
        "tables that differ": len(differing),
        "registers that fail": int(verified.returncode != 0),
        "faults found": len(faults),
    }


def house(program: Path, home: Path, *arguments: str, may_fail: bool = False) -> subprocess.CompletedProcess[str]:
    """A command of one program in one home. Ends everything when an old program cannot make its rows."""
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL" and "JIANGBANG" not in name}
    environment = {
        **kept,
        "PYTHONPATH": str(program / "src"),
        "JIANGBANG_HOME": str(home),
        "JIANGBANG_NODE_MODULES": str(ROOT / "node_modules"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "jiangbang", *arguments],
        cwd=program,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode and not may_fail:
        sys.exit(f"{program.name}: jiangbang {' '.join(arguments)}: {(done.stderr or done.stdout)[-800:]}")
    return done


def git(*arguments: str) -> bytes:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        sys.exit(f"git {arguments[0]} failed; the whole history is needed: {done.stderr.decode()[-300:]}")
    return done.stdout


def tables(home: Path) -> dict[str, object]:
    """What the database is made of: columns, indexes and triggers of each table, in an order of their own."""
    with closing(sqlite3.connect(home / "jiangbang.sqlite3")) as database:
        made = database.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
        shapes: dict[str, object] = {}
        for kind, name, table, sql in made:
            if kind == "table" and not name.startswith("sqlite_"):
                columns = sorted(row[1:] for row in database.execute(f"PRAGMA table_info('{name}')"))
                checks = sorted(part.split('"')[0] for part in str(sql).split('CONSTRAINT "')[1:])
                beside = sorted(
                    str(other[3]) for other in made if other[2] == table and other[0] in ("index", "trigger")
                )
                shapes[name] = (columns, checks, beside)
    return shapes


def rows(home: Path) -> dict[str, int]:
    """How many rows each table has that is meant to last."""
    with closing(sqlite3.connect(home / "jiangbang.sqlite3")) as database:
        named = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        names = [name for (name,) in named if name not in PASSING and not name.startswith("sqlite_")]
        return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}


if __name__ == "__main__":
    sys.exit(main())
