"""The child process that reads foreign bytes: `python -I -m jiangbang.papers.child`, one request on standard input.

Order matters: read the request (it comes from the house), import what the operation needs, give up all rights, and only then touch the
input. Every exception becomes one `failed` frame; an exception's text may quote a paper, so only its type and place are told.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
import sysconfig
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import jiangbang
from jiangbang.papers.limits import Limits
from jiangbang.papers.lockdown import Profile, lock_down
from jiangbang.papers.wire import Frame, pack, unpack

# operation → the module that performs it: `perform(operation, job)` yields frames
OPERATIONS = {
    "read_packet": "jiangbang.papers.packet_reading",
    "read_file": "jiangbang.papers.packet_reading",
    "extract": "jiangbang.papers.packet_reading",
    "read_old_word": "jiangbang.papers.old_word",
    "scan": "jiangbang.papers.scan",
    "look": "jiangbang.papers.upload_reading",
    "read_mails": "jiangbang.papers.mail_reading",
    "read_table": "jiangbang.papers.table_reading",
    "read_list": "jiangbang.papers.name_list_reading",
}
# a legacy conversion writes one .docx at a time into its private directory
_SCRATCH_FILE = 80 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Job:
    """One request as an operation sees it. `input` is the inherited descriptor, opened for reading."""

    arguments: dict[str, Any]
    limits: Limits
    input: BinaryIO | None
    scratch: Path | None


def main() -> int:
    """Serve one request. Exit status 0 also for papers that cannot be read: those are answers."""
    out = _claim_output()
    request = unpack(sys.stdin.buffer.read)
    if request is None:
        return 2
    try:
        job, module = _prepare(request)
        _calm_collector()
        # opened now: /proc is out of reach later
        status = _open_status()
        layers = lock_down(_profile(job))
        frames = iter([("layers", layers, [])]) if module is None else module.perform(request.kind, job)
        _send(out, frames, status)
    except MemoryError:
        _say(out, "failed", {"reason": "memory", "detail": "MemoryError"})
    except BrokenPipeError:
        return 1
    except BaseException as error:  # noqa: BLE001 - PanicException of Rust parsers is no Exception
        _say(out, "failed", {"reason": "refused", "detail": place_of(error)})
    # skips the interpreter's tidying up: a parser that left its memory in disorder must not crash after its answer
    out.flush()
    os._exit(0)


def _claim_output() -> BinaryIO:
    """Keep the pipe to the house for frames; what libraries print to standard output goes nowhere."""
    out = os.fdopen(os.dup(1), "wb", buffering=1024 * 1024)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return out


def _prepare(request: Frame) -> tuple[Job, Any]:
    values = request.values
    descriptor = values["input"]
    job = Job(
        arguments=values["arguments"],
        limits=Limits(**values["limits"]),
        input=None if descriptor is None else os.fdopen(descriptor, "rb"),
        scratch=None if values["scratch"] is None else Path(values["scratch"]),
    )
    name = OPERATIONS.get(request.kind)
    return job, None if name is None else importlib.import_module(name)


def _calm_collector() -> None:
    """What was imported stays for good, and readers make no cycles: looking for garbage now and then cost a tenth of it.

    It is not turned off, so that a parser that does make cycles stays bounded.
    """
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def _profile(job: Job) -> Profile:
    return Profile(
        address_space=job.limits.address_space,
        cpu=job.limits.cpu,
        file_size=_SCRATCH_FILE if job.scratch else 0,
        scratch=str(job.scratch) if job.scratch else None,
        threads=16,
        readable=readable_paths(),
    )


def readable_paths() -> tuple[str, ...]:
    """Where Python's modules and the system's libraries stand: nothing of the house's data."""
    packages = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    base = Path(sys.base_prefix) / "lib"
    own = Path(jiangbang.__file__).parent
    return tuple(
        sorted({*packages, str(base), str(own), "/usr/lib", "/usr/share", "/lib", "/lib64", "/etc/ld.so.cache"})
    )


def _send(out: BinaryIO, frames: Iterator[tuple[str, dict[str, Any], list[bytes]]], status: BinaryIO | None) -> None:
    for kind, values, blobs in frames:
        out.writelines(pack(kind, values, blobs))
        # each frame is a sign of life and the parent's progress
        out.flush()
    _say(out, "done", {"peak": _peak_memory(status)})


def _open_status() -> BinaryIO | None:
    try:
        return Path("/proc/self/status").open("rb")
    except OSError:
        return None


def _peak_memory(status: BinaryIO | None) -> int | None:
    """The most memory this process held, in bytes. Not `getrusage`: there the parent's memory counts in, across vfork and exec."""
    if status is None:
        return None
    status.seek(0)
    lines = [line.split() for line in status.read().splitlines() if line.startswith(b"VmHWM:")]
    return int(lines[0][1]) * 1024 if lines else None


def _say(out: BinaryIO, kind: str, values: dict[str, Any]) -> None:
    out.writelines(pack(kind, values))
    out.flush()


def place_of(error: BaseException) -> str:
    """Which error arose where in the code: enough to find a reader's mistake, and nothing of the paper."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = f" at {Path(last[0].filename).name}:{last[0].lineno}" if last else ""
    return type(error).__name__ + where


if __name__ == "__main__":
    sys.exit(main())
