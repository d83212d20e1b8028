"""The ways of ranking by name, apart from `kernel.ranking`: whoever only reads an edition need not load what computes one."""

from __future__ import annotations

from typing import Final, Literal

Method = Literal["mean", "trimmed", "calibrated"]
METHODS: Final[tuple[Method, ...]] = ("calibrated", "mean", "trimmed")
