"""Children that need no start-up: a process that has imported the readers and forks one for each request.

Starting an interpreter and importing lxml took a quarter of a second of processor time for each packet, five times what reading a small
packet takes (`bench/rush.py`). So the house keeps one fresh interpreter that imports and then only forks. It is not a fork of the house,
never sees a foreign byte, opens no file and holds no secret; each child is forked for one request, gives up its rights and ends.

The two sides share a socket. For each child the house sends a request with descriptors: the child's input, its output, and one end of a
*leash*. Over the leash the nursery tells the child's number, then its exit status; when the house lets go, the child is killed. The nursery
ends when the house does, and takes its children along.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
from typing import IO

from jiangbang.papers import child

# What every packet needs. Other readers import theirs in the child, before it gives up its rights.
READY = ("jiangbang.papers.packet_reading",)
# In the forked child the foreign file always has this number.
INPUT = 3
# The most that ever waits to be accepted; the house sends one request at a time.
_MESSAGE = 16
_WORD = struct.Struct("=q")
_START_SECONDS = 10.0
# exit status of a child whose nursery is gone
_LOST = -int(signal.SIGKILL)


# --- the nursery's side -----------------------------------------------------------------------------------------------


def main() -> int:
    """Serve until the house hangs up."""
    door = socket.socket(fileno=int(sys.argv[1]))
    for name in READY:
        importlib.import_module(name)
    gc.collect()
    # what is here stays for good: children then share it instead of copying it when they count references
    gc.freeze()
    Nursery(door).serve()
    return 0


class Nursery:
    """Forks children and tells how they end. One thread, so that a fork copies a process in order."""

    def __init__(self, door: socket.socket) -> None:
        self._door = door
        # by the descriptor of a child's pidfd: its number and its leash; by that of a leash: the pidfd
        self._children: dict[int, tuple[int, socket.socket]] = {}
        self._leashes: dict[int, int] = {}
        self._poll = select.poll()
        self._poll.register(door, select.POLLIN)

    def serve(self) -> None:
        while True:
            for descriptor, _event in self._poll.poll():
                if descriptor == self._door.fileno():
                    if not self._admit():
                        self._end_all()
                        return
                elif descriptor in self._children:
                    self._bury(descriptor)
                elif descriptor in self._leashes:
                    self._kill(descriptor)

    def _admit(self) -> bool:
        """Fork one child. False when the house has hung up."""
        message, handles, _flags, _address = socket.recv_fds(self._door, _MESSAGE, 4)
        if not message:
            return False
        leash = socket.socket(fileno=handles[0])
        pid = os.fork()
        if pid == 0:
            _become_child(handles[1], handles[2], handles[3] if len(handles) > 3 else None)
        for handle in handles[1:]:
            os.close(handle)
        watch = os.pidfd_open(pid)
        self._children[watch], self._leashes[leash.fileno()] = (pid, leash), watch
        self._poll.register(watch, select.POLLIN)
        self._poll.register(leash, select.POLLIN)
        with contextlib.suppress(OSError):
            leash.send(_WORD.pack(pid))
        return True

    def _bury(self, watch: int) -> None:
        """Take the child's status and tell it. Until now its number was its own, so that no other process is ever killed for it."""
        pid, leash = self._children.pop(watch)
        self._poll.unregister(watch)
        self._poll.unregister(leash)
        del self._leashes[leash.fileno()]
        _end_group(pid)
        _pid, status = os.waitpid(pid, 0)
        with contextlib.suppress(OSError):
            leash.send(_WORD.pack(os.waitstatus_to_exitcode(status)))
        leash.close()
        os.close(watch)

    def _kill(self, leash: int) -> None:
        """The house has let go, or says so: end the child; its status follows."""
        pid, _leash = self._children[self._leashes[leash]]
        self._poll.unregister(leash)
        _end_group(pid)
        # registered again for nothing, so that burying may unregister it
        self._poll.register(leash, 0)

    def _end_all(self) -> None:
        for pid, _leash in self._children.values():
            _end_group(pid)


def _end_group(pid: int) -> None:
    for end in (os.killpg, os.kill):
        with contextlib.suppress(OSError):
            end(pid, signal.SIGKILL)


