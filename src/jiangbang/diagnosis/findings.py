"""One line of the doctor's report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` is stable; `why` and `mend` stand with everything that is not well: why it matters, and the command or line that mends it."""

    code: str
    what: str
    level: Level
    state: str
    why: str = ""
    mend: str = ""

    def as_json(self) -> dict[str, object]:
        """`well` and `needed` say the level once more, for scripts that ask yes or no."""
        return {
            "code": self.code,
            "what": self.what,
            "level": self.level,
            "state": self.state,
            "why": self.why,
            "mend": self.mend,
            "well": self.level == "ok",
            "needed": self.level != "warn",
        }


def ok(code: str, what: str, state: str) -> Finding:
    return Finding(code, what, "ok", state)


def warn(code: str, what: str, state: str, *, why: str, mend: str) -> Finding:
    """Something that works worse than it could, or will soon fail."""
    return Finding(code, what, "warn", state, why, mend)


def fail(code: str, what: str, state: str, *, why: str, mend: str) -> Finding:
    """Something that the house cannot be run with as it should."""
    return Finding(code, what, "fail", state, why, mend)
