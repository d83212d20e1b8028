"""The header of a message, or of a part of one, as mailers really write it.

Names of attachments come in GB 18030 without any label, in encoded words (RFC 2047) cut in the middle of a character or labelled
with another character set than they are in, and in continued parameters (RFC 2231). Everything is decoded here; nothing raises.
"""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import unquote_to_bytes

from jiangbang.papers.archive import decode_names, normal_path, printable

# A part's header may hold long lists of recipients; what is longer than this is no header.
HEADER_MAX = 256 * 1024
VALUE_MAX = 8 * 1024
_CJK = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_FIELD = re.compile(rb"([!-9;-~]{1,80})[ \t]*:[ \t]*(.*)", re.DOTALL)
_FOLD = re.compile(rb"\r?\n[ \t]+")
_BLANK = re.compile(rb"\r?\n\r?\n|\r\r")

_GB = {"gb2312", "gbk", "gb18030", "x-gbk", "cp936", "gb_2312-80", "euc-cn", "hz-gb-2312"}
_NO_LABEL = {
    "", "us-ascii", "ascii", "iso-8859-1", "latin1", "windows-1252", "unknown-8bit", "default", "default_charset", "binary",
}  # fmt: skip
# Text encodings that mails are written in; Python knows others that are no such thing (idna, unicode_escape).
_KNOWN = re.compile(
    r"utf-(?:7|8|16(?:le|be)?)|big5(?:-?hkscs)?|iso-8859-\d{1,2}|windows-125\d|koi8-[ru]|euc-(?:jp|kr|tw)|shift_jis|iso-2022-(?:jp|kr)"
)
_CODECS = {"big5": "big5hkscs", "big5-hkscs": "big5hkscs"}


@dataclass(frozen=True, slots=True)
class Headers:
    """Fields in their order: lower-case name, raw value with its folds taken out."""

    fields: tuple[tuple[str, bytes], ...]

    def raw(self, name: str) -> list[bytes]:
        return [value for field, value in self.fields if field == name]

    def text(self, name: str) -> str:
        """The first field of this name, decoded; empty where there is none."""
        values = self.raw(name)
        return decode_words(decode_raw(values[0][:VALUE_MAX])).strip() if values else ""

    def parameters(self, name: str) -> tuple[str, dict[str, str]]:
        """The first field of this name as a lower-case value and its parameters."""
        values = self.raw(name)
        return parse_parameters(decode_raw(values[0][:VALUE_MAX])) if values else ("", {})

    @property
    def media_type(self) -> tuple[str, dict[str, str]]:
        """`text/plain` where none is given or what is given is none."""
        kind, parameters = self.parameters("content-type")
        return (kind if "/" in kind else "text/plain"), parameters

    @property
    def file_name(self) -> str:
        """The name that the part's content has as a file, without any folder; empty where it has none."""
        _, disposition = self.parameters("content-disposition")
        _, kind = self.media_type
        for found in (disposition.get("filename"), disposition.get("name"), kind.get("name"), kind.get("filename")):
            if found and found.strip(". /\\"):
                return last_name(found)
        return ""


def split_headers(block: bytes) -> Headers:
    """The fields of a header block. Lines that are no field are passed over: an mbox's first line, a gateway's remark."""
    found = []
    for line in _FOLD.sub(b" ", block.replace(b"\r\r\n", b"\n")).split(b"\n"):
        match = _FIELD.fullmatch(line.rstrip(b"\r"))
        if match:
            found.append((match[1].decode("ascii").lower(), match[2].strip()))
    return Headers(tuple(found))


def end_of_headers(data: bytes) -> int:
    """Where the body begins: behind the first blank line; at the end where there is none."""
    if data.startswith((b"\n", b"\r\n")):
        return data.index(b"\n") + 1
    blank = _BLANK.search(data)
    return blank.end() if blank else len(data)


# --- character sets ---------------------------------------------------------------------------------------------------


def decode_raw(raw: bytes) -> str:
    """Bytes without a label: UTF-8 where they are, else GB 18030.

    >>> decode_raw("滨江".encode("gbk")), decode_raw("滨江".encode())
    ('滨江', '滨江')
    """
    return decode_names([raw])[0]


def decode_labelled(raw: bytes, label: str) -> str:
    """Bytes with a label that may be wrong: mail programs label GB 18030 as UTF-8 and the other way round.

    >>> decode_labelled("推荐表".encode("gbk"), "utf-8"), decode_labelled("推荐表".encode(), "gb2312")
    ('推荐表', '推荐表')
    """
    name = label.strip("\"' ").partition("*")[0].lower().replace("_", "-")
    name = {"utf8": "utf-8", "gb-2312-80": "gb2312", "shift-jis": "shift_jis"}.get(name, name)
    if name in _NO_LABEL:
        return decode_raw(raw)
    if name == "hz-gb-2312":
        return raw.decode("hz", "replace")
    if name in _GB:
        # few GB texts are valid UTF-8, and hardly one of them gives Chinese
        text = _strictly(raw, "utf-8")
        return text if text is not None and _CJK.search(text) else raw.decode("gb18030", "replace")
    if _KNOWN.fullmatch(name):
        text = _strictly(raw, _CODECS.get(name, name))
        if text is not None:
            return text
    return decode_raw(raw)


