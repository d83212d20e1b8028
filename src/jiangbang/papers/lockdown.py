"""Giving up rights, for good, before a foreign byte is read: limits, namespaces, Landlock, seccomp.

Called in a child process only (`papers.child`). Each layer is optional, because a container or an old kernel may refuse it;
`lock_down` returns which ones hold and the house shows them in `jiangbang doctor`. The resource limits always hold.
Sources: seccomp(2), landlock(7), user_namespaces(7), the kernel's `include/uapi/linux/{filter,seccomp,landlock}.h`.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

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


# --- seccomp: which system calls --------------------------------------------------------------------------------------

_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

# name: (x86_64, aarch64), None where the machine has no such call
_CALLS: dict[str, tuple[int | None, int | None]] = {
    "socket": (41, 198),
    "socketpair": (53, 199),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
    "sendto": (44, 206),
    "sendmsg": (46, 211),
    "sendmmsg": (307, 269),
    "clone": (56, 220),
    "clone3": (435, 435),
    "fork": (57, None),
    "vfork": (58, None),
    "execve": (59, 221),
    "execveat": (322, 281),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kill": (62, 129),
    "tkill": (200, 130),
    "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424),
    "pidfd_getfd": (438, 438),
    "setsid": (112, 157),
    "setpgid": (109, 154),
    "setrlimit": (160, 164),
    "prlimit64": (302, 261),
    "open": (2, None),
    "openat": (257, 56),
    "openat2": (437, 437),
    "creat": (85, None),
    "truncate": (76, 45),
    "rename": (82, None),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "link": (86, None),
    "linkat": (265, 37),
    "symlink": (88, None),
    "symlinkat": (266, 36),
    "unlink": (87, None),
    "unlinkat": (263, 35),
    "mkdir": (83, None),
    "mkdirat": (258, 34),
    "rmdir": (84, None),
    "mknod": (133, None),
    "mknodat": (259, 33),
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "chown": (92, None),
    "fchown": (93, 55),
    "fchownat": (260, 54),
    "lchown": (94, None),
    "utimensat": (280, 88),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsmount": (432, 432),
    "unshare": (272, 97),
    "setns": (308, 268),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "open_by_handle_at": (304, 265),
    "sethostname": (170, 161),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "syslog": (103, 116),
}

_NEVER = [
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "pidfd_open",
    "pidfd_send_signal",
    "pidfd_getfd",
    "setsid",
    "setpgid",
    "setrlimit",
    "mount",
    "umount2",
    "pivot_root",
    "chroot",
    "open_tree",
    "move_mount",
    "fsopen",
    "fsmount",
    "unshare",
    "setns",
    "bpf",
    "perf_event_open",
    "userfaultfd",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "add_key",
    "request_key",
    "keyctl",
    "init_module",
    "finit_module",
    "delete_module",
    "kexec_load",
    "reboot",
    "swapon",
    "swapoff",
    "open_by_handle_at",
    "sethostname",
    "settimeofday",
    "clock_settime",
    "acct",
    "quotactl",
    "syslog",
    "mknod",
    "mknodat",
]
_NOT_WHILE_READING = [
    "socketpair",
    "connect",
    "bind",
    "listen",
    "accept",
    "accept4",
    "sendto",
    "sendmsg",
    "sendmmsg",
    "fork",
    "vfork",
    "execve",
    "execveat",
    "kill",
    "tkill",
]
_NOT_WITHOUT_SCRATCH = [
    "creat",
    "truncate",
    "rename",
    "renameat",
    "renameat2",
    "link",
    "linkat",
    "symlink",
    "symlinkat",
    "unlink",
    "unlinkat",
    "mkdir",
    "mkdirat",
    "rmdir",
    "chmod",
    "fchmod",
    "fchmodat",
    "chown",
    "fchown",
    "fchownat",
    "lchown",
    "utimensat",
    "setxattr",
    "lsetxattr",
    "fsetxattr",
]

_LOAD, _JUMP_EQUAL, _JUMP_SET, _JUMP_GREATER, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_DENY, _ABSENT = 0x00050000 | 1, 0x00050000 | 38  # EPERM; ENOSYS, so that the C library falls back to the older call
_NUMBER, _ARCH = 0, 4
_AF_UNIX = 1
_CLONE_THREAD = 0x00010000
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_X32 = 0x40000000

Instruction = tuple[int, int, int, int]


def _seccomp(profile: Profile) -> bool:
    machine = platform.machine()
    if machine not in _AUDIT_ARCH:
        return False
    program = _filter(profile, 0 if machine == "x86_64" else 1, _AUDIT_ARCH[machine])
    packed = b"".join(struct.pack("=HBBI", *instruction) for instruction in program)
    buffer = ctypes.create_string_buffer(packed, len(packed))

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]

    bound = Program(len(program), ctypes.addressof(buffer))
    return int(_libc.prctl(PR_SET_SECCOMP, 2, ctypes.byref(bound), 0, 0)) == 0


def _filter(profile: Profile, column: int, arch: int) -> list[Instruction]:
    """A list of denials; what is not named is allowed (the parsers' own calls differ from one C library to the next)."""
    program: list[Instruction] = [(_LOAD, 0, 0, _ARCH), (_JUMP_EQUAL, 1, 0, arch), (_RETURN, 0, 0, _KILL)]
    program.append((_LOAD, 0, 0, _NUMBER))
    if column == 0:
        program += [(_JUMP_GREATER, 0, 1, _X32), (_RETURN, 0, 0, _KILL)]
    denied = list(_NEVER)
    if not profile.programs:
        denied += _NOT_WHILE_READING
    if not profile.scratch:
        denied += _NOT_WITHOUT_SCRATCH
    for name in denied:
        program += _when(name, column, [(_RETURN, 0, 0, _DENY)])
    program += _when("prlimit64", column, [*_argument_set(2), (_RETURN, 0, 0, _ALLOW)])
    if profile.programs:
        program += _when("socket", column, [_argument(0), (_JUMP_EQUAL, 1, 0, _AF_UNIX), (_RETURN, 0, 0, _DENY)])
    else:
        program += _when("socket", column, [(_RETURN, 0, 0, _DENY)])
        for absent in ("clone3", "openat2"):
            program += _when(absent, column, [(_RETURN, 0, 0, _ABSENT)])
        program += _when("clone", column, [_argument(0), (_JUMP_SET, 1, 0, _CLONE_THREAD), (_RETURN, 0, 0, _DENY)])
        if not profile.scratch:
            for name, position in (("open", 1), ("openat", 2)):
                program += _when(
                    name, column, [_argument(position), (_JUMP_SET, 0, 1, _WRITING), (_RETURN, 0, 0, _DENY)]
                )
    program.append((_RETURN, 0, 0, _ALLOW))
    return program


def _when(name: str, column: int, then: Sequence[Instruction]) -> list[Instruction]:
    """`then` for this call only; afterwards the call's number stands in the accumulator again, for the next test."""
    number = _CALLS[name][column]
    if number is None:
        return []
    body = [*then, (_LOAD, 0, 0, _NUMBER)]
    return [(_JUMP_EQUAL, 0, len(body), number), *body]


def _argument(position: int) -> Instruction:
    """The low half of an argument (both machines are little-endian; the flags tested fit in it)."""
    return (_LOAD, 0, 0, 16 + 8 * position)


def _argument_set(position: int) -> list[Instruction]:
    """Deny when this pointer is not null, in either half."""
    deny: Instruction = (_RETURN, 0, 0, _DENY)
    low: Instruction = (_LOAD, 0, 0, 16 + 8 * position)
    high: Instruction = (_LOAD, 0, 0, 20 + 8 * position)
    return [low, (_JUMP_EQUAL, 1, 0, 0), deny, high, (_JUMP_EQUAL, 1, 0, 0), deny]


def die_with_parent() -> None:
    """Be killed when the thread that started this process ends: a program must not outlive a server that was killed."""
    _libc.prctl(PR_SET_PDEATHSIG, 9, 0, 0, 0)
