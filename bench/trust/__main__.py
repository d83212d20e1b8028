"""Run the parts and print one table: figure, value, target."""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from pathlib import Path

from bench.__main__ import table
from bench.trust._figures import Figure


def names() -> list[str]:
    """The parts there are."""
    return sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_"))


def rows(figures: list[Figure]) -> list[dict[str, object]]:
    return [
        {
            "figure": one.name,
            "measured": "not measured" if one.value is None else f"{one.value:,.10g}",
            "target": str(one.target),
            "": "" if one.is_met else "MISSED",
        }
        for one in figures
    ]


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/trust", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"one of {', '.join(names())}; all without one")
    parts = parser.parse_args().parts or names()
    if unknown := set(parts) - set(names()):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(names())}")
    found: list[Figure] = []
    for name in parts:
        began = time.monotonic()
        print(f"· {name}", file=sys.stderr)
        found += importlib.import_module(f"bench.trust.{name}").figures()
        print(f"· {name}: {time.monotonic() - began:.0f} s", file=sys.stderr)
    print("\n".join(table(rows(found))))
    return 0 if all(one.is_met for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())
