"""Giving up rights, for good, before a foreign byte is read: limits, namespaces, Landlock, seccomp.

Called in a child process only (`papers.child`). Each layer is optional, because a container or an old kernel may refuse it;
`lock_down` returns which ones hold and the house shows them in `jiangbang doctor`. The resource limits always hold.
Sources: seccomp(2), landlock(7), user_namespaces(7), the kernel's `include/uapi/linux/{filter,seccomp,landlock}.h`.
"""

from __future__ import annotations

import ctypes
import os
import resource
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jiangbang.papers import syscalls

CLONE_NEWNS = 0x00020000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x40000
PR_SET_PDEATHSIG = 1
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Profile:
    """What one kind of child may still do. Sizes in bytes, processor time in seconds."""

    address_space: int
    cpu: int
    # private memory in use, for programs that reserve far more than they use (node)
    data: int = 0
    # the largest file it may write; 0: none at all
    file_size: int = 0
    # the only directory where it may write
    scratch: str | None = None
    # LibreOffice and node: may start processes and open local sockets (its own), never an address on a network
    programs: bool = False
    # threads and processes of its own; py7zr needs threads, nothing else of ours does
    threads: int = 0
    # with Landlock, it reads only beneath these (file descriptors that it was given stay open)
    readable: tuple[str, ...] = ()


def lock_down(profile: Profile) -> dict[str, bool]:
    """Apply every layer that the machine grants, in the order in which they do not hinder one another."""
    _set_limits(profile)
    layers = {"limits": True, "no_new_privs": _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0}
    layers["namespaces"] = _libc.unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWNS) == 0
    if profile.programs and profile.scratch:
        layers["private_tmp"] = layers["namespaces"] and _private_tmp(profile.scratch)
    layers["landlock"] = _attempt(lambda: _landlock(profile, layers.get("private_tmp", True)))
    layers["seccomp"] = _attempt(lambda: _seccomp(profile))
    return layers


def _attempt(layer: Callable[[], bool]) -> bool:
    try:
        return layer()
    except OSError:
        return False


def _private_tmp(scratch: str) -> bool:
    """Let the program see its private directory as /tmp: LibreOffice insists on a socket there."""
    if _libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None) != 0:
        return False
    return int(_libc.mount(os.fsencode(scratch), b"/tmp", None, MS_BIND, None)) == 0


def _set_limits(profile: Profile) -> None:
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_CPU, profile.cpu)
    _lower(resource.RLIMIT_FSIZE, profile.file_size)
    _lower(resource.RLIMIT_NOFILE, 512 if profile.programs else 64)
    if not profile.programs:
        _lower(resource.RLIMIT_NPROC, profile.threads)
    if profile.data:
        _lower(resource.RLIMIT_DATA, profile.data)
    if profile.address_space:
        _lower(resource.RLIMIT_AS, profile.address_space)


def _lower(kind: int, value: int) -> None:
    """Set both bounds, so that the child cannot raise them again; a stricter limit that stands already stays."""
    _soft, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))


# --- Landlock: which files -------------------------------------------------------------------------------------------

_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_FS_EXECUTE, _FS_WRITE_FILE, _FS_READ_FILE, _FS_READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_FS_REMOVE_FILE, _FS_MAKE_SOCKET = 1 << 5, 1 << 9
# the number of file rights that each version of the interface knows: landlock(7), "ABI versions"
_RIGHTS_OF_ABI = {1: 13, 2: 14, 3: 15, 4: 15}
_RIGHTS_LATEST = 16
_OPEN_PATH = os.O_RDONLY | getattr(os, "O_PATH", 0) | os.O_CLOEXEC


def _landlock(profile: Profile, private: bool) -> bool:
    """Deny every file right except reading beneath `readable` and all beneath `scratch`."""
    abi = int(_libc.syscall(_LANDLOCK_CREATE, None, 0, 1))
    if abi < 1:
        return False
    every = (1 << _RIGHTS_OF_ABI.get(abi, _RIGHTS_LATEST)) - 1
    net = 0b11 if abi >= 4 else 0
    attributes = struct.pack("=QQ", every, net)[: 16 if abi >= 4 else 8]
    ruleset = int(_libc.syscall(_LANDLOCK_CREATE, attributes, len(attributes), 0))
    if ruleset < 0:
        return False
    try:
        look = _FS_READ_FILE | _FS_READ_DIR | (_FS_EXECUTE if profile.programs else 0)
        for path in profile.readable:
            _allow(ruleset, path, look)
        if profile.programs:
            _allow(ruleset, "/dev/null", _FS_READ_FILE | _FS_WRITE_FILE)
            # without a /tmp of its own, at least sockets in the common one
            if not private:
                _allow(ruleset, "/tmp", _FS_MAKE_SOCKET | _FS_REMOVE_FILE)  # noqa: S108
        if profile.scratch:
            # under a private /tmp the directory has no other name any more
            _allow(ruleset, "/tmp" if profile.programs and private else profile.scratch, every)  # noqa: S108
        return int(_libc.syscall(_LANDLOCK_RESTRICT, ruleset, 0)) == 0
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    if not Path(path).exists():
        return
    if not Path(path).is_dir():
        rights &= _FS_EXECUTE | _FS_WRITE_FILE | _FS_READ_FILE
    handle = os.open(path, _OPEN_PATH)
    try:
        _libc.syscall(_LANDLOCK_ADD, ruleset, 1, struct.pack("=Qi", rights, handle), 0)
    finally:
        os.close(handle)


def _seccomp(profile: Profile) -> bool:
    """Install the filter of `papers.syscalls`, for good."""
    packed = syscalls.program(programs=profile.programs, scratch=profile.scratch is not None)
    if packed is None:
        return False
    buffer = ctypes.create_string_buffer(packed, len(packed))

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]

    bound = Program(len(packed) // 8, ctypes.addressof(buffer))
    return int(_libc.prctl(PR_SET_SECCOMP, 2, ctypes.byref(bound), 0, 0)) == 0


def die_with_parent() -> None:
    """Be killed when the thread that started this process ends: a program must not outlive a server that was killed."""
    _libc.prctl(PR_SET_PDEATHSIG, 9, 0, 0, 0)
