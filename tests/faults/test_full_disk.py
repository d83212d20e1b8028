"""The disk runs full while a packet is received: a clear sentence, nothing half-done, and all is well once there is room."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nomination.packet_files import make_packet

from jiangbang.commands.speaking import bundled_form

# Runs in a mount namespace of its own, so that the small disk exists for this test only and goes with it.
SCRIPT = """
set -eu
mount -t tmpfs -o size=64m tmpfs "$JIANGBANG_HOME"
cp -a "$READY/." "$JIANGBANG_HOME"
free=$(df --output=avail --block-size=1 "$JIANGBANG_HOME" | tail -n 1)
head -c $((free - 2 * 1024 * 1024)) /dev/zero > "$JIANGBANG_HOME/filler"
set +e
"$PYTHON" -m jiangbang packet receive "$PACKET" --unit 滨江 --json
echo "status $?"
rm "$JIANGBANG_HOME/filler"
"$PYTHON" -m jiangbang register verify
echo "verify $?"
"$PYTHON" -m jiangbang packet receive "$PACKET" --unit 滨江 --json > "$OUT"
echo "again $?"
"$PYTHON" -m jiangbang register verify
echo "verify $?"
"""


def small_disk_possible() -> bool:
    if not shutil.which("unshare"):
        return False
    tried = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"],
        capture_output=True,
    )
    return tried.returncode == 0


@pytest.mark.skipif("DATABASE_URL" in os.environ, reason="fills an SQLite home of its own; run once, with SQLite")
@pytest.mark.skipif(not small_disk_possible(), reason="this kernel lets no user mount a small disk of one's own")
def test_a_full_disk_receives_nothing_and_loses_nothing(tmp_path: Path, ready_home: Path) -> None:
    packet, records = make_packet(tmp_path, bundled_form(), 120)
    assert packet.stat().st_size > 4 * 1024 * 1024
    home, out = tmp_path / "home", tmp_path / "out.json"
    home.mkdir()
    kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "bash", "-c", SCRIPT],
        env={
            **kept,
            "JIANGBANG_HOME": str(home),
            "READY": str(ready_home),
            "PYTHON": sys.executable,
            "PACKET": str(packet),
            "OUT": str(out),
        },
        capture_output=True,
        text=True,
        timeout=240,
    )
    lines = done.stdout.splitlines()
    assert "status 2" in lines, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert any("full" in line or "space" in line.lower() for line in done.stderr.splitlines()), done.stderr
    assert lines.count("verify 0") == 2, done.stdout + done.stderr
    # 120 people are over the hard quota of 30: received whole, and whoever stands below the thirtieth is held
    assert "again 1" in lines
    receipt = json.loads(out.read_text())["receipt"]
    assert (receipt["accepted"], receipt["waiting"]) == (30, len(records) - 30)
