"""A rehearsed edition, stopped before each act that must not be lost; there the act is tried again and again while faults happen to it.

    python -m bench.faults.campaign KILLS DISKS RESTARTS SEED [DOSSIERS [ACT …]]

Each number is for all acts together, on the database of this process. Prints one JSON object.
"""

from __future__ import annotations

import contextlib
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.faults.attempts import Fault, attempt
from bench.faults.databases import Snapshot, restart

ACTS = ("receive", "sign", "vote", "publish", "confer")
DOSSIERS = 30
# Killed so often in a row, the act is let through, or a slow machine would never see its end.
PATIENCE = 8
# So many rounds for each fault asked for, at most: the run ends.
ROUNDS = 10
# Until so many seconds after a fault the house has to do the same act.
RECOVERY = 10.0
Act = Callable[[], object]


@dataclass
class Tally:
    """What was counted. `effect`s: 0 not done, 1 done whole, anything else is half done or done twice."""

    counts: Counter[str] = field(default_factory=Counter)
    broken: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0

    def as_json(self) -> dict[str, Any]:
        return {
            **self.counts,
            "acknowledged and lost": self.counts["lost"],
            "done twice or by half": self.counts["uneven"],
            "invariants broken": sorted(self.broken),
            "slowest recovery, s": round(self.slowest, 2),
            "wrong": self.wrong[:10],
        }


class Enough(Exception):
    """Every act was tried: the rehearsal need not go on."""


class Campaign:
    """Tries the faults at each act that the rehearsal comes to; the rehearsal then goes on as if nothing had been."""

    def __init__(self, kills: int, disks: int, restarts: int, seed: int, acts: Sequence[str] = ACTS) -> None:
        from django.db import connection

        self.acts, sqlite = acts, connection.vendor == "sqlite"
        self.kills = -(-kills // len(acts))
        self.disks = -(-disks // len(acts)) if sqlite else 0
        self.restarts = 0 if sqlite else -(-restarts // len(acts))
        self.lot, self.tally = random.Random(seed), Tally()
        self.done: set[str] = set()

    def at(self, name: str, act: Act, effect: Callable[[], int]) -> None:
        """Try every fault at this act, the first time that it is met."""
        if name in self.done or name not in self.acts:
            return
        self.done.add(name)
        snapshot = Snapshot()
        took = self._measured(snapshot, name, act, effect)
        for kind, times, fault in (
            ("kills", self.kills, lambda: Fault(kill_after=self.lot.uniform(0, took * 1.05))),
            ("full disks", self.disks, lambda: Fault(file_size=int(self.lot.uniform(4096, 400_000)))),
            ("restarts", self.restarts, lambda: Fault(strike=restart, strike_after=self.lot.uniform(0, took))),
        ):
            what = f"{kind}: {name}"
            # whoever was quicker than the fault does not count
            for _round in range(times * ROUNDS):
                if self.tally.counts[what] >= times:
                    break
                with snapshot.restored():
                    self._round(what, act, effect, fault)
        print(f"· {name}: {took * 1000:.0f} ms, {dict(self.tally.counts)}", file=sys.stderr)
        if self.done >= set(self.acts):
            raise Enough

    def _measured(self, snapshot: Snapshot, name: str, act: Act, effect: Callable[[], int]) -> float:
        """How long the act takes undisturbed."""
        with snapshot.restored():
            seen = attempt(act, Fault(), self.lot)
            if seen.answer != "A" or effect() != 1:
                raise SystemExit(f"{name} is not done undisturbed: {seen}")
        return seen.seconds

    def _round(self, what: str, act: Act, effect: Callable[[], int], fault: Callable[[], Fault]) -> None:
        """Faults until the act is through, or patience ends; then the same act once more, and everything is looked at."""
        for _turn in range(PATIENCE):
            seen = attempt(act, fault(), self.lot)
            self._count(what, seen.killed or not what.startswith("kills"))
            if self._effect(what, effect, acknowledged=seen.answer == "A") == 1:
                break
        started = time.monotonic()
        seen = self._recovered(act)
        self.tally.slowest = max(self.tally.slowest, time.monotonic() - started)
        if seen.answer not in "AR" or not seen.answer:
            self.tally.wrong.append(f"{what}: not recovered: {seen.error}")
        self._effect(what, effect, acknowledged=True)
        self._look()

    def _recovered(self, act: Act) -> Any:
        """The act again, as often as ten seconds allow: a database that starts up is not there at once."""
        ends = time.monotonic() + RECOVERY
        while True:
            seen = attempt(act, Fault(), self.lot)
            if seen.answer in ("A", "R") or time.monotonic() > ends:
                return seen
            time.sleep(0.1)

    def _count(self, what: str, happened: bool) -> None:
        self.tally.counts["attempts at a wrong clock"] += 1
        if happened:
            self.tally.counts[what] += 1
            self.tally.counts[what.partition(":")[0]] += 1

    def _effect(self, what: str, effect: Callable[[], int], *, acknowledged: bool) -> int:
        found = self._patiently(effect)
        if found not in (0, 1):
            self.tally.counts["uneven"] += 1
            self.tally.wrong.append(f"{what}: effect {found}")
        if acknowledged and found == 0:
            self.tally.counts["lost"] += 1
            self.tally.wrong.append(f"{what}: lost")
        return found

    def _patiently(self, effect: Callable[[], int]) -> int:
        from django.db import OperationalError, connections

        ends = time.monotonic() + RECOVERY
        while True:
            try:
                return effect()
            except OperationalError:
                connections.close_all()
                if time.monotonic() > ends:
                    raise
                time.sleep(0.1)

    def _look(self) -> None:
        from jiangbang.commands.invariants import all_invariants, look

        self.tally.counts["looks at all invariants"] += 1
        self.tally.broken |= {one.rule.name for one in look(all_invariants()) if one.broken}


def run(campaign: Campaign, dossiers: int = DOSSIERS) -> None:
    """Rehearse an edition; the campaign stands before each of its acts."""
    from bench.faults.moments import standing_before
    from jiangbang.rehearsal.whole import rehearse_programme

    with contextlib.suppress(Enough), standing_before(campaign.at):
        rehearse_programme(dossiers=dossiers, seed=7, say=lambda _said: None, until="conferral")
    if missed := set(campaign.acts) - campaign.done:
        raise SystemExit(f"the rehearsal never came to {', '.join(sorted(missed))}")


def main() -> None:
    from jiangbang.commands.ready import make_ready

    make_ready()
    kills, disks, restarts, seed, dossiers = (int(one) for one in (*sys.argv[1:6], DOSSIERS)[:5])
    campaign = Campaign(kills, disks, restarts, seed, sys.argv[6:] or ACTS)
    run(campaign, dossiers)
    sys.stdout.write(json.dumps(campaign.tally.as_json(), ensure_ascii=False))


if __name__ == "__main__":
    main()
