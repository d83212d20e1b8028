"""The fonts that papers are set in: where they lie, and whether they have a glyph for a character.

Noto Serif SC and Noto Sans SC come as one package; both have 𬱖 and 䶮, and each stands in for what the other lacks. What both lack is not
left to chance: `printable` puts 〓, the printer's sign for a missing sort, and `lacking` says before printing which characters are meant.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from pylopdf_fonts_zh_cn import sans_path, serif_path

SERIF: Final = "Noto Serif SC"
SANS: Final = "Noto Sans SC"
MISSING: Final = "〓"
# What breaks lines or joins letters and needs no glyph.
_UNSEEN: Final = frozenset("\n\t\u200c\u200d\ufe0e\ufe0f")


def font_folders() -> list[Path]:
    """The folders that hold the fonts, and nothing else."""
    return sorted({Path(sans_path()).parent, Path(serif_path()).parent})


def lacking(text: str) -> list[str]:
    """The characters that neither font has a glyph for, each once, in order."""
    return [one for one in dict.fromkeys(text) if one not in _UNSEEN and not _has(ord(one))]


def printable(text: str) -> str:
    """The text with 〓 for what cannot be printed: control characters are left out."""
    kept = "".join(one for one in text if one in "\n\t" or (ord(one) >= 32 and not 0x7F <= ord(one) < 0xA0))
    for one in lacking(kept):
        kept = kept.replace(one, MISSING)
    return kept


@lru_cache(maxsize=1 << 16)
def _has(code: int) -> bool:
    for path in (sans_path(), serif_path()):
        starts, ends = _ranges(str(path))
        place = bisect_right(starts, code) - 1
        if place >= 0 and code <= ends[place]:
            return True
    return False


@cache
def _ranges(path: str) -> tuple[list[int], list[int]]:
    """The ranges of characters in a font's `cmap` of format 12 (all of Unicode): where they start, and where they end."""
    font = Path(path).read_bytes()
    count = struct.unpack_from(">H", font, 4)[0]
    tables = {font[at : at + 4]: struct.unpack_from(">L", font, at + 8)[0] for at in range(12, 12 + 16 * count, 16)}
    cmap = tables[b"cmap"]
    encodings = struct.unpack_from(">H", font, cmap + 2)[0]
    for number in range(encodings):
        table = cmap + struct.unpack_from(">L", font, cmap + 4 + 8 * number + 4)[0]
        if struct.unpack_from(">H", font, table)[0] == 12:
            groups = struct.unpack_from(">L", font, table + 12)[0]
            rows = [struct.unpack_from(">LL", font, table + 16 + 12 * group) for group in range(groups)]
            return [start for start, _end in rows], [end for _start, end in rows]
    raise ValueError(f"{path} has no table of all characters")
