"""What papers are read and made with: the sandbox, the programs and libraries beside ours, fonts, the front end's files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.conf import settings

from jiangbang.diagnosis.findings import Finding, fail, ok, warn
from jiangbang.papers import sandbox
from jiangbang.papers.bundles import have_libarchive
from jiangbang.papers.fonts import font_folders, lacking

# Each program by the names it goes by, what it is for, and how it is got.
PROGRAMS: Final = (
    (
        "tools.office",
        "LibreOffice",
        ("soffice", "libreoffice"),
        "papers that nothing else reads (.rtf, broken .doc) are held for a person",
        "apt install libreoffice-writer",
    ),
    ("tools.node", "Node", ("node", "nodejs"), "the oldest rar archives are held for a person", "apt install nodejs"),
)
SAMPLE: Final = "匠榜数字工匠"


def look_at_tools() -> Iterator[Finding]:
    """Everything that papers need. Starts one child of the sandbox."""
    yield from layers(sandbox.layers())
    for code, what, names, why, mend in PROGRAMS:
        path = next(filter(None, map(shutil.which, names)), None)
        yield ok(code, what, path) if path else warn(code, what, "missing", why=why, mend=mend)
    if have_libarchive():
        yield ok("tools.libarchive", "libarchive", "found")
    else:
        why = "7z and rar are read by slower fallbacks"
        yield warn("tools.libarchive", "libarchive", "missing", why=why, mend="apt install libarchive13")
    yield from typesetting()
    yield from front_end(Path(settings.NODE_MODULES))


def layers(there: dict[str, bool]) -> Iterator[Finding]:
    """The layers of protection that a reader of foreign papers gets."""
    if missing := [name for name, held in there.items() if not held]:
        yield warn(
            "tools.sandbox",
            "Sandbox",
            f"not available: {', '.join(missing)}",
            why="a hostile paper that breaks its reader meets one wall less",
            mend="let the service use namespaces, Landlock and seccomp (deploy/systemd, docs/deploy.md); a newer kernel has them",
        )
    else:
        yield ok("tools.sandbox", "Sandbox", ", ".join(there))


def typesetting() -> Iterator[Finding]:
    """Fonts for every common character, and the setter of papers."""
    mend = ".venv/bin/pip install --require-hashes -r requirements/base.txt"
    why = "letters, certificates and posters cannot be made"
    try:
        import typst  # noqa: F401, PLC0415 — whether it can be imported is the question

        absent = lacking(SAMPLE) if all(folder.is_dir() for folder in font_folders()) else list(SAMPLE)
    except (ImportError, OSError) as error:
        yield fail("tools.typesetting", "Typesetting", type(error).__name__, why=why, mend=mend)
        return
    if absent:
        yield fail("tools.fonts", "Fonts", f"no glyph for {''.join(absent)}", why=why, mend=mend)
    else:
        yield ok("tools.fonts", "Fonts", ", ".join(folder.name for folder in font_folders()))


def front_end(packages: Path) -> Iterator[Finding]:
    if (packages / "@tabler").is_dir():
        yield ok("tools.front_end", "Front-end packages", str(packages))
    else:
        yield fail(
            "tools.front_end",
            "Front-end packages",
            f"not in {packages}",
            why="pages come without style and script",
            mend="script/up fetches them; a wheel of script/wheel has them inside",
        )
