"""A packet of 500 forms with photos: read, checked, received; and what one form costs at 50, 500 and 5,000.

(a) reading the forms alone, in process · (b) the packet checked: archive, child process, roster, cross-check, clauses · (c) received:
(b) with photos and archive encrypted into the evidence storage, dossiers sealed, and the register's entries, on SQLite and, where
DATABASE_URL names a server, on a PostgreSQL database of its own. Each in a fresh process in a fresh home; memory is the sum of
the resident sets of that process and its children, sampled. Targets: c/a at most 3; under 300 MB and flat.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

SIZES = (50, 500, 5_000)
MAIN_SIZE = 500
ROUNDS = 3
SEED = 500
# A district union: its quota is soft, so that nothing holds 500 people back.
UNIT = "330113"
# portraits drawn; the others are these with some bytes behind the picture's end, so that no two are the same file
DRAWN = 100
PAGE = os.sysconf("SC_PAGE_SIZE")


def run() -> dict[str, Any]:
    """Seconds, memory and ratios."""
    with tempfile.TemporaryDirectory(prefix="jiangbang-bench-") as folder:
        packets = {size: make_packet(Path(folder), size) for size in SIZES}
        main = _main_packet(Path(folder), packets[MAIN_SIZE])
        flat = [_row(Path(folder), size, packets[size], main if size == MAIN_SIZE else None) for size in SIZES]
    return {
        f"packet of {MAIN_SIZE}": main,
        "cost by size": flat,
    }


def _main_packet(folder: Path, packet: Path) -> dict[str, Any]:
    """The best of three rounds, taken in turn so that the machine's moods meet all alike."""
    measured: dict[str, list[dict[str, float]]] = {}
    for _ in range(ROUNDS):
        for work in works():
            measured.setdefault(work, []).append(measure(folder, work, packet))
    best = {work: min(rounds, key=lambda row: row["seconds"]) for work, rounds in measured.items()}
    reading = best["read"]["seconds"]
    return {
        "megabytes": round(packet.stat().st_size / 1e6, 1),
        "rows": [
            {
                "work": work,
                "seconds": row["seconds"],
                "forms/s": MAIN_SIZE / row["seconds"],
                "times reading": row["seconds"] / reading,
                "peak MB": row["peak_mb"],
            }
            for work, row in best.items()
        ],
    }


def _row(folder: Path, size: int, packet: Path, known: dict[str, Any] | None) -> dict[str, Any]:
    """One size: milliseconds for each form, and the peak."""
    row: dict[str, Any] = {"forms": size}
    for work in works():
        if known is not None:
            found = next(line for line in known["rows"] if line["work"] == work)
            seconds, peak = found["seconds"], found["peak MB"]
        else:
            taken = measure(folder, work, packet)
            seconds, peak = taken["seconds"], taken["peak_mb"]
        row[f"{work} ms/form"] = seconds / size * 1000
        row[f"{work} MB"] = peak
    return row


def works() -> list[str]:
    """What is measured."""
    return ["read", "check", "receive", *(["receive_postgresql"] if os.environ.get("DATABASE_URL") else [])]


def make_packet(folder: Path, size: int) -> Path:
    """The packet of so many synthetic people of one unit."""
    from jiangbang.commands.speaking import bundled_edition
    from jiangbang.rehearsal.faults import Slip
    from jiangbang.rehearsal.papers import PacketPapers, packet_archive
    from jiangbang.rehearsal.people import make_people

    edition = bundled_edition()
    unit = edition.unit(UNIT)
    drawn = make_people(
        min(size, DRAWN),
        seed=SEED,
        form=edition.form,
        classes=edition.industry_classes,
        signed=date(2023, 3, 1),
        year=2023,
    )
    slips = []
    for number in range(size):
        person = drawn[number % DRAWN]
        if number >= DRAWN:
            photo = (person.photo or b"") + number.to_bytes(8, "big")
            size_in_pixels = (int(person.record["photo"]["width"]), int(person.record["photo"]["height"]))  # type: ignore[index,arg-type,call-overload]
            changes = {"id_number": _number(number), "birth_month": "1980-01", "gender": "male"}
            person = person.changed(**changes).with_photo(photo, size_in_pixels)
        slips.append(Slip.right(person))
    path = folder / str(size) / f"{unit.short_name}+数字工匠推荐.zip"
    path.parent.mkdir()
    path.write_bytes(packet_archive(slips, edition.form, PacketPapers(unit.name, path.stem)))
    return path