def _become_child(request: int, answer: int, given: int | None) -> None:
    """In the fork: sort the descriptors and serve the one request. Does not return."""
    status = 1
    try:
        os.setsid()
        # first out of the way of the numbers that they are to have
        moved = [os.dup(handle) for handle in (request, answer, *(() if given is None else (given,)))]
        kept = [os.dup(handle) for handle in moved] if min(moved) <= INPUT else moved
        for place, handle in zip((0, 1, INPUT), kept, strict=False):
            os.dup2(handle, place)
        os.closerange(INPUT if given is None else INPUT + 1, 1024)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 — as a fresh interpreter would have it
        status = child.main()
    finally:
        os._exit(status)


# --- the house's side -------------------------------------------------------------------------------------------------


class Raised:
    """A child of the nursery, with what of `subprocess.Popen` the sandbox uses."""

    def __init__(self, stdin: IO[bytes], stdout: IO[bytes], leash: socket.socket) -> None:
        self.stdin = stdin
        self.stdout = stdout
        self.returncode: int | None = None
        self._leash = leash
        word = leash.recv(_WORD.size)
        self.pid: int = _WORD.unpack(word)[0] if word else 0

    def poll(self) -> int | None:
        """Its exit status, None while it runs."""
        return self._status(0)

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status. Raises subprocess.TimeoutExpired."""
        status = self._status(timeout)
        if status is None:
            raise subprocess.TimeoutExpired("child", timeout or 0)
        return status

    def kill(self) -> None:
        """End it and all that it started."""
        with contextlib.suppress(OSError):
            self._leash.send(b"x")

    def _status(self, timeout: float | None) -> int | None:
        if self.returncode is None:
            self._leash.settimeout(timeout)
            try:
                word = self._leash.recv(_WORD.size)
            except (TimeoutError, BlockingIOError):
                return None
            except OSError:
                word = b""
            self.returncode = int(_WORD.unpack(word)[0]) if len(word) == _WORD.size else _LOST
            self._leash.close()
        return self.returncode


class Keeper:
    """This process's nursery: started when it is worth it, started anew when it is gone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._door: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._asked = 0

    def raise_child(self, given: int | None, environment: dict[str, str]) -> Raised | None:
        """A child that waits for its request; None where the nursery cannot be had, or is not worth starting yet."""
        with self._lock:
            self._asked += 1
            # one packet on the command line is read by a child of its own
            if self._asked < 2 or not hasattr(os, "pidfd_open"):
                return None
            for _attempt in range(2):
                try:
                    return self._raise(given, environment)
                except OSError:
                    self._close()
        return None

    def _raise(self, given: int | None, environment: dict[str, str]) -> Raised:
        if self._door is None or self._owner != os.getpid():
            self._start(environment)
        assert self._door is not None
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        request, our_request = os.pipe()
        our_answer, answer = os.pipe()
        handles = [theirs.fileno(), request, answer, *(() if given is None else (given,))]
        try:
            socket.send_fds(self._door, [b"child"], handles)
            ours.settimeout(_START_SECONDS)
            return Raised(os.fdopen(our_request, "wb"), os.fdopen(our_answer, "rb"), ours)
        except BaseException:
            for handle in (our_request, our_answer):
                with contextlib.suppress(OSError):
                    os.close(handle)
            ours.close()
            raise
        finally:
            theirs.close()
            os.close(request)
            os.close(answer)

    def _start(self, environment: dict[str, str]) -> None:
        if self._owner != os.getpid():
            # a forked server's nursery belongs to its parent
            self._door = self._process = None
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 — our own interpreter, our own module
                [sys.executable, "-I", "-m", "jiangbang.papers.nursery", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                env=environment,
                cwd="/",
                start_new_session=True,
            )
        self._door, self._owner = ours, os.getpid()

    def _close(self) -> None:
        if self._door is not None:
            self._door.close()
        if self._process is not None and self._owner == os.getpid():
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(1)
            if self._process.poll() is None:
                self._process.kill()
                self._process.wait()
        self._door = self._process = None

    def close(self) -> None:
        """End the nursery; the next child starts another."""
        with self._lock:
            self._close()


KEEPER = Keeper()
atexit.register(KEEPER.close)


if __name__ == "__main__":
    sys.exit(main())
