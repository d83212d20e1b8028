"""The units of deploy/ under a systemd of their own: process 1 of new namespaces, which sees these units and no others.

Root only, with systemd and Debian's Python of the same version as ours: the services' account may not enter a developer's home. /etc, /var,
/run and /opt are layers of their own, so nothing of the machine changes. The pages, the worker, the nightly copy and the doctor are
started as the units say; what the kernel says of the processes is read, and the pages are restarted while they are asked.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON = Path("/usr/bin/python3")
TARGETS = ("sysinit", "basic", "sockets", "timers", "multi-user", "shutdown", "network-online")
ASKED = 40
INSIDE = """\
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs /run
for place in etc var; do
    mount -t overlay overlay -o "lowerdir=/$place,upperdir=$TRIAL/$place,workdir=$TRIAL/work-$place" "/$place"
done
mount --bind "$TRIAL/opt" /opt
umount -R /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup
echo "jiangbang:x:990:990::/var/lib/jiangbang:/usr/sbin/nologin" >>/etc/passwd
echo "jiangbang:x:990:" >>/etc/group
mkdir -p /etc/jiangbang /var/backups/jiangbang
install -m 600 "$DEPLOY/environment" /etc/jiangbang/environment
mv "$TRIAL/home" /var/lib/jiangbang
chown -R jiangbang: /var/lib/jiangbang /var/backups/jiangbang
export container=trial SYSTEMD_UNIT_PATH="$TRIAL/units"
exec /usr/lib/systemd/systemd --system --unit=trial.target --log-target=null
"""
HEADERS = ("Host: jiangbang.example", "X-Forwarded-Proto: https", "X-Forwarded-For: 127.0.0.9")


def main() -> int:
    """Set up, start, ask, restart; print what was found as JSON."""
    with tempfile.TemporaryDirectory(prefix="jiangbang-systemd-", dir="/tmp") as folder:
        trial = Path(folder)
        trial.chmod(0o755)
        lay_out(trial)
        command = [
            "unshare",
            "--fork",
            "--pid",
            "--mount",
            "--cgroup",
            "--uts",
            "--ipc",
            "--mount-proc",
            "--kill-child",
        ]
        outer = subprocess.Popen(
            [*command, "bash", "-c", INSIDE],
            env={**os.environ, "TRIAL": folder, "DEPLOY": str(ROOT / "deploy")},
            stdin=subprocess.DEVNULL,
        )
        try:
            found = look(Inside(outer.pid))
        finally:
            outer.kill()
            outer.wait()
    print(json.dumps(found))
    return 0


def lay_out(trial: Path) -> None:
    """The program in its place, the units, and a home that is migrated already."""
    for name in ("etc", "var", "work-etc", "work-var", "units", "opt"):
        (trial / name).mkdir(mode=0o755)
    place = trial / "opt" / "jiangbang"
    subprocess.run([str(PYTHON), "-m", "venv", "--without-pip", str(place)], check=True)
    for name in ("src", "programmes"):
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    (place / "node_modules").symlink_to(ROOT / "node_modules")
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = Path(sys.prefix) / "lib" / version / "site-packages"
    # the first line that names a place wins: this copy, not the checkout
    (place / "lib" / version / "site-packages" / "a.pth").write_text(f"/opt/jiangbang/src\n{packages}\n")
    program = place / "bin" / "jiangbang"
    program.write_text("#!/opt/jiangbang/bin/python3\nfrom jiangbang.cli import main\n\nmain()\n")
    program.chmod(0o755)
    shutil.copytree(ROOT / "deploy" / "systemd", trial / "units", dirs_exist_ok=True)
    for target in TARGETS:
        (trial / "units" / f"{target}.target").write_text("[Unit]\nDefaultDependencies=no\n")
    wanted = "jiangbang-web.socket jiangbang-web.service jiangbang-worker.service"
    (trial / "units" / "trial.target").write_text(f"[Unit]\nWants={wanted}\n")
    said = "StandardOutput=file:/var/lib/jiangbang/doctor.json"
    run = "/opt/jiangbang/bin/jiangbang doctor --json"
    (trial / "units" / "jiangbang-doctor.service").write_text(f"[Service]\nType=oneshot\nExecStart={run}\n{said}\n")
    environment = {**os.environ, "JIANGBANG_HOME": str(trial / "home")}
    subprocess.run(
        [sys.executable, "-m", "jiangbang", "register", "verify"], env=environment, check=True, stdout=sys.stderr
    )


class Inside:
    """Runs commands where that systemd is process 1."""

    def __init__(self, outer: int) -> None:
        self.enter: list[str] = []
        for _ in range(100):
            children = Path(f"/proc/{outer}/task/{outer}/children").read_text().split()
            if children and Path(f"/proc/{children[0]}/exe").resolve().name == "systemd":
                self.enter = ["nsenter", "-t", children[0], "-m", "-p", "-C"]
                return
            time.sleep(0.1)
        sys.exit("systemd did not start in its namespaces")

    def __call__(self, *command: str, may_fail: bool = False) -> str:
        done = subprocess.run([*self.enter, *command], capture_output=True, text=True, check=False, timeout=300)
        if done.returncode and not may_fail:
            sys.exit(f"{' '.join(command)}: {done.stderr}")
        return done.stdout

    def ask(self, path: str) -> str:
        """The status of a page."""
        headers = [part for header in HEADERS for part in ("-H", header)]
        socket = ("--unix-socket", "/run/jiangbang/web.sock")
        return self(
            "curl", "-s", "-o", "/dev/null", "-m", "100", "-w", "%{http_code}", *socket, *headers, f"http://x{path}"
        )


def look(inside: Inside) -> dict[str, int]:
    """What holds of the running services."""
    for _ in range(600):
        if "/run/jiangbang/web.sock" in inside("ls", "/run/jiangbang/web.sock", may_fail=True):
            break
        time.sleep(0.1)
    ready = inside.ask("/readyz") == "200"
    states = {name: status_of(inside, name) for name in ("jiangbang-web", "jiangbang-worker")}
    confined = sum(
        state.get("NoNewPrivs") == "1" and state.get("Seccomp") == "2" and int(state.get("CapBnd", "1"), 16) == 0
        for state in states.values()
    )
    inside("systemctl", "start", "jiangbang-backup", "jiangbang-doctor")
    findings = json.loads(inside("cat", "/var/lib/jiangbang/doctor.json"))
    restart = subprocess.Popen([*inside.enter, "systemctl", "restart", "jiangbang-web"])
    statuses = [inside.ask("/account/login/") for _ in range(ASKED)]
    restart.wait()
    return {
        "services that answer or work, confined": confined if ready else 0,
        "walls of the readers' sandbox missing": sum(
            one["code"] == "tools.sandbox" and not one["well"] for one in findings
        ),
        "doctor's faults": sum(one["level"] == "fail" for one in findings),
        "copies made": len(inside("ls", "/var/backups/jiangbang").split()),
        "requests that failed during a restart": sum(status != "200" for status in statuses),
    }


def status_of(inside: Inside, name: str) -> dict[str, str]:
    """What the kernel says of a service's main process."""
    process = inside("systemctl", "show", "--property=MainPID", "--value", name).strip()
    lines = inside("cat", f"/proc/{process}/status").splitlines()
    return {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}


if __name__ == "__main__":
    if os.geteuid() != 0:
        sys.exit("only root may make the namespaces")
    sys.exit(main())
