"""The mailbox: 1,000 mails with a packet each, and one mail of 50 MB; beside them the same mails only fetched.

Taken in means: fetched in pieces, read in the child, message and packet encrypted into the evidence storage, committed with its register
entries, marked on the server. The limit is what IMAP itself gives: the same client fetching the same mails and throwing them away. A
Dovecot of the benchmark's own, on SQLite in a fresh home. Memory is the sum of the resident sets of process and child, sampled.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.packets import peak_of

ROOT = Path(__file__).resolve().parents[1]
MAILS = int(os.environ.get("BENCH_MAILS", "1000"))
PACKET_BYTES = 60_000
LARGE_BYTES = 50 * 1024 * 1024
SENDER = "office@union.example"


def run() -> dict[str, Any]:
    """Rates, seconds, memory, and how many times the limit each takes."""
    sys.path.insert(0, str(ROOT / "tests"))
    from dovecot import dovecot

    with dovecot() as server:
        _deliver(server, "many@award.example", MAILS, PACKET_BYTES)
        _deliver(server, "large@award.example", 1, LARGE_BYTES)
        many = _rows(server, "many@award.example", MAILS)
        large = _rows(server, "large@award.example", 1)
    return {f"{MAILS} mails of {PACKET_BYTES // 1000} kB": many, "one mail of 50 MB": large}


def _deliver(server: Any, user: str, count: int, size: int) -> None:
    from papers.mails import attached, message, text

    with server.client(user) as client:
        for number in range(count):
            content = b"PK\3\4" + number.to_bytes(4, "big") + os.urandom(size)
            whole = message(text("x"), attached(content, "a.zip"), sender=SENDER, message_id=f"<{number}.{size}@x>")
            client.append("INBOX", whole)


def _rows(server: Any, user: str, count: int) -> list[dict[str, Any]]:
    rows = []
    for work in ("fetched only", "taken in"):
        row = _measure(server.url(user), work)
        assert row["mails"] == count, row
        rows.append(
            {"work": work, "seconds": row["seconds"], "mails/s": count / row["seconds"], "peak MB": row["peak_mb"]}
        )
    for row in rows:
        row["times fetching"] = row["seconds"] / rows[0]["seconds"]
    return rows


def _measure(url: str, work: str) -> dict[str, Any]:
    from dovecot import PASSWORD

    with tempfile.TemporaryDirectory(prefix="jiangbang-bench-") as home:
        environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        environment |= {
            "JIANGBANG_HOME": home,
            "DJANGO_SETTINGS_MODULE": "jiangbang.settings",
            "JIANGBANG_IMAP_URL": url,
            "JIANGBANG_IMAP_PASSWORD": PASSWORD,
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.mailbox", work], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        )
        with peak_of(process.pid) as peak:
            out, _ = process.communicate()
        if process.returncode:
            raise SystemExit(f"{work} failed")
    return {**json.loads(out.splitlines()[-1]), "peak_mb": round(peak[0] / 1e6, 1)}


# -- inside that process --------------------------------------------------------------------------------------------------


def fetched_only() -> tuple[float, int]:
    """The limit: every mail fetched by the same client, in pieces of the same size, into nothing."""
    from jiangbang.nomination.mailbox_server import Mailbox, configured

    address = configured()
    assert address is not None
    started = time.perf_counter()
    with Mailbox(address) as box, Path(os.devnull).open("wb") as nowhere:
        from jiangbang.nomination.mailbox import batches

        count = sum(len(box.copy_into(nowhere, batch)) for batch in batches(box.waiting()))
    return time.perf_counter() - started, count


def taken_in() -> tuple[float, int]:
    """All of it."""
    from jiangbang.accounts.acts import create_account
    from jiangbang.accounts.models import Membership, Role, User
    from jiangbang.nomination import mailbox
    from jiangbang.nomination.mailbox_acts import mailbox_account
    from jiangbang.nomination.mailbox_server import configured
    from jiangbang.programme.queries import default_edition

    unit = create_account("unit", role=Role.UNIT, password=None)
    User.objects.filter(pk=unit.pk).update(email=SENDER)
    Membership.objects.filter(user=unit).update(scope="330108")
    address, edition = configured(), default_edition()
    assert address is not None
    assert edition is not None
    started = time.perf_counter()
    summary = mailbox.fetch(address, edition=edition, by=mailbox_account())
    return time.perf_counter() - started, summary.taken


if __name__ == "__main__":
    from jiangbang.commands.ready import make_ready

    make_ready()
    seconds, mails = {"fetched only": fetched_only, "taken in": taken_in}[sys.argv[1]]()
    print(json.dumps({"seconds": round(seconds, 3), "mails": mails}))
