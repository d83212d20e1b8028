"""The wheel has everything inside: unpacked somewhere else it serves the house, styled, translated and with its programme."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("pyproject.toml", "setup.py", "README.md", "LICENSE", "requirements", "programmes", "src")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy of the source, unpacked."""
    source = tmp_path_factory.mktemp("source")
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, source / part, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        else:
            shutil.copyfile(ROOT / part, source / part)
    (source / "node_modules").symlink_to(ROOT / "node_modules")
    out = source / "dist"
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    (wheel,) = out.glob("jiangbang-*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(source / "installed")
    return source / "installed"


@pytest.fixture
def environment(installed: Path, ready_home: Path, tmp_path: Path) -> dict[str, str]:
    shutil.copytree(ready_home, tmp_path / "home")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("DATABASE_URL", "JIANGBANG_"))}
    return {**kept, "PYTHONPATH": str(installed), "JIANGBANG_HOME": str(tmp_path / "home")}


@pytest.fixture
def base(environment: dict[str, str], tmp_path: Path) -> Iterator[str]:
    """Where it answers, started in an empty folder."""
    folder = tmp_path / "empty"
    folder.mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "jiangbang", "up", "--port", str(port)],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 120
        while time.monotonic() < until and process.poll() is None:
            try:
                fetched(f"http://127.0.0.1:{port}/healthz")
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def fetched(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return str(answer.read().decode())


def test_the_programme_is_inside(installed: Path, environment: dict[str, str], tmp_path: Path) -> None:
    script = (
        "import django; django.setup(); from django.conf import settings as s; print(s.PROGRAMMES_DIR, s.NODE_MODULES)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={**environment, "DJANGO_SETTINGS_MODULE": "jiangbang.settings"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    bundled = installed / "jiangbang" / "bundled"
    assert done.stdout.split() == [str(bundled / "programmes"), str(bundled / "node_modules")]
    assert {path.name for path in (ROOT / "programmes").glob("*/*.toml")} == {
        path.name for path in (bundled / "programmes").glob("*/*.toml")
    }


@pytest.mark.slow
def test_it_serves_the_house_from_an_empty_folder(base: str) -> None:
    page = fetched(f"{base}/account/login/")
    assert 'lang="zh-Hans"' in page
    assert "登录" in page
    styles = [part.split('"')[0] for part in page.split('href="')[1:] if "tabler" in part.split('"')[0]]
    assert "--tblr-" in fetched(base + styles[0])
