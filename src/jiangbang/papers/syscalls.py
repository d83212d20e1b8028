"""The list of system calls that a child may no longer make, as a seccomp-BPF program.

A list of denials, not of permissions: the parsers' own calls differ from one C library to the next, and a filter that kills good papers
would be switched off. Sources: seccomp(2); the kernel's `linux/filter.h`, `asm/unistd_64.h` (x86_64) and `asm-generic/unistd.h` (aarch64).
"""

from __future__ import annotations

import os
import platform
import struct
from collections.abc import Sequence

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

_NEVER = """
ptrace process_vm_readv process_vm_writev pidfd_open pidfd_send_signal pidfd_getfd setsid setpgid setrlimit
mount umount2 pivot_root chroot open_tree move_mount fsopen fsmount unshare setns bpf perf_event_open
userfaultfd io_uring_setup io_uring_enter io_uring_register add_key request_key keyctl init_module finit_module
delete_module kexec_load reboot swapon swapoff open_by_handle_at sethostname settimeofday clock_settime acct
quotactl syslog mknod mknodat
""".split()  # noqa: SIM905 - a list to be read
_NOT_WHILE_READING = """
socketpair connect bind listen accept accept4 sendto sendmsg sendmmsg fork vfork execve execveat kill tkill
""".split()  # noqa: SIM905 - a list to be read
_NOT_WITHOUT_SCRATCH = """
creat truncate rename renameat renameat2 link linkat symlink symlinkat unlink unlinkat mkdir mkdirat rmdir chmod
fchmod fchmodat chown fchown fchownat lchown utimensat setxattr lsetxattr fsetxattr
""".split()  # noqa: SIM905 - a list to be read

_LOAD, _JUMP_EQUAL, _JUMP_SET, _JUMP_GREATER, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_DENY, _ABSENT = 0x00050000 | 1, 0x00050000 | 38  # EPERM; ENOSYS, so that the C library falls back to the older call
_NUMBER, _ARCH = 0, 4
_AF_UNIX = 1
_CLONE_THREAD = 0x00010000
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_X32 = 0x40000000

Instruction = tuple[int, int, int, int]


def program(*, programs: bool, scratch: bool) -> bytes | None:
    """The packed filter for this machine; None where its calls are not known.

    `programs`: it may start processes and open local sockets. `scratch`: it may write files (Landlock says where).
    """
    machine = platform.machine()
    if machine not in _AUDIT_ARCH:
        return None
    instructions = _filter(programs, scratch, 0 if machine == "x86_64" else 1, _AUDIT_ARCH[machine])
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in instructions)


def _filter(programs: bool, scratch: bool, column: int, arch: int) -> list[Instruction]:
    made: list[Instruction] = [(_LOAD, 0, 0, _ARCH), (_JUMP_EQUAL, 1, 0, arch), (_RETURN, 0, 0, _KILL)]
    made.append((_LOAD, 0, 0, _NUMBER))
    if column == 0:
        made += [(_JUMP_GREATER, 0, 1, _X32), (_RETURN, 0, 0, _KILL)]
    denied = list(_NEVER)
    if not programs:
        denied += _NOT_WHILE_READING
    if not scratch:
        denied += _NOT_WITHOUT_SCRATCH
    for name in denied:
        made += _when(name, column, [(_RETURN, 0, 0, _DENY)])
    made += _when("prlimit64", column, [*_argument_set(2), (_RETURN, 0, 0, _ALLOW)])
    if programs:
        made += _when("socket", column, [_argument(0), (_JUMP_EQUAL, 1, 0, _AF_UNIX), (_RETURN, 0, 0, _DENY)])
    else:
        made += _when("socket", column, [(_RETURN, 0, 0, _DENY)])
        for absent in ("clone3", "openat2"):
            made += _when(absent, column, [(_RETURN, 0, 0, _ABSENT)])
        made += _when("clone", column, [_argument(0), (_JUMP_SET, 1, 0, _CLONE_THREAD), (_RETURN, 0, 0, _DENY)])
        if not scratch:
            for name, position in (("open", 1), ("openat", 2)):
                made += _when(name, column, [_argument(position), (_JUMP_SET, 0, 1, _WRITING), (_RETURN, 0, 0, _DENY)])
    made.append((_RETURN, 0, 0, _ALLOW))
    return made


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
