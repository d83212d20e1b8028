"""May this person stand? From the clauses' verdicts, and what people ruled on them, to one answer with its reasons.

A clause is decided by its facts; a person may rule otherwise and says why. A ruling rests on the facts that the clause read: when
one of those changes, the ruling is stale and the clause is open again; other clauses stay as they are.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from jiangbang.kernel.clauses import Clause, ClauseError, Verdict
from jiangbang.kernel.edition import ClauseSpec

Ruled = Literal["met", "not_met", "open", "waived"]
Answer = Literal["eligible", "not_eligible", "open"]


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a person decided on a clause. `open` asks for evidence. `rests_on` is `fingerprint` of the facts as they were then."""

    clause: str
    value: Ruled
    rests_on: str


@dataclass(frozen=True, slots=True)
class Standing:
    """One clause as it stands. `stale`: a person ruled on it, and a fact that it reads has changed since."""

    clause: str
    automatic: Verdict
    value: Ruled
    ruled: bool
    stale: bool

    @property
    def holds(self) -> bool:
        """Whether the clause no longer stands in the way."""
        return self.value in ("met", "waived")


@dataclass(frozen=True, slots=True)
class Eligibility:
    """The answer, and the clauses that it rests on: those that fail, or those that are still open."""

    answer: Answer
    because: tuple[str, ...]


class NotWaivable(ValueError):
    """A ruling waives a clause that the letter does not say "in principle" or "generally" of."""


def fingerprint(verdict: Verdict, facts: Mapping[str, object]) -> str:
    """What a ruling rests on: a digest of the verdict and of the facts that it read. Hex, 64 characters."""
    read = {key: facts.get(key) for key in verdict.read}
    said = json.dumps([verdict.value, read], ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()


def evaluate(clause: Clause, facts: Mapping[str, object]) -> Verdict:
    """The clause over the facts. One that cannot be evaluated decides nothing: it is open, and a person sees it."""
    try:
        return clause.evaluate(facts)
    except ClauseError:
        return Verdict("open", clause.names, ())


def standing(spec: ClauseSpec, verdict: Verdict, facts: Mapping[str, object], ruling: Ruling | None) -> Standing:
    """The clause as it stands under the newest ruling on it, if any. Raises NotWaivable."""
    if ruling is None:
        return Standing(spec.code, verdict, verdict.value, ruled=False, stale=False)
    if ruling.value == "waived" and not spec.waivable:
        raise NotWaivable(spec.code)
    if ruling.rests_on != fingerprint(verdict, facts):
        # what the person saw is not what stands there now
        value: Ruled = "open" if ruling.value != "open" else verdict.value
        return Standing(spec.code, verdict, value, ruled=True, stale=True)
    return Standing(spec.code, verdict, ruling.value, ruled=True, stale=False)


def eligibility(specs: Sequence[ClauseSpec], standings: Sequence[Standing]) -> Eligibility:
    """The answer of all clauses together. L-2: every general clause, no exclusion, and one of the one-of clauses.

    Not eligible when a clause fails that nothing can outweigh; open while a clause is open that the answer hangs on. An open
    one-of clause does not matter once another is met.
    """
    kinds = {spec.code: spec.kind for spec in specs}
    each = [one for one in standings if kinds[one.clause] != "one_of"]
    one_of = [one for one in standings if kinds[one.clause] == "one_of"]
    satisfied = not one_of or any(one.holds for one in one_of)
    failed = [one.clause for one in each if one.value == "not_met"]
    open_ones = [one.clause for one in each if one.value == "open"]
    if not satisfied:
        undecided = [one.clause for one in one_of if one.value == "open"]
        open_ones += undecided
        failed += [] if undecided else [one.clause for one in one_of]
    if failed:
        return Eligibility("not_eligible", tuple(failed))
    return Eligibility("open" if open_ones else "eligible", tuple(open_ones))
