"""A copy is taken while the house works, checked byte by byte, and put back into an empty installation of the same kind."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from nomination.packet_files import make_packet

from jiangbang.backup.manifest import pooled, read_listing
from jiangbang.commands.speaking import bundled_form

PEOPLE = 3
PASSPHRASE = "a passphrase of a test"


class House:
    """An installation of its own: home, database, and the command line in it."""

    def __init__(self, home: Path, database: str | None) -> None:
        kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        named = {"DATABASE_URL": database} if database else {}
        self.home = home
        self.environment = {**kept, **named, "JIANGBANG_HOME": str(home), "JIANGBANG_KEYS_PASSPHRASE": PASSPHRASE}

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Exit status, standard output, standard error."""
        done = subprocess.run(
            [sys.executable, "-m", "jiangbang", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr


@contextmanager
def new_database() -> Iterator[str | None]:
    """A database of its own on the server that the suite runs on; None where that is SQLite."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        yield None
        return
    name = f"copy_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """An installation that has received a packet."""
    folder = tmp_path_factory.mktemp("house")
    with new_database() as database:
        made = House(folder / "home", database)
        packet, _ = make_packet(folder, bundled_form(), PEOPLE)
        status, _out, err = made.run("packet", "receive", str(packet), "--unit", "滨江")
        assert status in (0, 1), err
        yield made


@pytest.fixture(scope="module")
def copy(house: House, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of it, its keys beside."""
    folder = tmp_path_factory.mktemp("copies")
    status, out, err = house.run("backup", str(folder / "all"), "--keys", str(folder / "keys.sealed"), "--json")
    assert status == 0, err
    return Path(json.loads(out)["copy"])


def keys_of(copy: Path) -> Path:
    return copy.parents[1] / "keys.sealed"


def test_what_was_copied_is_put_back_and_the_register_verifies(house: House, copy: Path, tmp_path: Path) -> None:
    with new_database() as database:
        other = House(tmp_path / "home", database)
        status, out, err = other.run("restore", str(copy), "--keys", str(keys_of(copy)), "--json")
        assert status == 0, err
        back = json.loads(out)
        assert (back["whole"], back["missing"]) == (True, [])
        verified = [json.loads(one.run("register", "verify", "--json")[1]) for one in (house, other)]
        assert verified[0]["root"] == verified[1]["root"]
        # the sealed values are readable: the same packet is judged against the people who are there
        assert other.run("doctor", "--json")[0] == house.run("doctor", "--json")[0]
        assert "the database holds something already" in other.run("restore", str(copy))[2]


def test_a_second_copy_reads_and_keeps_only_what_is_new(house: House, copy: Path) -> None:
    pool = set((copy.parent / "pool").rglob("*"))
    status, out, _err = house.run("backup", str(copy.parent), "--json")
    second = Path(json.loads(out)["copy"])
    assert (status, second != copy) == (0, True)
    assert set((copy.parent / "pool").rglob("*")) == pool
    assert [one.name for one in read_listing(second)] == [one.name for one in read_listing(copy)]


def test_nothing_in_a_copy_opens_it(house: House, copy: Path) -> None:
    keys = {path.read_bytes() for path in (house.home / "keys").iterdir()}
    assert keys
    copied = [path.read_bytes() for path in copy.parent.rglob("*") if path.is_file()]
    assert not [key for key in keys for body in copied if key in body]
    assert not [key for key in keys if key in keys_of(copy).read_bytes()]


def test_a_damaged_copy_is_found_and_not_put_back(house: House, tmp_path: Path) -> None:
    made = Path(json.loads(house.run("backup", str(tmp_path / "copies"), "--json")[1])["copy"])
    assert house.run("backup", str(tmp_path / "copies"), "--check")[0] == 0
    listed = next(read_listing(made))
    path = pooled(made.parent, listed.sha256)
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.write_bytes(body)
    status, out, _err = house.run("backup", str(made), "--check", "--json")
    report = json.loads(out)
    assert (status, report["whole"], len(report["problems"])) == (1, False, 1)
    assert listed.name in report["problems"][0]
    with new_database() as database:
        status, _out, err = House(tmp_path / "home", database).run("restore", str(made))
    assert (status, "use another copy" in err) == (2, True)


def test_each_refusal_is_one_sentence(house: House, copy: Path, tmp_path: Path) -> None:
    empty = House(tmp_path / "home", None)
    (tmp_path / "nothing").mkdir()
    assert "is no copy" in empty.run("restore", str(tmp_path / "nothing"))[2]
    assert "holds no copy" in empty.run("backup", str(tmp_path / "nothing"), "--check")[2]
    empty.environment["JIANGBANG_KEYS_PASSPHRASE"] = "not the passphrase"
    said = empty.run("restore", str(copy), "--keys", str(keys_of(copy)))[2]
    assert said.strip().endswith("the passphrase is wrong, or the file of the keys is damaged")
    again = house.run("backup", str(tmp_path / "copies"), "--keys", str(keys_of(copy)))[2]
    assert "is there already" in again
    house_short = House(house.home, house.environment.get("DATABASE_URL"))
    house_short.environment["JIANGBANG_KEYS_PASSPHRASE"] = "short"
    assert (
        "at least 12 characters"
        in house_short.run("backup", str(tmp_path / "copies"), "--keys", str(tmp_path / "k"))[2]
    )
