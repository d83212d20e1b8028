"""Write docs/reference/ from the program's own lists: `reference.py`; with `--check`: status 1 when out of date."""

from __future__ import annotations

import os
import pkgutil
import sys
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference"
HEAD = "<!-- Written by script/reference.py: change the source, not this page. -->\n\n"


def findings_page() -> str:
    """Every finding: severity, sentence in both languages. Braces stand for what the finding fills in."""
    from jiangbang.papers.findings import CODES  # noqa: PLC0415 — after main has set the stage

    lines = [
        "# Findings\n",
        "From `src/jiangbang/papers/findings.py`. Codes are stable. `block`: the unit must mend it · `warn`: look at it "
        "· `note`: nothing to do. `quota.over_range` blocks where the unit's quota is hard.\n",
        "| code | severity | 中文 | English |",
        "| --- | --- | --- | --- |",
        *(f"| `{name}` | {code.severity} | {code.zh} | {code.en} |" for name, code in sorted(CODES.items())),
    ]
    return HEAD + "\n".join(lines) + "\n"


def register_page() -> str:
    """Every type of register entry and the facts that it may carry."""
    from django.utils.translation import override  # noqa: PLC0415 — after django.setup()

    from jiangbang.register.entry_types import ENTRY_TYPES  # noqa: PLC0415

    def rows() -> Iterator[str]:
        for name, kind in sorted(ENTRY_TYPES.items()):
            facts = " ".join(f"`{fact}`" for fact in sorted(kind.facts))
            yield f"| `{name}` | {kind.says} | {facts} |"

    with override("en"):
        lines = [
            "# Register entries\n",
            "From `src/jiangbang/register/entry_types.py`: the closed list. An entry carries these facts and no others; "
            "none is a personal value.\n",
            "| type | says | facts |",
            "| --- | --- | --- |",
            *rows(),
        ]
    return HEAD + "\n".join(lines) + "\n"


# in the order in which a dossier meets them; whatever serves them all comes last
WALK = (
    ("Recommendation", ("candidacy", "recommendation", "nomination")),
    ("Screening", ("screening",)),
    ("Expert review", ("review",)),
    ("Consultation", ("consultation",)),
    ("Decision of the leading group", ("decision",)),
    ("Public notice and objections", ("notice",)),
    ("Conferral", ("conferral",)),
    ("What follows", ("publicity", "benefits", "archive", "succession")),
    ("Personal data", ("privacy",)),
    ("The house", ("programme", "accounts", "outbox", "queue", "register", "web")),
)
# they start something when imported, or only call acts
NO_ACTS = {"__main__", "cli", "commands", "rehearsal", "wsgi"}


def acts_page() -> str:
    """Every act: the function, where it stands, and the entries that it may write."""
    import jiangbang  # noqa: PLC0415

    found: dict[str, list[tuple[str, int, str, tuple[str, ...]]]] = {}
    for module in pkgutil.walk_packages(jiangbang.__path__, "jiangbang."):
        if "migrations" in module.name or module.name.split(".")[1] in NO_ACTS:
            continue
        for name, value in vars(import_module(module.name)).items():
            types = getattr(value, "entry_types", None)
            if types and value.__module__ == module.name:
                place = (module.name, value.__wrapped__.__code__.co_firstlineno, name, types)
                found.setdefault(module.name.split(".")[1], []).append(place)
    lines = [
        "# Acts\n",
        "Every official change is one function decorated with `@act`: nothing else changes a state. Here they are in the order in "
        "which a dossier meets them, with the register entries that each may write ([register.md](register.md)).",
    ]
    for heading, packages in WALK:
        places = [place for package in packages for place in sorted(found.pop(package, []))]
        if places:
            lines += [f"\n## {heading}\n", "| act | in | entries |", "| --- | --- | --- |"]
            lines += [_act_row(*place) for place in places]
    assert not found, f"put these packages into WALK: {sorted(found)}"
    return HEAD + "\n".join(lines) + "\n"


def _act_row(module: str, _line: int, name: str, types: tuple[str, ...]) -> str:
    path = f"src/{module.replace('.', '/')}.py"
    entries = " ".join(f"`{one}`" for one in types)
    return f"| `{name}` | [{module.removeprefix('jiangbang.')}](../../{path}) | {entries} |"


def invariants_page() -> str:
    """Every rule that must hold of the data, and what to do where one is broken."""
    from jiangbang.commands.invariants import all_invariants  # noqa: PLC0415 — after django.setup()

    lines = [
        "# Invariants\n",
        "What must always hold of the data, over many rows, files and the register; what one row can show is a constraint of the "
        "database. Each package declares its own in `invariants.py`; `jiangbang doctor --invariants` asks them all.\n",
        "| name | says | where it is broken |",
        "| --- | --- | --- |",
        *(f"| `{one.name}` | {one.says} | {one.mend} |" for one in all_invariants()),
    ]
    return HEAD + "\n".join(lines) + "\n"


def main() -> int:
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(JIANGBANG_HOME=home, DJANGO_SETTINGS_MODULE="jiangbang.settings")
        import django  # noqa: PLC0415 — the settings read the environment

        django.setup()
        pages = {
            "findings.md": findings_page(),
            "register.md": register_page(),
            "acts.md": acts_page(),
            "invariants.md": invariants_page(),
        }
    stale = [name for name, text in pages.items() if not _same(FOLDER / name, text)]
    if "--check" in sys.argv:
        return 1 if stale else 0
    FOLDER.mkdir(exist_ok=True)
    for name in stale:
        (FOLDER / name).write_text(pages[name], "utf-8")
    return 0


def _same(path: Path, text: str) -> bool:
    return path.exists() and path.read_text("utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