def _number(number: int) -> str:
    """A right synthetic identity number for each person beyond the drawn ones, born in January 1980, male."""
    from jiangbang.kernel.identity import synthetic

    return synthetic("990101", date(1980, 1, 1 + number // 400), number % 400 * 2 + 1)


# -- one measurement in a process of its own ------------------------------------------------------------------------------


def measure(folder: Path, work: str, packet: Path) -> dict[str, float]:
    """Seconds of the work itself (start-up left out) and the peak of the process and its children, in MB."""
    home = folder / f"home-{secrets.token_hex(4)}"
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment |= {"JIANGBANG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "jiangbang.settings"}
    with _postgresql() if work == "receive_postgresql" else contextlib.nullcontext() as url:
        if url:
            environment["DATABASE_URL"] = url
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.packets", work.removesuffix("_postgresql"), str(packet)],
            cwd=Path(__file__).resolve().parents[1],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        with peak_of(process.pid) as peak:
            out, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"{work} failed")
    return {**json.loads(out.splitlines()[-1]), "peak_mb": round(peak[0] / 1e6, 1)}


@contextlib.contextmanager
def _postgresql() -> Iterator[str]:
    """A database of its own on the server that DATABASE_URL names."""
    import psycopg

    base, _, rest = os.environ["DATABASE_URL"].rpartition("/")
    name = f"jiangbang_bench_{secrets.token_hex(4)}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    try:
        yield f"{base}/{name}" + (f"?{rest.partition('?')[2]}" if "?" in rest else "")
    finally:
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
            server.execute(f'DROP DATABASE "{name}"')


@contextlib.contextmanager
def peak_of(root: int, every: float = 0.02) -> Iterator[list[int]]:
    """The largest sum of resident sets of `root` and its descendants while the block runs, in bytes, from /proc."""
    peak, stop = [0], threading.Event()

    def watch() -> None:
        while not stop.wait(every):
            peak[0] = max(peak[0], sum(_resident(pid) for pid in _family(root)))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        stop.set()
        watcher.join()


def _family(root: int) -> Iterator[int]:
    waiting = [root]
    while waiting:
        pid = waiting.pop()
        yield pid
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{pid}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


# -- inside that process --------------------------------------------------------------------------------------------------


def read(packet: Path) -> float:
    """(a) the forms alone."""
    from jiangbang.commands.speaking import bundled_form
    from jiangbang.papers.nomination_form import read_form

    form = bundled_form()
    started = time.perf_counter()
    with zipfile.ZipFile(packet) as archive:
        for name in archive.namelist():
            if "推荐表" in name and not read_form(archive.read(name), form, source=name).record["name"]:
                raise SystemExit(f"{name} was not read")
    return time.perf_counter() - started


def check(packet: Path) -> float:
    """(b) the packet judged, nothing stored."""
    edition, unit = _ready()
    from jiangbang.nomination.acts import judge_packet

    started = time.perf_counter()
    judgement = judge_packet(_reading(packet, edition, keep=False), edition=edition, unit=unit)
    seconds = time.perf_counter() - started
    _demand_clean(judgement)
    return seconds


def receive(packet: Path) -> float:
    """(c) the packet received, as the command line and the worker do it."""
    edition, unit = _ready()
    from jiangbang.accounts.acts import console_account
    from jiangbang.nomination import acts, evidence

    by = console_account()
    started = time.perf_counter()
    reading = _reading(packet, edition, keep=True)
    evidence.keep_file(packet, reading.sha256)
    _packet, judgement = acts.receive_packet(reading, edition=edition, unit=unit, by=by)
    seconds = time.perf_counter() - started
    _demand_clean(judgement)
    return seconds


def _ready() -> tuple[Any, Any]:
    from jiangbang.commands.ready import make_ready

    make_ready()
    from jiangbang.programme.queries import default_edition

    edition = default_edition()
    assert edition is not None
    return edition, edition.spec.unit(UNIT)


def _reading(packet: Path, edition: Any, *, keep: bool) -> Any:
    from jiangbang.nomination.intake import read_packet
    from jiangbang.papers.limits import LIMITS

    # 5,000 members are more than a packet may have: the limit is raised on purpose
    limits = replace(LIMITS, members=max(SIZES) + 10)
    return read_packet(packet, edition.spec.form, name=packet.name, keep=keep, limits=limits)


def _demand_clean(judgement: Any) -> None:
    if judgement is None or judgement.verdict != "clean":
        codes = {finding.code for finding in judgement.findings if finding.severity == "block"} if judgement else set()
        raise SystemExit(f"the packet of the benchmark is not clean: {sorted(codes)}")


if __name__ == "__main__":
    work = {"read": read, "check": check, "receive": receive}[sys.argv[1]]
    print(json.dumps({"seconds": round(work(Path(sys.argv[2])), 4)}))