def _strictly(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except (UnicodeError, LookupError):
        return None


_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")


def decode_words(text: str) -> str:
    """RFC 2047 encoded words. Neighbours of one character set are joined before decoding: many mailers cut characters apart.

    >>> decode_words("=?gb2312?B?sfW9?= =?gb2312?B?rQ==?= a")
    '滨江 a'
    """
    if "=?" not in text:
        return text
    out: list[str] = []
    run: list[tuple[str, str, str]] = []
    at = 0
    for match in _WORD.finditer(text):
        between = text[at : match.start()]
        label = match[1].lower()
        if run and (between.strip() or run[-1][0] != label):
            out.append(_decode_run(run))
            run = []
            out.append(between if between.strip() else "")
        elif not run:
            out.append(between)
        run.append((label, match[2].upper(), match[3]))
        at = match.end()
    if run:
        out.append(_decode_run(run))
    return "".join(out) + text[at:]


def _decode_run(run: list[tuple[str, str, str]]) -> str:
    return decode_labelled(b"".join(_bytes_of(run)), run[0][0])


def _bytes_of(run: list[tuple[str, str, str]]) -> Iterator[bytes]:
    """The bytes of neighbouring words; base64 that was cut anywhere is joined first."""
    waiting = ""
    for _, encoding, content in run:
        if encoding == "Q":
            yield quopri.decodestring(content.encode("utf-8", "replace"), header=True)
            continue
        waiting += re.sub(r"[^A-Za-z0-9+/=]", "", content)
        if len(waiting) % 4 == 0 or "=" in waiting:
            yield decode_base64(waiting.encode())
            waiting = ""
    yield decode_base64(waiting.encode())


NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))


def decode_base64(content: bytes) -> bytes:
    """Base64 up to its padding, whatever stands between and behind it."""
    letters = content.partition(b"=")[0].translate(None, NOT_BASE64)
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


# --- parameters -------------------------------------------------------------------------------------------------------

_PARAMETER = re.compile(r";?\s*([^\s=;*]{1,60})(\*\d{1,3})?(\*)?\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"?|([^;]*))", re.DOTALL)


def parse_parameters(text: str) -> tuple[str, dict[str, str]]:
    """`value; name=text; name*=charset'lang'text; name*0="…"; name*1*=…`, decoded (RFC 2045, 2231; RFC 2047 where it should not be).

    >>> parse_parameters('attachment; filename*0*=gbk\\'\\'%B1%F5; filename*1*=%BD%AD; filename*2=".zip"')
    ('attachment', {'filename': '滨江.zip'})
    """
    value, _, rest = text.partition(";")
    pieces: dict[str, dict[int, tuple[bool, str]]] = {}
    plain: dict[str, str] = {}
    for match in _PARAMETER.finditer(rest[:VALUE_MAX]):
        name, number, extended, quoted, bare = match.groups()
        content = re.sub(r"\\([\"\\])", r"\1", quoted) if quoted is not None else bare.strip()
        if number or extended:
            pieces.setdefault(name.lower(), {}).setdefault(int(number[1:]) if number else 0, (bool(extended), content))
        else:
            plain.setdefault(name.lower(), _decode_plain(content))
    joined = {name: _join(dict(sorted(parts.items()))) for name, parts in pieces.items()}
    return value.strip().lower(), {**plain, **joined}


def _join(parts: dict[int, tuple[bool, str]]) -> str:
    label, out, waiting = "", [], b""
    for position, (number, (extended, content)) in enumerate(parts.items()):
        if not extended:
            out.append(decode_labelled(waiting, label) + decode_words(content))
            waiting = b""
            continue
        if position == 0 and number == 0 and content.count("'") >= 2:
            label, _, content = content.split("'", 2)
        waiting += unquote_to_bytes(content)
    return "".join(out) + decode_labelled(waiting, label)


def _decode_plain(content: str) -> str:
    """A plain parameter: encoded words do not belong here and are common; some web mailers write it percent-encoded."""
    if "=?" in content:
        return decode_words(content)
    if re.search(r"%[0-9A-Fa-f]{2}", content) and content.isascii():
        text = _strictly(unquote_to_bytes(content), "utf-8")
        if text is not None and _CJK.search(text):
            return text
    return content


def last_name(name: str) -> str:
    """A file's name without folders, fit to be shown and stored."""
    return printable(normal_path(printable(name)).rsplit("/", 1)[-1].strip())[-200:]


# --- people and times -------------------------------------------------------------------------------------------------

_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|\((?:[^()\\]|\\.)*\)")
_ANGLE = re.compile(r"<\s*([^<>\s@]{1,64}@[^<>\s@]{1,255})\s*>")
_BARE = re.compile(r"(?<![^\s,;:])([^<>\s@,;:\"()]{1,64}@[^<>\s@,;:\"()]{1,255})(?![^\s,;])")


def one_address(headers: Headers, name: str) -> str:
    """The one address of a field in lower case; empty where there is none or where there are several: nobody guesses who wrote.

    Read before encoded words are decoded, so that a name cannot pass for an address.
    """
    values = headers.raw(name)
    if len(values) != 1:
        return ""
    text = _QUOTED.sub(" ", decode_raw(values[0][:VALUE_MAX]))
    found = _ANGLE.findall(text) or _BARE.findall(text)
    return str(found[0]).lower().rstrip(".") if len(set(found)) == 1 else ""


def shown_name(headers: Headers, name: str) -> str:
    """The name beside the address, for people to read."""
    text = headers.text(name)
    return printable(_ANGLE.sub("", text).strip(" \"'"))[:100] if text else ""


def sent_at(headers: Headers) -> str | None:
    """What the `Date` field claims, in ISO form; None where it is none. Never believed, only shown."""
    values = headers.raw("date")
    try:
        return parsedate_to_datetime(values[0][:100].decode("ascii")).isoformat() if values else None
    except (ValueError, TypeError, IndexError, OverflowError, UnicodeError):
        return None
