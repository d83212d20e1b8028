"""Messages as mail programs write them, as bytes."""

from __future__ import annotations

import base64
import io
import struct
import zipfile
import zlib

CRLF = b"\r\n"
Part = bytes


def zipped(*names: str) -> bytes:
    """A small archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names or ("a.txt",):
            archive.writestr(name, name * 10)
    return out.getvalue()


def office(kind: str = "word") -> bytes:
    """An archive with the directory of a Word (`word`) or Excel (`xl`) document."""
    return zipped("[Content_Types].xml", f"{kind}/document.xml")


def part(content: bytes, *fields: bytes, encoding: str = "base64") -> Part:
    """A part with these header fields."""
    body = base64.encodebytes(content).replace(b"\n", CRLF) if encoding == "base64" else content
    return CRLF.join([*fields, b"Content-Transfer-Encoding: " + encoding.encode(), b"", body])


def attached(content: bytes, name: str, kind: str = "application/octet-stream") -> Part:
    """An attachment whose name is ASCII or an encoded word."""
    plain = name if name.isascii() else f"=?utf-8?B?{base64.b64encode(name.encode()).decode()}?="
    return part(
        content, f"Content-Type: {kind}".encode(), f'Content-Disposition: attachment; filename="{plain}"'.encode()
    )


def text(content: str, kind: str = "plain") -> Part:
    return part(content.encode(), f"Content-Type: text/{kind}; charset=utf-8".encode())


def multipart(*parts: Part, kind: str = "mixed", boundary: str = "b1", more: str = "") -> Part:
    """Parts in one, with its own Content-Type in front."""
    line = b"--" + boundary.encode()
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"{more}'.encode()
    return CRLF.join([head, b"", *(line + CRLF + one for one in parts), line + b"--", b""])


def message(
    *parts: Part,
    sender: str = "张三 <office@union.example>".encode("ascii", "replace").decode(),
    subject: str = "packet",
    message_id: str = "<1@union.example>",
    more: tuple[str, ...] = (),
    raw: tuple[bytes, ...] = (),
) -> bytes:
    """A whole message: one part as its body, or several in a multipart/mixed."""
    fields = [f"From: {sender}", "To: <box@award.example>", f"Subject: {subject}", "MIME-Version: 1.0", *more]
    fields += [f"Message-ID: {message_id}"] if message_id else []
    body = parts[0] if len(parts) == 1 else multipart(*parts, boundary=f"b{zlib.crc32(b''.join(parts))}")
    return CRLF.join([*(field.encode() for field in fields), *raw, body])


def winmail(*files: tuple[bytes, bytes]) -> bytes:
    """A TNEF stream with attachments (name as raw bytes, content): MS-OXTNEF 2.1.3."""

    def attribute(level: int, kind: int, content: bytes) -> bytes:
        return struct.pack("<BII", level, kind, len(content)) + content + struct.pack("<H", sum(content) & 0xFFFF)

    out = struct.pack("<IH", 0x223E9F78, 1) + attribute(1, 0x00089006, struct.pack("<I", 0x10000))
    for name, content in files:
        out += attribute(2, 0x00069002, b"\0" * 14)
        out += attribute(2, 0x00018010, name + b"\0")
        out += attribute(2, 0x0006800F, content)
    return out


def compound(streams: dict[str, bytes]) -> bytes:
    """An OLE compound file with these streams (`folder/name`), each of 4,096 bytes at least: MS-CFB, version 3."""
    free, end, fat_sector = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    folders = sorted({name.rpartition("/")[0] for name in streams if "/" in name})
    entries = [("Root Entry", 5, "", b""), *((name, 1, "", b"") for name in folders)]
    entries += [(name.rpartition("/")[2], 2, name.rpartition("/")[0], content) for name, content in streams.items()]
    directory_sectors = -(-len(entries) // 4)
    fat, body, starts = [fat_sector], b"", []
    fat += [*range(2, 1 + directory_sectors), end]
    for _, _, _, content in entries:
        starts.append(len(fat) if content else 0)
        sectors = -(-len(content) // 512)
        fat += [*range(len(fat) + 1, len(fat) + sectors), end] if sectors else []
        body += content.ljust(sectors * 512, b"\0")
    assert len(fat) <= 128
    rows = b""
    for number, (name, kind, folder, content) in enumerate(entries):
        wide = name.encode("utf-16-le") + b"\0\0"
        within = [i for i, one in enumerate(entries) if i and one[2] == (name if kind == 1 else "") and one[1] != 5]
        inside = [i for i in within if kind == 5 or entries[i][2] == name]
        siblings = [i for i, one in enumerate(entries) if i > number and one[2] == folder and number]
        right = siblings[0] if siblings else free
        child = inside[0] if kind in (1, 5) and inside else free
        rows += wide.ljust(64, b"\0") + struct.pack("<HBBIII", len(wide), kind, 1, free, right, child)
        rows += b"\0" * 36 + struct.pack("<IQ", starts[number] if content else (end if kind == 5 else 0), len(content))
    rows = rows.ljust(directory_sectors * 512, b"\0")
    head = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 10
    head += struct.pack("<IIIIIIII", 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<109I", 0, *([free] * 108))
    table = struct.pack("<128I", *fat, *([free] * (128 - len(fat))))
    return head.ljust(512, b"\0") + table + rows + body


def msg(name: str, content: bytes, *, hidden: bool = False) -> bytes:
    """An Outlook message with one attachment: MS-OXMSG 2.2.2."""
    folder = "__attach_version1.0_#00000000"
    flags = b"\0" * 8 + struct.pack("<HHIQ", 0x000B, 0x7FFE, 6, int(hidden))
    return compound(
        {
            "__properties_version1.0": b"\0" * 4096,
            f"{folder}/__properties_version1.0": flags.ljust(4096, b"\0"),
            f"{folder}/__substg1.0_37010102": content.ljust(4096, b"\0"),
            f"{folder}/__substg1.0_3707001F": name.encode("utf-16-le").ljust(4096, b"\0"),
        }
    )
