"""Foreign bytes are parsed in a child process with limits: this is the parent's side.

    with Child("read_packet", arguments, input=descriptor) as child:
        for frame in child: ...

The child is a fresh interpreter, or the fork of one that has only imported (`papers.nursery`); never a fork of the server, whose threads
and open sockets it would inherit. It gets one request,
one read-only file descriptor, and gives up its rights (`papers.lockdown`) before it reads a foreign byte. However it ends, the parent
sees either all frames or one `ChildDied` with one of five reasons.
"""

from __future__ import annotations

import ctypes.util
import fcntl
import functools
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from jiangbang.papers import nursery
from jiangbang.papers.limits import LIMITS, Limits
from jiangbang.papers.wire import BrokenFrame, Frame, pack, unpack

DeathReason = Literal["time", "memory", "crash", "protocol", "refused"]
_PIPE_SIZE = 1024 * 1024
_CRASHES = {signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGFPE, signal.SIGILL, signal.SIGSYS}


class ChildDied(Exception):
    """A child ended without finishing its work. `reason` is closed; `detail` is for the operator, without paper contents."""

    def __init__(self, reason: DeathReason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason: DeathReason = reason
        self.detail = detail


REASONS_ZH: dict[DeathReason, str] = {
    "time": "读取超时",
    "memory": "读取所需内存超过限制",
    "crash": "文件已损坏，读取程序异常退出",
    "protocol": "读取程序的回答不合约定",
    "refused": "文件已损坏",
}


class Child:
    """One child, one request. Iterate to get its frames; leave the `with` to be sure that it is gone."""

    def __init__(
        self,
        operation: str,
        arguments: Mapping[str, Any],
        *,
        input: int | None = None,
        scratch: Path | None = None,
        limits: Limits = LIMITS,
    ) -> None:
        # bytes, known when the child has finished its work
        self.peak_memory: int | None = None
        self._limits = limits
        self._buffer = bytearray()
        self._started = time.monotonic()
        environment = _environment()
        raised = nursery.KEEPER.raise_child(input, environment)
        values = {
            "arguments": dict(arguments),
            "input": input if raised is None or input is None else nursery.INPUT,
            "scratch": None if scratch is None else str(scratch),
            "limits": limits.as_json(),
        }
        self.process = raised or _born(input, environment)
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._out = self.process.stdout.fileno()
        _widen(self._out)
        try:
            self.process.stdin.writelines(pack(operation, values))
            self.process.stdin.close()
        except BrokenPipeError:
            self.close()
            raise ChildDied("crash", "the child did not start") from None

    def __enter__(self) -> Child:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[Frame]:
        """Frames until the child says `done`. Raises ChildDied."""
        while True:
            try:
                frame = unpack(self._read)
            except BrokenFrame as error:
                raise self._died() or ChildDied("protocol", str(error)) from None
            if frame is None:
                raise self._died() or ChildDied("protocol", "the child ended without a word")
            if frame.kind == "done":
                peak = frame.values.get("peak")
                self.peak_memory = peak if isinstance(peak, int) else None
                return
            if frame.kind == "failed":
                reason = frame.values.get("reason")
                raise ChildDied("memory" if reason == "memory" else "refused", str(frame.values.get("detail", "")))
            yield frame

    def close(self) -> None:
        """End the child and its whole process group, and wait for it."""
        if self.process.poll() is None:
            self._kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None and not stream.closed:
                try:
                    stream.close()
                except BrokenPipeError:
                    continue

    def _kill(self) -> None:
        if isinstance(self.process, nursery.Raised):
            self.process.kill()
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            self.process.kill()

    def _read(self, size: int) -> bytes:
        """Exactly `size` bytes, fewer at the end of the stream. Raises ChildDied when the child is silent for too long."""
        while len(self._buffer) < size:
            self._await_output()
            chunk = os.read(self._out, _PIPE_SIZE)
            if not chunk:
                break
            self._buffer += chunk
        data = bytes(memoryview(self._buffer)[:size])
        del self._buffer[:size]
        return data

    def _await_output(self) -> None:
        left = min(self._limits.silence, self._started + self._limits.wall - time.monotonic())
        poll = select.poll()
        poll.register(self._out, select.POLLIN)
        if left <= 0 or not poll.poll(left * 1000):
            self.close()
            raise ChildDied("time", f"no answer for {self._limits.silence:.0f} s")

    def _died(self) -> ChildDied | None:
        """Why the child ended early, from its exit status; None when it ended well."""
        try:
            status = self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.close()
            return ChildDied("protocol", "the child closed its output and stayed")
        if status == 0:
            return None
        if status > 0:
            return ChildDied("crash", f"exit status {status}")
        number = signal.Signals(-status)
        if number == signal.SIGXCPU:
            return ChildDied("time", "processor time used up")
        if number in _CRASHES:
            return ChildDied("crash", number.name)
        return ChildDied("memory", "killed by the system" if number == signal.SIGKILL else number.name)


def _born(input: int | None, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """A child that starts from nothing."""
    return subprocess.Popen(
        [sys.executable, "-I", "-m", "jiangbang.papers.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pass_fds=() if input is None else (input,),
        env=environment,
        cwd="/",
        start_new_session=True,
    )


def _environment() -> dict[str, str]:
    """Nothing of the server's environment (it may hold secrets), but a locale in which libarchive can express every name."""
    kept = {key: os.environ[key] for key in ("LD_LIBRARY_PATH",) if key in os.environ}
    if libarchive := _libarchive():
        kept["LIBARCHIVE"] = libarchive
    return {"LC_ALL": "C.UTF-8", "PATH": os.defpath, "MALLOC_ARENA_MAX": "1", **kept}


@functools.cache
def _libarchive() -> str | None:
    """The library's name, found once: the search starts processes, which a child may not."""
    return os.environ.get("LIBARCHIVE") or ctypes.util.find_library("archive")


def _widen(pipe: int) -> None:
    """A photo should pass in one go; a system that refuses the larger pipe is only slower."""
    try:
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_SIZE)
    except (OSError, AttributeError):
        return


@functools.cache
def layers() -> dict[str, bool]:
    """Which layers of protection a child gets on this machine: limits, no_new_privs, namespaces, landlock, seccomp."""
    with Child("layers", {}) as child:
        for frame in child:
            return {str(name): bool(held) for name, held in frame.values.items()}
    return {}
