"""`jiangbang doctor --invariants`: every rule that must hold of the data, asked of the data."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING, Any

import click
from django.apps import apps
from django.utils.module_loading import module_has_submodule

from jiangbang.commands.speaking import print_json

if TYPE_CHECKING:
    from jiangbang.register.invariant import Invariant

# After so many offenders the rest is only counted.
LISTED = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule came to: how many break it, and the first of them."""

    rule: Invariant
    broken: int
    first: tuple[str, ...]
    seconds: float

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.rule.name,
            "says": self.rule.says,
            "holds": not self.broken,
            "broken": self.broken,
            "first": list(self.first),
            "mend": self.rule.mend if self.broken else "",
            "seconds": round(self.seconds, 3),
        }


def all_invariants() -> list[Invariant]:
    """Every rule that a package declares in its `invariants`, in the order in which a dossier walks through the packages."""
    found: list[Invariant] = []
    for app in apps.get_app_configs():
        if app.name.startswith("jiangbang.") and module_has_submodule(app.module, "invariants"):
            found += import_module(f"{app.name}.invariants").INVARIANTS
    return found


def look(rules: Sequence[Invariant]) -> list[Finding]:
    """Ask every rule. Reads only; what breaks it is said in words, at most five of each."""
    return [_asked(rule) for rule in rules]


def _asked(rule: Invariant) -> Finding:
    started = time.perf_counter()
    breaches = iter(rule.breaches())
    first = tuple(str(one) for one in islice(breaches, LISTED))
    broken = len(first) + sum(1 for _one in breaches)
    return Finding(rule, broken, first, time.perf_counter() - started)


def report(findings: Sequence[Finding], *, as_json: bool) -> int:
    """Print what was found; 1 when a rule is broken."""
    if as_json:
        print_json([one.as_json() for one in findings])
    else:
        for one in findings:
            click.echo(f"{'✗' if one.broken else '✓'} {one.rule.name}: {one.rule.says}")
            if one.broken:
                more = "…" if one.broken > len(one.first) else ""
                click.echo(f"    {one.broken}: {'; '.join(one.first)}{more}\n    → {one.rule.mend}")
    return int(any(one.broken for one in findings))
