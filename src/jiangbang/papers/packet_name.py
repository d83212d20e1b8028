"""The convention for a packet's file name (L-3: `单位+数字工匠推荐`), and the unit that it names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from jiangbang.kernel.edition import EditionSpec, UnitSpec
from jiangbang.papers.findings import Finding

_ARCHIVE_ENDING = re.compile(r"\.(?:zip|rar|7z|tar|tar\.gz|tgz|tar\.bz2|tar\.xz)$", re.IGNORECASE)
# What systems and people append to a copy: (1), - 副本, _20230331, 最终版. Taken off one by one, so that no name costs time.
_COPY = re.compile(
    r"[-_]*(?:\([0-9]{1,2}\)|副本|copy|[0-9]{6,8}|(?:最终|终|修改|更正|补充|新)(?:版|稿)|v?[0-9])$", re.IGNORECASE
)
MAX_COPIES = 4
_SPACE = re.compile(r"\s+")


def without_endings(file_name: str) -> str:
    """The name without the endings of archives."""
    return _ARCHIVE_ENDING.sub("", file_name)


def named_unit(file_name: str, edition: EditionSpec) -> str | None:
    """The unit part of the file name, or None where the name does not follow the convention."""
    stem = _ARCHIVE_ENDING.sub("", _fold(file_name[-255:]))
    for _ in range(MAX_COPIES):
        stem = _COPY.sub("", stem)
    before, _, after = _fold(edition.packet_name).partition("{unit}")
    pattern = re.compile(rf"{re.escape(before)}(?P<unit>.+?){re.escape(after)}")
    match = pattern.fullmatch(stem)
    return match["unit"] if match else None


def find_unit(name: str, units: Sequence[UnitSpec]) -> UnitSpec | None:
    """The unit that this text names: by any of its names, else the only one whose name holds it or whose short name it holds."""
    wanted = _fold(name)
    for unit in units:
        if wanted in map(_fold, _names(unit)):
            return unit
    if len(wanted) < 2:
        return None
    near = [
        unit
        for unit in units
        if any(wanted in _fold(known) for known in _names(unit)) or _fold(unit.short_name) in wanted
    ]
    return near[0] if len(near) == 1 else None


def check_name(file_name: str, edition: EditionSpec, unit: UnitSpec | None) -> tuple[Finding, ...]:
    """`packet.name` where the convention is not kept or another unit than the sender is named."""
    if not file_name or "{unit}" not in edition.packet_name:
        return ()
    part = named_unit(file_name, edition)
    named = find_unit(part, edition.units) if part else None
    if part and (unit is None or (named is not None and named.code == unit.code) or _may_mean(part, unit)):
        return ()
    convention = edition.packet_name.replace("{unit}", unit.short_name if unit else "单位")
    return (Finding("packet.name", where=file_name, params={"name": file_name, "convention": convention}),)


def _may_mean(part: str, unit: UnitSpec) -> bool:
    """Where several units fit the text, the sender's own fitting is enough."""
    return any(part in _fold(name) or _fold(name) in part for name in _names(unit)) and not len(part) < 2


def _names(unit: UnitSpec) -> tuple[str, ...]:
    return (unit.name, unit.short_name, *unit.aliases)


def _fold(text: str) -> str:
    return _SPACE.sub("", unicodedata.normalize("NFKC", text)).replace("＋", "+").casefold()
