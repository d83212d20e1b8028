"""Run the benchmarks: `python -m bench [NAME …]`, or `script/bench [NAME …]`.

A benchmark is a module in this folder with `run() -> dict`: measured values by name, nested as it likes; a list of
dicts becomes a table. Its docstring's first line is its title. Each result is printed and kept, with the machine that
it was measured on, in `bench/results/<name>-<date>.json`: compare ratios within one file, not times between machines.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
RESULTS = FOLDER / "results"
# the versions that decide what is measured
PACKAGES = ("django", "lxml", "python-docx", "docx2python", "docxtpl", "openpyxl", "python-calamine", "xlsxwriter")


def names() -> list[str]:
    """The benchmarks there are. Modules that begin with an underscore are only imported by others."""
    return sorted(path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_"))


def machine() -> dict[str, Any]:
    """What this machine is: without it a time means nothing."""
    return {
        "cpu": cpu_model(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "load_before": os.getloadavg()[0],
        "packages": versions(),
        "commit": commit(),
    }


def cpu_model() -> str:
    """The processor's name as the system gives it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    for key in ("model name", "Model", "CPU part"):
        for line in lines:
            if line.startswith(key):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def commit() -> str:
    """The commit that was measured; `+` where the tree differed from it."""
    head = _git("rev-parse", "--short=12", "HEAD")
    return head + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "")


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", "-C", FOLDER, *arguments], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def table(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Rows of equal keys as an aligned table; numbers to the right."""
    keys = list(dict.fromkeys(key for row in rows for key in row))
    cells = [[shown(row.get(key)) for key in keys] for row in rows]
    widths = [max(len(line[at]) for line in [keys, *cells]) for at in range(len(keys))]
    yield "  ".join(key.ljust(width) for key, width in zip(keys, widths, strict=True)).rstrip()
    for row, line in zip(rows, cells, strict=True):
        right = [isinstance(row.get(key), int | float) for key in keys]
        padded = (
            text.rjust(width) if number else text.ljust(width)
            for text, width, number in zip(line, widths, right, strict=True)
        )
        yield "  ".join(padded).rstrip()


def shown(value: Any) -> str:
    """Three significant figures are all that a benchmark knows."""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return "" if value is None else str(value)


def lines_of(result: dict[str, Any], depth: int = 0) -> Iterator[str]:
    """A result as readable lines."""
    indent = "  " * depth
    for key, value in result.items():
        if isinstance(value, dict):
            yield f"{indent}{key}"
            yield from lines_of(value, depth + 1)
        elif isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
            yield f"{indent}{key}"
            yield from (f"{indent}  {line}" for line in table(value))
        else:
            yield f"{indent}{key}: {shown(value)}"


def measure(name: str) -> dict[str, Any]:
    """Run one benchmark, print it and keep it. Returns what was kept."""
    module = importlib.import_module(f"bench.{name}")
    title = (module.__doc__ or name).strip().splitlines()[0]
    print(f"\n{name} — {title}", flush=True)
    described, started = machine(), time.perf_counter()
    result = module.run()
    kept = {
        "benchmark": name,
        "title": title,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(time.perf_counter() - started, 1),
        "machine": described,
        "result": result,
    }
    for line in lines_of(result, 1):
        print(line)
    keep(kept)
    return kept


def keep(kept: dict[str, Any]) -> Path:
    """Write one result beside the earlier ones, whole or not at all."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{kept['benchmark']}-{kept['date'][:10]}.json"
    draft = path.with_suffix(".part")
    draft.write_text(json.dumps(kept, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return draft.replace(path)


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/bench", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("name", nargs="*", help="which to run; all without")
    parser.add_argument("--list", action="store_true", help="only say which there are")
    options = parser.parse_args()
    known = names()
    if options.list:
        print("\n".join(known))
        return 0
    if unknown := [name for name in options.name if name not in known]:
        print(f"No benchmark named {', '.join(unknown)}; there are: {', '.join(known) or 'none'}.", file=sys.stderr)
        return 2
    described = machine()
    print(
        f"{described['cpu']}, {described['cores']} cores, {described['memory_gib']} GiB, Python {described['python']}"
    )
    for name in options.name or known:
        measure(name)
    print(f"\nKept in {RESULTS.relative_to(FOLDER.parent)}/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
